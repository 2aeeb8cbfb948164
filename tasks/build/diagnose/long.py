"""Measures in long form: a value for each split and for all splits together."""

from typing import Any

import polars as pl

MEASURES = {"split": pl.String, "measure": pl.String, "value": pl.Float64}
"""Columns of measures. One that is not defined (a mean of nothing, a share of nothing) has no row."""

IN_MEMORY: Any = {"engine": "in-memory"}
"""How small results are collected: the streaming engine takes several times as long to start."""

ALL = "all"
"""The name of all splits together."""


def with_all(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Rows with a column `split`, and all of them once more under the split `ALL`."""
    return pl.concat([rows, rows.with_columns(split=pl.lit(ALL))])


def long(rows: pl.LazyFrame, **measures: pl.Expr) -> pl.DataFrame:
    """Aggregate rows by their column `split`, as rows of `MEASURES`."""
    wide = (
        rows.group_by("split").agg(**measures).select("split", pl.col(*measures).cast(pl.Float64)).collect(**IN_MEMORY)
    )
    return as_measures(wide.unpivot(index="split", variable_name="measure", value_name="value"))


def as_measures(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of `MEASURES` without those that have no value."""
    typed = rows.select(pl.col(name).cast(dtype) for name, dtype in MEASURES.items())
    return typed.filter(pl.col("value").is_not_null() & pl.col("value").is_not_nan())


def share(counted: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """A share; null of nothing."""
    return pl.when(whole > 0).then(counted / whole)
