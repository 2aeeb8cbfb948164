"""What a release must be like beside the last one of its profile. A row is a `Step` of one task and split.

Rows, labels and lengths count, not samples: a changed reader, clean-up or renderer changes samples with good reason.
Growth is told and stops nothing. What is critical here stops the release until a person accepts it by name.

The bounds and their reasons:

- No row may go unnoticed, so any loss counts, and a task or split that is gone is told as such.
- Labels: 0.1. The share of answers that would have to change their label to make one distribution the other (total
  variation distance). An update that only adds a tenth of rows stays below it, whatever their labels are.
- Lengths: 0.2 for the median, 0.4 for the 95th percentile, as a share of what it was. Half or a twentieth of the rows
  must change for these to move, single long texts do not. Below 50 characters they are shares of 50, because one word
  more in a short answer is no drift.
"""

from expectations.rule import UNMEASURED, Rule

LABELS, MEDIAN, P95 = 0.1, 0.2, 0.4
SHORT = 50
"""Characters: changes of shorter lengths are shares of this one."""

ACCEPT = 'medinst diff latest build, and if it is meant to be so: medinst accept {name} --why "…"'

LENGTHS = {
    f"{text}_chars_{which}": (f"{words} {text}", bound)
    for text in ("input", "output")
    for which, words, bound in (("median", "median", MEDIAN), ("p95", "95th percentile of the", P95))
}
"""Measure of a profile -> what it is in words, and how far it may move."""


def _length(measure: str, words: str, bound: float) -> Rule:
    return Rule(
        measure=measure,
        severity="critical",
        expected=f"the length of the {words} moves by at most {bound:.0%}",
        found=f"{{was[{measure}]:,.0f}} characters in {{base}}, {{now[{measure}]:,.0f}} now: "
        f"moved by {{{measure}:.1%}}",
        command=ACCEPT,
        at_most=bound,
    )


RULES = (
    UNMEASURED._replace(command="medinst build"),
    Rule(
        measure="gone",
        severity="critical",
        expected="every task and split of the last release is in the next one",
        found="{was[rows]:,} rows in {base}, none now{because}",
        command=ACCEPT,
    ),
    Rule(
        measure="lost",
        severity="critical",
        expected="no split has fewer rows than in the last release (bound: 0)",
        found="{was[rows]:,} rows in {base}, {now[rows]:,} now: {lost:.1%} are lost",
        command=ACCEPT,
    ),
    Rule(
        measure="labels",
        severity="critical",
        expected=f"at most {LABELS:.0%} of the answers change their label",
        found="{labels:.1%} since {base}: {moved}",
        command=ACCEPT,
        at_most=LABELS,
    ),
    *(_length(measure, *said) for measure, said in LENGTHS.items()),
    Rule(
        measure="grown",
        severity="info",
        expected="as many rows as in the last release",
        found="{was[rows]:,} rows in {base}, {now[rows]:,} now",
        command="medinst diff latest build",
    ),
)
