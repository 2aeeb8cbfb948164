"""What a build found of the planted copies and leaks: recall and precision, told from its catalogue and the ledger."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
from rapidfuzz.distance.Levenshtein import distance

from schemas.audit import LONG, SHINGLE, SHORT, THRESHOLD
from schemas.state import State
from tasks.base.store.root import Root
from tasks.build.audit.index import asked
from tasks.build.audit.words import split as words_of
from tasks.build.builds.state import newest
from tasks.build.catalogue.query import ask
from tasks.build.deduplicate.published import DROPPED
from tests.benchmarks.scale.generate import LEDGER
from tests.benchmarks.scale.rows import LEAKS

LOOKED_AT = 20_000
"""Pairs that are compared word by word, at most."""

KEYS = ("task", "split", "record")


def found(root: Root, mirror: Path) -> dict[str, Any]:
    """Recall and precision of exact copies, near copies and leaks.

    Returns:
        lists of rows for the report, by name.
    """
    state = newest(root)
    ledger = named(pl.read_parquet(mirror / LEDGER), state, root)
    return {
        "exact": _exact(ledger),
        "near": near(ledger, _view(root, "near_duplicates"), state, root),
        "leaks": [*_leaks(ledger, _view(root, "leaks")), _quoted(_view(root, "leaks"), state, root)],
    }


def _view(root: Root, name: str) -> pl.DataFrame:
    with ask(root, f"SELECT * FROM {name}") as connection:
        names = [column[0] for column in connection.description or ()]
        return pl.DataFrame(connection.fetchall(), names, orient="row")


def named(ledger: pl.DataFrame, state: State, root: Root) -> pl.DataFrame:
    """The ledger with the id of each sample and the one that is published for it: another, if it was a duplicate."""
    samples = _samples(ledger, state, root)
    published = samples.select(*KEYS, "id", "published")
    twins = published.rename({name: f"twin_{name}" for name in published.columns})
    return ledger.join(published, on=KEYS, how="left").join(twins, on=[f"twin_{name}" for name in KEYS], how="left")


def _samples(ledger: pl.DataFrame, state: State, root: Root) -> pl.DataFrame:
    """The samples of the ledger's records: `id`, and `published`, the id of the one that stands for it."""
    frames = []
    for built in state.sources:
        dropped = {kept.task: root.local(f"{kept.place}/{DROPPED}") for kept in built.kept}
        for task in built.rendered:
            rows = ledger.filter(task=task.task)
            twins = ledger.filter(twin_task=task.task)
            twins = twins.select(split="twin_split", record="twin_record")
            wanted = pl.concat([rows.select("split", "record"), twins]).unique()
            gone = pl.scan_parquet(dropped[task.task]).select("id", "twin", "split")
            for split in task.splits:
                samples = pl.scan_parquet(root.local(f"{task.place}/{split}.parquet"))
                here = (
                    samples.select("id", task=pl.lit(task.task), split=pl.lit(split), record=pl.col("record_id"))
                    .join(wanted.lazy(), on=["split", "record"], how="semi")
                    .join(gone.filter(pl.col("split") == split).drop("split"), on="id", how="left")
                )
                frames.append(here.select(*KEYS, "id", published=pl.coalesce("twin", "id")).collect())
    return pl.concat(frames)


def _exact(ledger: pl.DataFrame) -> list[dict[str, Any]]:
    """A copy is found if it and its twin are not both published."""
    copies = ledger.filter(kind="exact").with_columns(hit=pl.col("published") == pl.col("twin_published"))
    return _recall(copies, "task")


def near(ledger: pl.DataFrame, view: pl.DataFrame, state: State, root: Root) -> list[dict[str, Any]]:
    """A near copy is found if it and its twin are in one cluster; a row that says so is right if the two are alike."""
    clusters = _members(view)
    copies = (
        ledger.filter(kind="near")
        .join(clusters.rename({"id": "published"}), on="published", how="left")
        .join(clusters.rename({"id": "twin_published", "cluster": "twin_cluster"}), on="twin_published", how="left")
        .with_columns(hit=(pl.col("cluster") == pl.col("twin_cluster")).fill_null(False), length=_length())
    )
    some = copies.sample(min(LOOKED_AT, copies.height), seed=1)
    alike = some.filter(_alike(some["published"], some["twin_published"], state, root))
    rows = [*_recall(copies, "task"), *_recall(copies, "length")[:-1]]
    rows.append(
        _row(f"recall, of a sample with exact Jaccard {THRESHOLD} or more", int(alike["hit"].sum()), alike.height)
    )
    roots = dict(_roots(ledger).iter_rows())
    one, other = (view[name].replace(roots) for name in ("id", "twin"))
    strangers = view.filter(one != other)
    rows.append(_row("precision, planted", view.height - strangers.height, view.height))
    some = view.sample(min(LOOKED_AT, view.height), seed=1)
    right = _alike(some["id"], some["twin"], state, root)
    rows.append(_row("precision, a sample compared word by word", int(right.sum()), some.height))
    return rows


