"""Large splits are worked on in pieces, rows that follow each other: no step has more than the limits say.

How a split is cut depends on its rows and bytes and on the limits, never on how many workers there are.
"""

from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

from schemas.shards import STEP_BYTES, STEP_ROWS


class Limits(NamedTuple):
    """What one step works on at most.

    Attributes:
        rows: records or samples.
        bytes: of their files, which are not compressed.
    """

    rows: int = STEP_ROWS
    bytes: int = STEP_BYTES

    def count(self, rows: int, size: int) -> int:
        """The number of pieces of a split with so many rows and bytes; none of them is empty."""
        count = max(1, ceil(rows / self.rows), ceil(size / self.bytes))
        return ceil(rows / ceil(rows / count)) if rows else 1


def spans(sizes: Sequence[int], number: int, count: int) -> list[tuple[int, int]]:
    """The rows of a piece in each of some files that follow each other, as the first one and their number.

    Args:
        sizes: the rows of each file.
        number: of the piece, from 0.
        count: of pieces.
    """
    size = ceil(sum(sizes) / count)
    low, high = number * size, (number + 1) * size
    found: list[tuple[int, int]] = []
    begin = 0
    for rows in sizes:
        first = min(max(low - begin, 0), rows)
        last = min(max(high - begin, 0), rows)
        found.append((first, last - first))
        begin += rows
    return found
