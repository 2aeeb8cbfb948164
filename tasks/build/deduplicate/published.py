"""The published samples of a split: the rendered ones without those left out, and with the answers that changed.

Whatever reads samples to publish, measure, compare or draw them reads them here.
"""

from collections.abc import Sequence

import polars as pl

from tasks.base.store.frames import read, scan
from tasks.base.store.root import Root

DROPPED, AMENDED, CONFLICTS = "dropped.parquet", "amended.parquet", "conflicts.parquet"
"""The files in the folder of a task's deduplication: the samples left out, the answers that change, and the inputs with
several answers."""

LEFT_OUT = dict.fromkeys(("split", "id", "twin", "reason"), pl.String)
"""Columns of dropped.parquet."""

CONFLICT = {
    "task": pl.String,
    "input": pl.String,
    "samples": pl.Int64,
    "answers": pl.Int64,
    "splits": pl.String,
    "policy": pl.String,
    "done": pl.String,
    "id": pl.String,
}
"""Columns of conflicts.parquet: the hash of the input, the number of samples that have it and of their different
answers, the splits they are in, the policy, what was done, and the id of the sample that is kept (or, of several or
none, of the first)."""

NEW_ANSWER = {"split": pl.String, "id": pl.String, "output": pl.String}
"""Columns of amended.parquet."""

CONTRADICTED = ("conflict", "dev text")
"""Reasons of samples whose answer is not that of the others with their input."""

DECISIONS = {DROPPED: LEFT_OUT, AMENDED: NEW_ANSWER, CONFLICTS: CONFLICT}
"""The columns of each file."""


def write_decisions(place: str, root: Root, **frames: pl.DataFrame) -> None:
    """Write what was decided about the samples of a task.

    Args:
        place: folder of the task's deduplication.
        root: where it is.
        frames: `dropped`, `amended` and `conflicts`; one that is not given has no rows.
    """
    for name, schema in DECISIONS.items():
        frame = frames.get(name.removesuffix(".parquet"), pl.DataFrame(schema=schema))
        with root.writing(f"{place}/{name}") as path:
            frame.select(*schema).write_parquet(path, compression="zstd")


def published(samples: Sequence[str], decisions: str, split: str, root: Root) -> pl.LazyFrame:
    """The published samples of one split, in order.

    Filters and replacements, not joins: they keep the order of the rows by themselves and need half the memory.

    Args:
        samples: places of the files of rendered samples.
        decisions: folder of the task's deduplication.
        split: of the samples.
        root: where they are.
    """
    ids = left_out(decisions, split, root)
    frame = amended(scan([root.local(place) for place in samples]), decisions, split, root)
    return frame.filter(~pl.col("id").is_in(ids.implode())) if len(ids) else frame


def left_out(decisions: str, split: str, root: Root, reasons: Sequence[str] = ()) -> pl.Series:
    """The ids of the samples of a split that are left out, for whatever reason or for some."""
    dropped = read(root.local(f"{decisions}/{DROPPED}")).filter(pl.col("split") == split)
    chosen = dropped.filter(pl.col("reason").is_in(list(reasons))) if reasons else dropped
    return chosen["id"].cast(pl.String)


def count_amended(decisions: str, split: str, root: Root) -> int:
    """The number of published samples of a split whose answer changed."""
    new = read(root.local(f"{decisions}/{AMENDED}")).filter(pl.col("split") == split)
    return new.filter(~pl.col("id").is_in(left_out(decisions, split, root).implode())).height


def amended(samples: pl.LazyFrame, decisions: str, split: str, root: Root) -> pl.LazyFrame:
    """Samples of a split with the answers that changed."""
    new = read(root.local(f"{decisions}/{AMENDED}")).filter(pl.col("split") == split)
    if new.is_empty():
        return samples
    answer = pl.col("id").cast(pl.String).replace_strict(new["id"], new["output"], default=None)
    return samples.with_columns(output=pl.coalesce(answer, pl.col("output").cast(pl.String)))
