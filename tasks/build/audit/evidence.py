"""The table of leaks: each pair with the ids of its samples and the evidence that one leaks into the other."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from schemas.audit import Kind
from tasks.build.audit.corpus import Corpus
from tasks.build.audit.keyed import Keyed
from tasks.build.audit.leaks import ORDER, Found, Sequences, is_benchmark
from tasks.build.audit.quoted import EVIDENCE, Quoted
from tasks.build.audit.similar import Similar

LEAKS = ("test_task", "test_id", "train_task", "train_id", "kind", "evidence")
"""Columns of leaks.parquet, all of type text."""


def listed(
    corpus: Corpus, leaks: Mapping[Kind, Found], sequences: Keyed, similar: Similar, quoted: Quoted
) -> pl.DataFrame:
    """The table of leaks, in the order of tests, training samples and kinds.

    Args:
        corpus: all samples.
        leaks: the pairs of each kind.
        sequences: the word sequences of tests that also occur in training texts, with their positions.
        similar: the similarity of pairs of texts.
        quoted: the words of tests.
    """
    pairs = {kind: _pairs(found) for kind, found in leaks.items()}
    said = {
        "test": _itself(corpus),
        "document": _documents(corpus, pairs["document"]),
        "text": quoted.of(pairs["text"].with_columns(place=pl.lit(0, pl.Int64))),
        "words": quoted.of(_placed(pairs["words"], sequences)),
        "near": _similar(pairs["near"], similar),
    }
    frames = [frame.with_columns(kind=pl.lit(kind), order=pl.lit(ORDER.index(kind))) for kind, frame in said.items()]
    every = pl.concat(frames).sort("test", "train", "order")
    test = corpus.named(every["test"].to_numpy()).select(test_task="task", test_id="id")
    train = corpus.named(every["train"].to_numpy()).select(train_task="task", train_id="id")
    return pl.concat([test, train, every.select("kind", "evidence")], how="horizontal").select(LEAKS)


STOCK = ("test_task", "test_id", "train_task", "train_id", "evidence")
"""Columns of boilerplate.parquet, all of type text."""


def stock_phrases(corpus: Corpus, found: Sequences, leaks: pl.DataFrame, quoted: Quoted) -> pl.DataFrame:
    """The pairs that have nothing but boilerplate in common, with the words: those that are not listed as leaks.

    Args:
        corpus: all samples.
        found: the pairs, and the sequences of the tests.
        leaks: the table of leaks.
        quoted: the words of tests.
    """
    pairs = quoted.of(_placed(found.boilerplate.select("test", "train", "key"), found.tested))
    test = corpus.named(pairs["test"].to_numpy()).select(test_task="task", test_id="id")
    train = corpus.named(pairs["train"].to_numpy()).select(train_task="task", train_id="id")
    table = pl.concat([test, train, pairs.select("evidence")], how="horizontal").select(STOCK)
    return table.join(leaks, on=list(STOCK[:4]), how="anti", maintain_order="left")


def _pairs(found: Found) -> pl.DataFrame:
    return (
        pl.concat([found.tests, found.trains])
        .select("test", "train", "key")
        .unique(["test", "train"], keep="first", maintain_order=True)
    )


def _itself(corpus: Corpus) -> pl.DataFrame:
    frames = [pl.DataFrame(schema=EVIDENCE)]
    for section in corpus.sections:
        if section.split == "train" and is_benchmark(section.task, section.split):
            rows = np.arange(section.first, section.first + section.rows)
            frames.append(pl.DataFrame({"test": rows, "train": rows, "evidence": "a test of the benchmark"}))
    return pl.concat(frames)


def _documents(corpus: Corpus, pairs: pl.DataFrame) -> pl.DataFrame:
    return pairs.with_columns(evidence=corpus.documents(pairs["test"].to_numpy())).select(*EVIDENCE)


def _similar(pairs: pl.DataFrame, similar: Similar) -> pl.DataFrame:
    jaccard = similar.of_samples(pairs.select("test", "train").to_numpy())
    return pairs.with_columns(evidence=pl.format("Jaccard {}", pl.Series(jaccard).round(3))).select(*EVIDENCE)


def _placed(pairs: pl.DataFrame, sequences: Keyed) -> pl.DataFrame:
    assert sequences.places is not None
    places = pl.DataFrame({"key": sequences.keys, "test": sequences.rows, "place": sequences.places})
    first = places.join(pairs, on=["key", "test"], how="semi").group_by("key", "test").agg(pl.col("place").min())
    return pairs.join(first, on=["key", "test"], how="left", maintain_order="left")
