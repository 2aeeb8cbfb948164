"""The published samples of a split: the rendered ones without those left out, and with the answers that changed.

Whatever reads samples to publish, measure, compare or draw them reads them here.
"""

from collections.abc import Sequence

import polars as pl

from tasks.base.store.frames import read, scan
from tasks.base.store.root import Root

DROPPED = "dropped.parquet"
"""`split`, `id`, `twin` and `reason` of the samples left out."""

AMENDED = "amended.parquet"
"""`split`, `id` and `output` of the samples whose answer changes."""

CONFLICTS = "conflicts.parquet"
"""One row for each input with several answers; see `decide.CONFLICT`."""

CONTRADICTED = ("conflict", "dev text")
"""Reasons of samples whose answer is not that of the others with their input."""

DECISIONS = (DROPPED, AMENDED, CONFLICTS)
"""The files in the folder of a task's deduplication."""


def published(samples: str, decisions: str, split: str, root: Root) -> pl.LazyFrame:
    """The published samples of one split, in order.

    Filters and replacements, not joins: they keep the order of the rows by themselves and need half the memory.

    Args:
        samples: place of the rendered samples.
        decisions: folder of the task's deduplication.
        split: of the samples.
        root: where they are.
    """
    ids = left_out(decisions, split, root)
    frame = amended(scan(root.local(samples)), decisions, split, root)
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
