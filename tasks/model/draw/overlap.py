"""How much of a build's tests a training set contains, measured on the samples that were drawn.

Texts are compared by the hashes of all their words that the audit compares them by, and leaks are those that it lists.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import polars as pl

from schemas.audit import Indexed
from schemas.drawn import Overlap, Overlaps
from schemas.state import State
from schemas.task import Split
from tasks.base.paper.held_out import held_out
from tasks.base.store.frames import scan
from tasks.base.store.root import Root
from tasks.build.audit import LEAKS
from tasks.build.audit.index import scan_words
from tasks.build.audit.leaks import tested


def overlap(training: Path | None, state: State) -> Overlaps:
    """How much of each test the rows of a file contain.

    Args:
        training: a Parquet file with the columns `id` and `task`; None if there are no rows.
        state: the build that they were drawn from.

    Returns:
        all tests of the build that have samples: those of MedINST32 first, then by name.
    """
    root = Root(state.order.root)
    indexed = {task.task: task for built in state.sources for task in built.indexed}
    drawn = pl.DataFrame(schema={"id": pl.String, "task": pl.String})
    if training is not None:
        drawn = scan(training).select(drawn.columns).collect()
    texts = _texts(drawn, indexed, root)
    leaking = _leaking(drawn, state, root)
    found = {
        name: Overlap(
            samples=there.height, texts=int(there["text"].is_in(texts.implode()).sum()), rows=leaking.get(name, 0)
        )
        for name, task in indexed.items()
        if (there := _test(task, root)).height
    }
    return dict(sorted(found.items(), key=lambda each: (each[0] not in held_out(), each[0])))


def _test(task: Indexed, root: Root) -> pl.DataFrame:
    """The texts of a test; one without words is null, and equals no other."""
    splits: list[Split] = [split for split in task.rows if tested(task.task, split)]
    frames = [scan_words(task, split, root).select(_TEXT) for split in splits]
    return pl.concat([pl.LazyFrame(schema={"text": pl.UInt64}), *frames]).collect()


_TEXT = pl.when(pl.col("text") != 0).then("text").alias("text")


def _texts(drawn: pl.DataFrame, indexed: Mapping[str, Indexed], root: Root) -> pl.Series:
    """The different texts of the samples drawn."""

    def each() -> Iterator[pl.LazyFrame]:
        yield pl.LazyFrame(schema={"text": pl.UInt64})
        for (task,), rows in drawn.partition_by("task", as_dict=True).items():
            if task in indexed and "train" in indexed[task].rows:
                ids = rows.lazy().select(id=pl.col("id").str.decode("hex"))
                words = scan_words(indexed[task], "train", root)
                there = words.select(pl.col("id").cast(pl.Binary), _TEXT).join(ids, on="id", how="semi")
                yield there.select("text")

    return pl.concat(each()).unique().collect()["text"].drop_nulls()


def _leaking(drawn: pl.DataFrame, state: State, root: Root) -> dict[str, int]:
    """The number of the samples drawn that leak into each test."""
    if state.audit is None:
        return {}
    leaks = scan(root.local(f"{state.audit.place}/{LEAKS}")).select("test_task", "train_task", "train_id").unique()
    here = leaks.join(drawn.lazy(), left_on=["train_task", "train_id"], right_on=["task", "id"], how="semi")
    return dict(here.group_by("test_task").len().collect().iter_rows())


class Shown(NamedTuple):
    """What a page shows of the overlap of some training sets with the tests.

    Attributes:
        sets: name of a training set -> how much of each test it contains.
        samples: test -> its samples: all tests of MedINST32, and others with any overlap.
        tests: the number of tests in the build.
    """

    sets: Mapping[str, Overlaps]
    samples: dict[str, int]
    tests: int


def shown(sets: Mapping[str, Overlaps]) -> Shown:
    """What a page shows of the overlap of some training sets of one build."""
    every = {test: each.samples for found in sets.values() for test, each in found.items()}
    there = {test for found in sets.values() for test, each in found.items() if each.texts or each.rows}
    samples = {test: count for test, count in every.items() if test in held_out() or test in there}
    return Shown(sets, samples, len(every))
