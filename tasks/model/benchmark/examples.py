"""The pools that the examples of the tests are drawn from, so that others can be drawn."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from schemas.errors import EvaluationError
from tasks.base.store.frames import read
from tasks.model.benchmark.place import Benchmark
from tasks.model.draw.ranks import COLUMNS

EXAMPLES = "catalogue/examples.parquet"
"""The pools of all tests: `test`, then the columns of an example, in the order of their ranks."""


def write_pools(pools: Mapping[str, pl.DataFrame], path: Path) -> None:
    """Write the pools of tests, by test."""
    path.parent.mkdir(parents=True, exist_ok=True)
    columns: tuple[str, ...] = ("test", *COLUMNS)
    named = [pool.select(pl.lit(test).alias("test"), *COLUMNS) for test, pool in pools.items()]
    pl.concat([pl.DataFrame(schema=dict.fromkeys(columns, pl.String)), *named]).write_parquet(path)


def pools(benchmark: Benchmark) -> dict[str, pl.DataFrame]:
    """The pools of a benchmark, by test; tests without examples have none.

    Raises:
        EvaluationError: the benchmark does not list them.
    """
    if EXAMPLES not in benchmark.manifest.files:
        raise EvaluationError(
            f"Benchmark {benchmark.version} does not list what its examples are drawn from, so others cannot be drawn. "
            "Make it anew from the newest build: medinst benchmark"
        )
    rows = read(benchmark.local(EXAMPLES))
    return {str(test): pool.drop("test") for (test,), pool in rows.partition_by("test", as_dict=True).items()}
