"""Rows are counted while they pass."""

import polars as pl

from tasks.base.store.frames import Counted


def test_rows_are_counted_before_any_is_left_out(tmp_path):
    counted = Counted(pl.LazyFrame({"a": range(10_000), "b": "x"}))
    counted.frame.filter(pl.col("a") % 2 == 0).select("a").sink_parquet(tmp_path / "some.parquet")
    assert counted.rows == 10_000
    assert pl.read_parquet(tmp_path / "some.parquet")["a"].to_list() == list(range(0, 10_000, 2))


def test_no_rows_are_none():
    counted = Counted(pl.LazyFrame(schema={"a": pl.Int64}))
    assert counted.frame.collect().height == counted.rows == 0
