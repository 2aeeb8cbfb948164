"""The paper's Table 11 against this build, with the sums that a reader of the paper asks for first."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from schemas.release import ParityRow, ReleaseContent

STATUSES = {
    "equal": "the same number of rows in all three splits",
    "explained": "other numbers, or a derived copy, and the cause is known and written down",
    "unexplained": "other numbers, and the cause is not known",
    "withheld": "the source cannot be fetched now, or its licence keeps it out of this profile",
    "not built": "not asked for in this build, or no source declares it yet",
}


class Parity(NamedTuple):
    """What the section shows.

    Attributes:
        counts: status -> tasks, in the order of `STATUSES`, only those that occur.
        built: tasks of the table that this build holds.
        paper: rows of those tasks according to the paper.
        ours: rows of those tasks in this build.
        total: rows of the whole table.
        rows: the table.
    """

    counts: dict[str, int]
    meanings: dict[str, str]
    built: int
    paper: int
    ours: int
    total: int
    rows: Sequence[ParityRow]


def parity(content: ReleaseContent) -> Parity:
    """Sum up the rows of Table 11."""
    found = Counter(row.status for row in content.parity)
    built = [row for row in content.parity if row.ours is not None]
    return Parity(
        counts={status: found[status] for status in STATUSES if found[status]},
        meanings=STATUSES,
        built=len(built),
        paper=sum(sum(row.paper) for row in built),
        ours=sum(sum(row.ours) for row in built if row.ours is not None),
        total=sum(sum(row.paper) for row in content.parity),
        rows=content.parity,
    )
