"""How the large splits of a task are cut into pieces."""

from collections.abc import Sequence

from schemas.receipts import Batch, Piece
from schemas.task import SPLITS, Split
from tasks.base.store.parquet import ROWS
from tasks.base.store.pieces import Limits
from tasks.base.store.root import Root


def cut(task: str, batches: Sequence[Batch], root: Root, limits: Limits) -> dict[Split, list[Piece]]:
    """The pieces of each large split, in the order of their rows; most tasks have none.

    Args:
        task: its name.
        batches: the records of the parts that the task reads, in that order.
        root: where they are.
        limits: of a piece.
    """
    found: dict[Split, list[Piece]] = {}
    for split in SPLITS:
        rows = records(split, batches)
        if rows > min(ROWS, limits.rows):  # fewer are not worth asking for their bytes
            count = limits.count(rows, sum(root.size(place) for place in _files(split, batches)))
            if count > 1:
                found[split] = [Piece(task=task, split=split, number=number, count=count) for number in range(count)]
    return found


def records(split: Split, batches: Sequence[Batch]) -> int:
    """The number of records of a split."""
    return sum(batch.splits[split].kept for batch in batches if split in batch.splits)


def _files(split: Split, batches: Sequence[Batch]) -> list[str]:
    return [f"{batch.place}/{batch.part}-{split}.parquet" for batch in batches if split in batch.splits]
