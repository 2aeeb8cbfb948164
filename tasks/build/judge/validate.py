"""Judging profiles by the suites in `expectations/`, and the gate that lets only good releases pass."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expectations import records as record_rules
from expectations import release as release_rules
from expectations import samples as sample_rules
from expectations.rule import AGAIN, UNMEASURED, Rule
from schemas.errors import GateRefused
from schemas.profile import RecordProfile, ReleaseProfile, SampleProfile
from schemas.receipts import Verdict

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext

    from expectations.suite import Outcome

Row = dict[str, Any]

SUITES: dict[str, tuple[Rule, ...]] = {
    "records": record_rules.RULES,
    "samples": sample_rules.RULES,
    "release": release_rules.RULES,
}
NEW = "new: no count of these files is known"
DOCUMENTED = "not counted on these files; their records are as many as the publishers state"
"""What is known of samples without an expected count."""

SHOWN = 5
"""Examples that a message shows of each failure."""


def validate(
    records: Sequence[RecordProfile], samples: Sequence[SampleProfile], release: ReleaseProfile, docs: Path
) -> list[Verdict]:
    """Judge the profiles of a build and write the Data Docs.

    Args:
        records: the profiles of all parts and splits.
        samples: the profiles of all tasks and splits.
        release: the profile of the whole.
        docs: the folder of the pages; what is in it is replaced. Equal profiles give equal bytes.

    Returns:
        One verdict for each rule and row that breaks it, and one with the subject `all` for each rule that no
        row breaks. A rule that could not be checked is a critical failure of `all`.
    """
    from expectations.site import write_site
    from expectations.suite import new_context

    tables = {
        "records": [_record_row(profile) for profile in records],
        "samples": [_sample_row(profile) for profile in samples],
        "release": [_release_row(release)],
    }
    context = new_context()
    verdicts: list[Verdict] = []
    for suite, rules in SUITES.items():
        verdicts += _judge(context, suite, rules, tables[suite])
    write_site(context, list(SUITES), docs)
    return verdicts


def judge_rows(suite: str, rules: Sequence[Rule], rows: Sequence[Row]) -> list[Verdict]:
    """Judge rows by one suite, without pages.

    Args:
        suite: its name.
        rules: its rules.
        rows: each with its `subject`, a value for each measure, and what the texts of the rules name.

    Returns:
        Verdicts like those of `validate`.
    """
    from expectations.suite import new_context

    return _judge(new_context(), suite, rules, rows)


def _judge(context: "EphemeralDataContext", suite: str, rules: Sequence[Rule], table: Sequence[Row]) -> list[Verdict]:
    from expectations.suite import run

    rows = sorted((_measured(row, rules) for row in table), key=lambda row: row["subject"])
    outcomes = run(context, suite, rules, _frame(rows, rules))
    return [verdict for outcome in outcomes for verdict in _verdicts(suite, outcome, rows)]


def gate(verdicts: Iterable[Verdict], again: str = AGAIN) -> None:
    """Let a release pass unless a critical expectation failed.

    Args:
        verdicts: of the build.
        again: the command that repeats the build with all its options; stands where a hint is to build again.

    Raises:
        GateRefused: its message lists each critical failure with the rows and the command to look at them;
            its facts are all `verdicts` and the `failures` among them.
    """
    verdicts = list(verdicts)
    failures = [verdict for verdict in verdicts if verdict.severity == "critical" and not verdict.success]
    if not failures:
        return
    what = "1 critical expectation" if len(failures) == 1 else f"{len(failures)} critical expectations"
    message = f"{what} failed: nothing was published, the current release stays.\n"
    paragraphs = (_paragraph(failure, again) for failure in failures)
    raise GateRefused(message + "\n".join(paragraphs), verdicts=verdicts, failures=failures)


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _record_row(profile: RecordProfile) -> Row:
    return profile.model_dump() | {
        "subject": f"{profile.source}/{profile.part}/{profile.split or 'in no list'}",
        "unbalanced": profile.read - profile.kept - profile.rejected,
        "mismatch_share": _share(profile.mismatches, profile.read),
    }


def _sample_row(profile: SampleProfile) -> Row:
    return profile.model_dump() | {
        "subject": f"{profile.task}/{profile.split}",
        "expected": profile.expected or 0,
        "standing": DOCUMENTED if profile.documented else NEW,
        "uncounted": int(profile.expected is None and profile.rendered > 0),
        "unrendered": 0 if profile.rendered else profile.records,
        "duplicate_share": _share(profile.rejected, profile.rendered),
    }


def _release_row(profile: ReleaseProfile) -> Row:
    return profile.model_dump() | {
        "subject": "release",
        "examples": {"unaccounted": profile.unaccounted_tasks, "leaks_in_clean": profile.leaking},
    }


def _measured(row: Row, rules: Sequence[Rule]) -> Row:
    """The row with the number of its measures that are empty."""
    values = [row.get(measure, 0) for measure in dict.fromkeys(rule.measure for rule in rules)]
    return row | {UNMEASURED.measure: sum(value is None or value != value for value in values)}  # noqa: PLR0124


def _frame(rows: list[Row], rules: Sequence[Rule]) -> "pd.DataFrame":
    """Subjects and measures; a measure that the rows lack is left out, for its rule to fail."""
    import pandas as pd

    measures = dict.fromkeys(rule.measure for rule in rules)
    present = [measure for measure in measures if not rows or measure in rows[0]]
    return pd.DataFrame(rows, columns=pd.Index(["subject", *present]))


def _verdicts(suite: str, outcome: "Outcome", rows: list[Row]) -> list[Verdict]:
    rule = outcome.rule
    if outcome.broken:
        found = f"the check itself broke: {outcome.broken}"
        rule = rule._replace(severity="critical")
        return [_verdict(suite, rule, "all", found=found, command="medinst check")]
    if not outcome.failed:
        return [_verdict(suite, rule, "all", found=f"so in all of {len(rows)}", success=True)]
    by_subject = {row["subject"]: row for row in rows}
    return [_failure(suite, rule, by_subject[subject]) for subject in outcome.failed]


def _failure(suite: str, rule: Rule, row: Row) -> Verdict:
    examples = tuple(row.get("examples", {}).get(rule.measure, ()))
    template = rule.command if examples or not rule.otherwise else rule.otherwise
    ids = ", ".join("'" + example.replace("'", "''") + "'" for example in examples)
    command = template.format_map(row | {"ids": ids, "first": next(iter(examples), "")})
    facts: dict[str, Any] = {name: row.get(name, "") for name in ("task", "source")}
    facts |= {"found": rule.found.format_map(row), "examples": examples, "command": command}
    return _verdict(suite, rule, row["subject"], **facts)


def _verdict(suite: str, rule: Rule, subject: str, success: bool = False, **facts: Any) -> Verdict:
    facts = {"task": "", "source": ""} | facts
    return Verdict(
        suite=suite,
        subject=subject,
        measure=rule.measure,
        severity=rule.severity,
        success=success,
        expectation=rule.expected,
        **facts,
    )


def _paragraph(verdict: Verdict, again: str) -> str:
    lines = [
        f"\n`{verdict.subject}` ({verdict.suite}, {verdict.measure})",
        f"  expected: {verdict.expectation}",
        f"  found:    {verdict.found}",
    ]
    if verdict.examples:
        more = len(verdict.examples) - SHOWN
        rest = f" and {more} more" if more > 0 else ""
        lines.append(f"  examples: {', '.join(verdict.examples[:SHOWN])}{rest}")
    next_ = f"{verdict.command.removesuffix(AGAIN)}{again}" if verdict.command.endswith(AGAIN) else verdict.command
    return "\n".join([*lines, f"  next:     {next_}"])