def _alike(ones: pl.Series, others: pl.Series, state: State, root: Root) -> pl.Series:
    """Whether the words of each two samples are near duplicates, by exact comparison of sets."""
    words = _words(pl.concat([ones, others]).unique(), state, root)
    return pl.Series(
        [similarity(words[one], words[other]) >= THRESHOLD for one, other in zip(ones, others, strict=True)],
        dtype=pl.Boolean,
    )


def similarity(one: Sequence[str], other: Sequence[str]) -> float:
    """The Jaccard index of the shingles of two texts; of short ones that differ in one word 1."""
    if max(len(one), len(other)) <= SHORT[1] and min(len(one), len(other)) >= SHORT[0] and distance(one, other) <= 1:
        return 1.0
    first, second = ({tuple(text[at : at + SHINGLE]) for at in range(len(text) - SHINGLE + 1)} for text in (one, other))
    return len(first & second) / max(1, len(first | second))


def _words(ids: pl.Series, state: State, root: Root) -> dict[str, list[str]]:
    frames = []
    for built in state.sources:
        for task in built.rendered:
            files = [root.local(f"{task.place}/{split}.parquet") for split in task.splits]
            samples = pl.scan_parquet(files).select("id", "input").filter(pl.col("id").is_in(ids.implode())).collect()
            frames.append(samples.select("id", words=words_of(asked(samples["input"], task.task))))
    return dict(pl.concat(frames).iter_rows())


def _leaks(ledger: pl.DataFrame, view: pl.DataFrame) -> list[dict[str, Any]]:
    """A leak is found if its training sample is listed with the test or a copy of it, or is not published."""
    roots = _roots(ledger)
    listed = (
        view.select("test_id", "train_id", "kind")
        .join(roots.rename({"id": "test_id", "root": "test_root"}), on="test_id", how="left")
        .join(roots.rename({"id": "train_id", "root": "train_root"}), on="train_id", how="left")
        .with_columns(pl.coalesce("test_root", "test_id"), pl.coalesce("train_root", "train_id"))
        .with_columns(planted=pl.col("test_root") == pl.col("train_root"))
    )
    hits = listed.filter("planted").select("train_id").unique()
    planted = (
        ledger.filter(pl.col("kind").is_in(LEAKS))
        .with_columns(removed=pl.col("id") != pl.col("published"))
        .with_columns(hit=pl.col("removed") | pl.col("id").is_in(hits["train_id"].implode()))
        .with_columns(
            where=pl.when(pl.col("task") == pl.col("twin_task"))
            .then(pl.lit("own task"))
            .otherwise(pl.lit("another task"))
        )
    )
    rows = [*_recall(planted, "kind"), *_recall(planted, "where")[:-1]]
    by_kind = listed.group_by("kind").agg(right=pl.col("planted").sum(), rows=pl.len()).sort("kind")
    return rows + [_row(f"precision, listed as {kind}, planted", right, of) for kind, right, of in by_kind.iter_rows()]


def _quoted(view: pl.DataFrame, state: State, root: Root) -> dict[str, Any]:
    """Of the sequences of words that are listed, how many stand in both texts."""
    listed = view.filter(pl.col("kind") == "words")
    some = listed.sample(min(LOOKED_AT, listed.height), seed=1)
    words = _words(pl.concat([some["test_id"], some["train_id"]]).unique(), state, root)
    texts = {id_: f" {' '.join(found)} " for id_, found in words.items()}
    right = sum(
        all(f" {evidence} " in texts[id_] for id_ in ids)
        for *ids, evidence in some.select("test_id", "train_id", "evidence").iter_rows()
    )
    return _row("precision, words that stand in both texts", right, some.height)


def _roots(ledger: pl.DataFrame) -> pl.DataFrame:
    """Of each planted sample the fresh one from which its text is: a leak's test, or what a copy repeats."""
    pairs = ledger.select(id="published", root="twin_published").filter(pl.col("id") != pl.col("root"))
    return pairs.unique("id", keep="first", maintain_order=True)


def _members(view: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([view.select("id", "cluster"), view.select(pl.col("twin").alias("id"), "cluster")]).unique("id")


def _length() -> pl.Expr:
    words = pl.col("words")
    short = pl.when(words < SHORT[0]).then(pl.lit(f"under {SHORT[0]} words"))
    return (
        short.when(words < LONG)
        .then(pl.lit(f"{SHORT[0]} to {LONG - 1} words"))
        .otherwise(pl.lit(f"{LONG} words and more"))
    )


def _recall(planted: pl.DataFrame, by: str) -> list[dict[str, Any]]:
    rows = planted.group_by(by).agg(pl.col("hit").sum(), pl.len()).sort(by).rows()
    return [
        _row(f"recall, {name}", *counts) for name, *counts in [*rows, ("all", planted["hit"].sum(), planted.height)]
    ]


def _row(what: str, right: int, of: int) -> dict[str, Any]:
    return {"what": what, "right": right, "of": of}
