"""What a baseline is trained on: the training split of its test, without the samples that leak into the test."""

from typing import Literal, NamedTuple

import polars as pl

from schemas.benchmark import HeldOutTest
from schemas.errors import EvaluationError
from schemas.task import Split
from sources import tasks as declared_tasks
from tasks.base.store.frames import scan
from tasks.base.store.hashing import halves
from tasks.build.audit import LEAKS
from tasks.build.audit.index import scan_words
from tasks.build.builds.build import Build
from tasks.model.baseline.gold import Rows, read
from tasks.model.baseline.shapes import Shape
from tasks.model.draw.samples import Samples

SHARE = 10
"""One document in so many is held out for early stopping where there is no development split."""
HELD = 500
"""Samples held out at most: more would cost time and tell little more."""


class Training(NamedTuple):
    """What a baseline learns from.

    Attributes:
        rows: what the weights are trained on.
        held: what tells when to stop.
        held_from: the split that these are from.
        leaking: samples of both splits left out because they leak into the test, by split.
    """

    rows: Rows
    held: Rows
    held_from: Literal["train", "dev"]
    leaking: dict[Split, int]


def training(name: str, test: HeldOutTest, shape: Shape, build: Build, samples: Samples) -> Training:
    """The training samples of a test.

    The development split, if it is not part of the test, tells when to stop; else one document in ten of the training
    split does.

    Args:
        name: of the test.
        test: what the benchmark says of it.
        shape: its form of answers.
        build: where the samples are from.
        samples: those of the task.

    Raises:
        EvaluationError: nothing is left to train on.
    """
    train = _clean(samples.training(), _leaking(name, build))
    leaking: dict[Split, int] = {"train": _height(samples.training()) - train.height}
    if "dev" not in test.splits and "dev" in samples.kept.splits and samples.kept.splits["dev"].kept:
        every = samples.every(("dev",))
        held = _clean(every, _shared(name, test, build))
        leaking["dev"] = _height(every) - held.height
        held = held.filter(pl.col("id").is_in(_drawn(held["id"], HELD).implode()))
    else:
        unit = train.select(pl.coalesce(pl.col("document").replace("", None), "record_id")).to_series()
        units = unit.unique()
        chosen = unit.is_in(_drawn(units, -(-len(units) // SHARE)).implode())
        train, held = train.filter(~chosen), train.filter(chosen)
    if not train.height or not held.height:
        raise EvaluationError(
            f"{name}: {train.height:,} training samples and {held.height:,} for early stopping are left without those "
            "that leak into the test, so no baseline can be trained. Train on others: medinst mix, medinst finetune"
        )
    task = declared_tasks()[name][1]
    return Training(
        rows=read(train, task, shape, build),
        held=read(held, task, shape, build),
        held_from="dev" if "dev" in leaking else "train",
        leaking=leaking,
    )


def _clean(frame: pl.LazyFrame, leaking: pl.Series) -> pl.DataFrame:
    return frame.filter(~pl.col("id").is_in(leaking.implode())).collect()


def _height(frame: pl.LazyFrame) -> int:
    return frame.select(pl.len()).collect().item()


def _leaking(name: str, build: Build) -> pl.Series:
    """The training samples of a test that leak into it, as the audit of the build lists them."""
    if build.state.audit is None:
        raise EvaluationError(
            f"The build in {build.root.url} was not audited, so it is not known which training samples of {name} "
            "leak into its test. Build again: medinst build"
        )
    listed = scan(build.root.local(f"{build.state.audit.place}/{LEAKS}"))
    return listed.filter(test_task=name, train_task=name).select("train_id").unique().collect()["train_id"]


def _shared(name: str, test: HeldOutTest, build: Build) -> pl.Series:
    """The development samples that have the text or the document of a test sample; the audit is of training samples."""
    indexed = next(each for built in build.state.sources for each in built.indexed if each.task == name)

    def keys(split: Split) -> pl.LazyFrame:
        return scan_words(indexed, split, build.root).select(
            id=pl.col("id").cast(pl.Binary).bin.encode("hex"),
            document=pl.col("document").replace("", None),
            text=pl.when(pl.col("text") != 0).then("text"),
        )

    tests = pl.concat([keys(split) for split in test.splits if split in indexed.rows]).collect()
    same = pl.col("document").is_in(tests["document"].drop_nulls().implode()) | pl.col("text").is_in(
        tests["text"].drop_nulls().implode()
    )
    return keys("dev").filter(same.fill_null(False)).select("id").collect()["id"]


def _drawn(ids: pl.Series, size: int) -> pl.Series:
    """Some ids, drawn by their hashes."""
    ranked = pl.DataFrame({"id": ids}).with_columns(halves(pl.col("id")).alias("rank")).unnest("rank")
    return ranked.sort("high", "low", "id")["id"].head(size)
