"""What the samples of each task and split must be like. A row is a `SampleProfile` and shares made of it."""

from expectations.rule import AGAIN, UNMEASURED, Rule
from schemas.personal import IDENTIFIERS, Identifier

ROWS = 'medinst sql "SELECT id, input, output FROM samples WHERE id IN ({ids})"'
SHOW = "medinst show {task}"
TWINS = "medinst sql \"SELECT id, reason, twin FROM rejects WHERE task = '{task}' AND split = '{split}' LIMIT 20\""
LOSSES = (
    "medinst sql \"SELECT stage, reason, count(*) FROM rejects WHERE source = '{source}'"
    " AND task IN ('', '{task}') AND split = '{split}' GROUP BY ALL\""
)


PERSONS = (
    "medinst sql \"SELECT id, field, found FROM personal WHERE task = '{task}' AND split = '{split}'"
    " AND measure = '{measure}'\""
)
COUNTS = "medinst sql \"SELECT task, split, value FROM profiles WHERE measure = '{measure}' AND value > 0\""
RENDER_AGAIN = "remove {rendered_in} from the root, then: " + AGAIN
DEDUPLICATE_AGAIN = "remove {deduplicated_in} from the root, then: " + AGAIN


def _none(measure: str, expected: str, found: str) -> Rule:
    """No row of a published split may have this defect."""
    return Rule(measure, "critical", expected, found, command=ROWS, otherwise=SHOW)


ROW_RULES = (
    _none("empty_inputs", "every sample has an input", "{empty_inputs:,} of {kept:,} inputs are empty"),
    _none("empty_outputs", "every sample has an answer", "{empty_outputs:,} of {kept:,} answers are empty"),
    _none(
        "unparsable",
        "the answer grammar of the task reads every answer",
        "{unparsable:,} of {kept:,} answers cannot be read",
    ),
    _none(
        "undeclared_labels",
        "answers hold only labels that the task declares",
        "{undeclared_labels:,} of {kept:,} answers hold other labels",
    ),
    _none(
        "missing_licences",
        "every sample names its licence",
        "{missing_licences:,} of {kept:,} samples name none",
    ),
    _none(
        "duplicate_ids",
        "no two samples of the release have the same id",
        "{duplicate_ids:,} of {kept:,} samples have an id that another sample has too",
    ),
)

COUNT_RULES = (
    Rule(
        measure="lost_records",
        severity="critical",
        expected="every record makes samples or is rejected with a reason",
        found="{records:,} records, {lost_records:,} of them without a trace",
        command=RENDER_AGAIN,
        at_least=0,
    ),
    Rule(
        measure="lost_candidates",
        severity="critical",
        expected="every candidate is either a sample or rejected with a reason",
        found=(
            "{candidates:,} candidates, {rendered:,} samples, {refused:,} rejected: {lost_candidates:,} without a trace"
        ),
        command=RENDER_AGAIN,
        at_least=0,
    ),
    Rule(
        measure="unbalanced",
        severity="critical",
        expected="every rendered sample is either kept or rejected with a reason",
        found="{rendered:,} rendered, {kept:,} kept, {rejected:,} rejected: {unbalanced:,} without a trace",
        command=DEDUPLICATE_AGAIN,
        at_least=0,
    ),
    Rule(
        measure="missing",
        severity="critical",
        expected="as many samples as the expected counts list",
        found="{rendered:,} of {expected:,} samples, {missing:.1%} are lost",
        command=LOSSES,
    ),
    Rule(
        measure="surplus",
        severity="warning",
        expected="no more samples than the expected counts list",
        found="{rendered:,} samples, {surplus:,} more than the {expected:,} listed",
        command="medinst check --update",
    ),
    Rule(
        measure="uncounted",
        severity="info",
        expected="every split that has samples was counted, on the files that it is made from",
        found="{rendered:,} samples, {standing}",
        command="medinst check --update",
    ),
    Rule(
        measure="unrendered",
        severity="warning",
        expected="a split with records gives samples",
        found="{records:,} records and not one sample",
        command=LOSSES,
    ),
    Rule(
        measure="duplicate_share",
        severity="warning",
        expected="deduplication leaves out at most half of the samples",
        found="{rejected:,} of {rendered:,} samples ({duplicate_share:.1%}) are left out",
        command=TWINS,
        at_most=0.5,
    ),
)

TEXT_RULES = (
    Rule(
        measure="unlisted_labels",
        severity="critical",
        expected="the instruction names every label of the task",
        found="the instruction leaves out {unlisted_labels} labels",
        command=SHOW,
    ),
    Rule(
        measure="input_chars_max",
        severity="warning",
        expected="no input is longer than 500,000 characters, about the longest full text with its question",
        found="the longest input has {input_chars_max:,} characters, the median {input_chars_median:,.0f}",
        command=SHOW,
        at_most=500_000,
    ),
    Rule(
        measure="output_chars_max",
        severity="warning",
        expected="no answer is longer than 100,000 characters",
        found="the longest answer has {output_chars_max:,} characters, the median {output_chars_median:,.0f}",
        command=SHOW,
        at_most=100_000,
    ),
)


def _personal(kind: Identifier) -> Rule:
    """Samples may hold an identifier only after somebody has looked; where, only the profile `local` says."""
    return Rule(
        measure=kind.measure,
        severity="warning",
        expected=f"no sample holds {kind.what} of persons",
        found=f"{{{kind.measure}:,}} of {{kept:,}} samples hold {kind.what}",
        command=PERSONS.replace("{measure}", kind.measure),
        otherwise=COUNTS.replace("{measure}", kind.measure),
    )


PERSONAL_RULES = tuple(map(_personal, IDENTIFIERS))

RULES = (UNMEASURED, *ROW_RULES, *COUNT_RULES, *TEXT_RULES, *PERSONAL_RULES)
