"""What tasks and splits have in common: documents, texts, names and concepts.

The Jaccard index of two sets is the share of what both have in what either has (Jaccard 1912, The distribution of the
flora in the alpine zone). As a large and a small set cannot reach 1, the share of the first set is there besides.
"""

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from schemas.audit import Indexed
from tasks.base.store.root import Root
from tasks.build.audit.index import scan_words
from tasks.build.diagnose.long import ALL, IN_MEMORY

OVERLAP = {
    "kind": pl.String,
    "task": pl.String,
    "split": pl.String,
    "other_task": pl.String,
    "other_split": pl.String,
    "shared": pl.UInt32,
    "own": pl.UInt32,
    "other": pl.UInt32,
    "share": pl.Float64,
    "jaccard": pl.Float64,
}
"""Columns of the table: each pair that has something in common, in both directions; `share` is `shared` / `own`."""

UNIT = ["task", "split"]
"""What names a set of values."""

SAME = ["among", "value"]
"""What values that are compared have in common: those of other sets are not looked at."""


def overlap(words: Mapping[str, tuple[str, pl.DataFrame]], indexed: Sequence[Indexed], root: Root) -> pl.DataFrame:
    """Compare all tasks and splits.

    Args:
        words: task -> its category, and its different names and concepts by split.
        indexed: the index of the published samples, which knows their documents and texts.
        root: where it is.

    Returns:
        rows of `OVERLAP`, sorted. Documents and texts are compared between all splits of all tasks. Names and concepts
        are compared between the splits of a task, and between whole tasks of a category (split `all`).
    """
    samples = (_common(kind, _samples(kind, indexed, root)) for kind in ("documents", "texts"))
    vocabularies = (_common(kind, rows) for kind in ("names", "concepts") for rows in _vocabularies(kind, words))
    return pl.concat([pl.DataFrame(schema=OVERLAP), *samples, *vocabularies]).sort(*list(OVERLAP)[:5])


def _samples(kind: str, indexed: Sequence[Indexed], root: Root) -> pl.LazyFrame:
    known = {"documents": pl.col("document").replace("", None), "texts": pl.when(pl.col("text") != 0).then("text")}
    frames = [
        scan_words(task, split, root)
        .select(task=pl.lit(task.task), split=pl.lit(split), among=pl.lit(""), value=known[kind])
        .unique()
        for task in indexed
        for split, rows in task.rows.items()
        if rows
    ]
    return pl.concat(frames or [pl.LazyFrame(schema=dict.fromkeys([*UNIT, *SAME], pl.String))]).drop_nulls()


def _vocabularies(kind: str, words: Mapping[str, tuple[str, pl.DataFrame]]) -> Iterator[pl.LazyFrame]:
    """Sets that are compared among each other: the splits of each task, and the tasks of each category."""
    frames = [
        found.filter(pl.col("kind") == kind).select(
            "split", "value", task=pl.lit(task, pl.String), category=pl.lit(category, pl.String)
        )
        for task, (category, found) in words.items()
    ]
    if frames:
        rows = pl.concat(frames).lazy()
        yield rows.select(*UNIT, "value", among="task")
        yield rows.select("task", pl.lit(ALL).alias("split"), "value", among="category").unique()


def _common(kind: str, rows: pl.LazyFrame) -> pl.DataFrame:
    """The pairs of sets that have values in common, in both directions.

    Args:
        kind: of the values.
        rows: different ones, with the columns of `UNIT` and `SAME`.
    """
    sets = rows.collect(**IN_MEMORY)
    sizes = sets.group_by(UNIT).len("own")
    several = sets.filter(pl.struct(SAME).is_duplicated()).lazy()
    others = several.rename({name: f"other_{name}" for name in UNIT})
    same = (pl.col("task") == pl.col("other_task")) & (pl.col("split") == pl.col("other_split"))
    pairs = several.join(others, on=SAME).filter(~same).group_by(*UNIT, "other_task", "other_split").len("shared")
    theirs = sizes.lazy().rename({"task": "other_task", "split": "other_split", "own": "other"})
    whole = pairs.join(sizes.lazy(), on=UNIT).join(theirs, on=["other_task", "other_split"])
    shared = pl.col("shared").cast(pl.Float64)
    return (
        whole.with_columns(
            kind=pl.lit(kind),
            share=shared / pl.col("own"),
            jaccard=shared / (pl.col("own") + pl.col("other") - shared),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in OVERLAP.items())
        .collect(**IN_MEMORY)
    )
