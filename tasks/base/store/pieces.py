"""Large splits are worked on in pieces, rows that follow each other: no step has more than the limits say.

How a split is cut depends on its rows and bytes and on the limits, never on how many workers there are. A stage makes
the pieces that no step has made ahead, nor a build that was killed.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from math import ceil
from typing import NamedTuple

from pydantic import ValidationError

from schemas.receipts import Made, Piece, Rendered, Tally
from schemas.shards import STEP_BYTES, STEP_ROWS
from tasks.base.store.root import Root


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


def files_of(rendered: Rendered) -> list[Piece]:
    """The files of a task's samples as pieces; that of a split which is not large is the only one of it."""
    return [
        Piece(task=rendered.task, split=split, number=number, count=count)
        for split in rendered.splits
        for count in [rendered.pieces.get(split, 1)]
        for number in range(count)
    ]


def once(root: Root, folder: str, files: Iterable[str], make: Callable[[], Tally]) -> Made:
    """Make a piece, unless it is there: its receipt counts only with its files.

    Args:
        root: where it goes.
        folder: of its receipt.
        files: the places of its files.
        make: makes them.
    """
    if all(map(root.exists, files)):
        with suppress(ValidationError):
            return Made.model_validate(root.done(folder))
    started = time.perf_counter()
    tally = make()
    done = Made(tally=tally, seconds=round(time.perf_counter() - started, 3))
    root.finish(folder, done.model_dump())
    return Made(tally=tally)


def total(tallies: Iterable[Tally]) -> Tally:
    """What went in and came out of several pieces."""
    every = list(tallies)
    return Tally(**{name: sum(getattr(tally, name) for tally in every) for name in Tally.model_fields})
