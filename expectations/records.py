"""What the records of each part and split must be like. A row is a `RecordProfile` and shares made of it."""

from expectations.rule import AGAIN, UNMEASURED, Rule

REASONS = (
    'medinst sql "SELECT reason, count(*) FROM rejects'
    " WHERE source = '{source}' AND part = '{part}' AND split = '{split}' GROUP BY ALL\""
)
REJECTS = (
    'medinst sql "SELECT id, reason, detail FROM rejects'
    " WHERE source = '{source}' AND part = '{part}' AND split = '{split}' LIMIT 20\""
)

RULES = (
    UNMEASURED,
    Rule(
        measure="unbalanced",
        severity="critical",
        expected="every record read is either kept or rejected with a reason",
        found="{read:,} read, {kept:,} kept, {rejected:,} rejected: {unbalanced:,} without a trace",
        command="remove {place} from the root, then: " + AGAIN,
        at_least=0,
    ),
    Rule(
        measure="lost_share",
        severity="critical",
        expected="at most 20 % of the records are rejected beyond what the source is known to lose",
        found="{rejected:,} of {read:,} records rejected, {lost_share:.1%} beyond what is known",
        command=REASONS,
        at_most=0.2,
    ),
    Rule(
        measure="lost_share",
        severity="warning",
        expected="at most 2 % of the records are rejected beyond what the source is known to lose",
        found="{rejected:,} of {read:,} records rejected, {lost_share:.1%} beyond what is known",
        command=REASONS,
        at_most=0.02,
    ),
    Rule(
        measure="mismatch_share",
        severity="critical",
        expected="at most 5 % of the records have an annotation whose text is not the text at its span",
        found="{mismatches:,} of {read:,} records ({mismatch_share:.1%}) have spans that miss their text",
        command=REJECTS,
        at_most=0.05,
    ),
    Rule(
        measure="mismatches",
        severity="warning",
        expected="every annotation's text is the text at its span",
        found="{mismatches:,} of {read:,} records ({mismatch_share:.1%}) have spans that miss their text",
        command=REJECTS,
    ),
)
