"""What is known of the samples of the tests: their length, items, nesting and year; and what training sets know.

It is worked out once, when a benchmark is written; `tasks/model/score/strata.py` tells scores apart by it.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import polars as pl

from medinst_eval.definitions import Definition
from schemas.benchmark import TRAINING
from schemas.errors import EvaluationError
from schemas.task import Ned, Ner, Task
from sources import tasks as declared_tasks
from tasks.base.licences.bibliography import Bibliography
from tasks.base.paper.held_out import held_out
from tasks.base.store.frames import read
from tasks.build.builds.build import Build
from tasks.build.render.annotations import entities_of
from tasks.model.benchmark.place import Benchmark
from tasks.model.draw.records import records
from tasks.model.draw.samples import Samples
from tasks.model.score.declared import definition
from tasks.model.score.facts import Facts
from tasks.model.score.items import itemised, items, keys

FACTS, SEEN = "catalogue/facts.parquet", "catalogue/seen.parquet"
"""One row a sample of a test; and the keys of what training sets hold, by `scope`: a test, or `unseen_train`."""

AT_ONCE = 65_536
"""Samples whose items are in memory at once."""


def write_facts(tests: Mapping[str, pl.DataFrame], build: Build, path: Path) -> None:
    """Write the facts of the samples of some tests."""
    years = _years(tests)
    rows = [_facts(declared_tasks()[name][1], samples, build, years[name]) for name, samples in tests.items()]
    pl.concat(rows).write_parquet(path)


def _facts(task: Task, samples: pl.DataFrame, build: Build, year: int | None) -> pl.DataFrame:
    gold = samples["output"].to_list()
    defined = definition(task.name)
    count = [len(each) for each in items(defined, gold, gold)[1]] if itemised(defined) else None
    facts = samples.select(
        "task",
        "id",
        "record_id",
        length=pl.col("input").str.len_chars().cast(pl.Int64),
        items=pl.Series(count, dtype=pl.Int64) if count is not None else pl.lit(None, pl.Int64),
        year=pl.lit(year, pl.Int64),
    )
    nested = _nested(task, build)
    if nested is None:
        return facts.select(*_COLUMNS[:4], pl.lit(None, pl.Boolean).alias("nested"), "year")
    return facts.join(nested, on="record_id", how="left", maintain_order="left").select(_COLUMNS)


_COLUMNS = ["task", "id", "length", "items", "nested", "year"]


def _nested(task: Task, build: Build) -> pl.DataFrame | None:
    """The records of a task whose mentions are asked for, and whether one of these overlaps with another."""
    types = [*task.types] if isinstance(task, Ner) else None
    if not isinstance(task, Ner | Ned) or (isinstance(task, Ner) and task.answer == "bio"):
        return None
    if isinstance(task, Ned) and task.per != "document":
        return None
    found = [_overlapping(each, types) for each in records(task, build, held_out()[task.name].splits)]
    return pl.concat(found).unique("record_id", keep="first", maintain_order=True) if found else None


def _overlapping(records: pl.LazyFrame, types: Sequence[str] | None) -> pl.DataFrame:
    asked = pl.col("type").is_in(types) if types is not None else pl.col("links").list.len() > 0
    spans = entities_of(records).filter(asked).unique(["row", "start", "end"], keep="first", maintain_order=True)
    before = pl.col("end").cum_max().shift(1).over("row", order_by=["start", "end"])
    rows = spans.sort("row", "start", "end").with_columns(inside=pl.col("start") < before)
    nested = rows.group_by("row").agg(nested=pl.col("inside").fill_null(False).any())
    named = records.select("record_id").with_row_index("row")
    return named.join(nested, on="row", how="left").select("record_id", pl.col("nested").fill_null(False)).collect()


def _years(tests: Mapping[str, object]) -> dict[str, int | None]:
    """The year of the paper that each test's source cites."""
    cited = Bibliography.read()
    return {name: cited.year(declared_tasks()[name][0].citation) for name in tests}


def write_seen(tests: Mapping[str, Samples], training: Mapping[str, pl.LazyFrame], path: Path) -> None:
    """Write the vocabularies of training sets.

    Args:
        tests: the samples of the held-out tasks; those whose training split is part of the test have none.
        training: the samples of `unseen_train`, by task.
        path: the file.
    """
    own = {name: samples.training() for name, samples in tests.items() if "train" not in held_out()[name].splits}
    scopes = [(name, name, frame) for name, frame in own.items()]
    scopes += [(TRAINING, name, frame) for name, frame in training.items()]
    found: dict[str, list[pl.Series]] = {}
    for scope, name, frame in scopes:
        found.setdefault(scope, []).extend(_vocabulary(definition(name), frame))
    rows = [
        pl.DataFrame({"key": pl.concat(parts).unique().sort()}).select(scope=pl.lit(scope), key="key")
        for scope, parts in found.items()
        if parts
    ]
    pl.concat([pl.DataFrame(schema={"scope": pl.String, "key": pl.UInt64}), *rows]).write_parquet(path)


def _vocabulary(task: Definition, samples: pl.LazyFrame) -> Iterator[pl.Series]:
    if itemised(task) is None:
        return
    outputs = samples.select("output").unique().collect()["output"]
    for part in outputs.to_frame().iter_slices(AT_ONCE):
        gold = part["output"].to_list()
        yield keys(task, (item for each in items(task, [""] * len(gold), gold)[1] for item in each)).unique()


def facts(benchmark: Benchmark) -> Facts:
    """What a benchmark knows of its samples.

    Raises:
        EvaluationError: it is of an older version, which did not write that down.
    """
    if FACTS not in benchmark.manifest.files:
        raise EvaluationError(
            f"Benchmark {benchmark.version} says nothing of its samples that scores could be told apart by. Make it "
            "anew from the newest build: medinst benchmark"
        )
    rows, seen = (read(benchmark.local(name)) for name in (FACTS, SEEN))
    return Facts(
        samples={str(task): each for (task,), each in rows.partition_by("task", as_dict=True).items()},
        seen={str(scope): each["key"] for (scope,), each in seen.partition_by("scope", as_dict=True).items()},
    )
