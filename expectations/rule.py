"""A rule: which measure of a profile must lie within which bounds, and what people read when it does not."""

from typing import NamedTuple

from schemas.receipts import Severity

AGAIN = "medinst build"
"""What a hint to build again ends with; the gate puts the whole command of the build in its place."""


class Rule(NamedTuple):
    """Bounds of one measure.

    The texts `found`, `command` and `otherwise` name columns of the judged row in braces. `command` may also
    name `{ids}`, the examples as a list in SQL, and `{first}`, the first example.

    Attributes:
        measure: the column that is judged.
        severity: what a failure means: `critical` stops the publication.
        expected: what is expected, in words.
        found: what was found, in words.
        command: what to run next.
        otherwise: what to run next where the row has no examples; empty if `command` needs none.
        at_least: the lowest good value.
        at_most: the highest good value.
    """

    measure: str
    severity: Severity
    expected: str
    found: str
    command: str
    otherwise: str = ""
    at_least: float | None = None
    at_most: float | None = 0


UNMEASURED = Rule(
    measure="unmeasured",
    severity="critical",
    expected="every measure has a value",
    found="{unmeasured} measures have no value",
    command=AGAIN,
)
"""Great Expectations leaves empty values out of comparisons; this rule sees that none passes that way."""
