"""The table of leaks: each pair with the ids of its samples and the evidence that one leaks into the other."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from schemas.audit import SEQUENCE, SHORT_SEQUENCE, Kind
from schemas.receipts import Rendered
from schemas.state import State
from tasks.base.store.frames import scan
from tasks.base.store.root import Root
from tasks.build.audit.corpus import Corpus, Rows, Texts
from tasks.build.audit.index import asked
from tasks.build.audit.keyed import Keyed
from tasks.build.audit.leaks import ORDER, Found, Sequences, is_benchmark
from tasks.build.audit.similarity import similarities
from tasks.build.audit.words import split

LEAKS = ("test_task", "test_id", "train_task", "train_id", "kind", "evidence")
"""Columns of leaks.parquet, all of type text."""


def listed(
    corpus: Corpus, known: Texts, leaks: Mapping[Kind, Found], sequences: Keyed, state: State, root: Root
) -> pl.DataFrame:
    """The table of leaks, in the order of tests, training samples and kinds.

    Args:
        corpus: all samples.
        known: their distinct texts.
        leaks: the pairs of each kind.
        sequences: the word sequences of tests that also occur in training texts, with their positions.
        state: the build, for the inputs of its samples.
        root: where they are.
    """
    pairs = {kind: _pairs(found) for kind, found in leaks.items()}
    said = {
        "test": _itself(corpus),
        "document": _documents(corpus, pairs["document"]),
        "text": _words(corpus, pairs["text"].with_columns(place=pl.lit(0, pl.Int64)), state, root),
        "words": _words(corpus, _placed(pairs["words"], sequences), state, root),
        "near": _similar(corpus, known, pairs["near"]),
    }
    frames = [frame.with_columns(kind=pl.lit(kind), order=pl.lit(ORDER.index(kind))) for kind, frame in said.items()]
    every = pl.concat(frames).sort("test", "train", "order")
    test = corpus.named(every["test"].to_numpy()).select(test_task="task", test_id="id")
    train = corpus.named(every["train"].to_numpy()).select(train_task="task", train_id="id")
    return pl.concat([test, train, every.select("kind", "evidence")], how="horizontal").select(LEAKS)


STOCK = ("test_task", "test_id", "train_task", "train_id", "evidence")
"""Columns of boilerplate.parquet, all of type text."""


def stock_phrases(corpus: Corpus, found: Sequences, leaks: pl.DataFrame, state: State, root: Root) -> pl.DataFrame:
    """The pairs that have nothing but boilerplate in common, with the words: those that are not listed as leaks.

    Args:
        corpus: all samples.
        found: the pairs, and the sequences of the tests.
        leaks: the table of leaks.
        state: the build, for the inputs of its samples.
        root: where they are.
    """
    pairs = _words(corpus, _placed(found.boilerplate.select("test", "train", "key"), found.tested), state, root)
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


_EVIDENCE = {"test": pl.Int64, "train": pl.Int64, "evidence": pl.String}


def _itself(corpus: Corpus) -> pl.DataFrame:
    frames = [pl.DataFrame(schema=_EVIDENCE)]
    for section in corpus.sections:
        if section.split == "train" and is_benchmark(section.task, section.split):
            rows = np.arange(section.first, section.first + section.rows)
            frames.append(pl.DataFrame({"test": rows, "train": rows, "evidence": "a test of the benchmark"}))
    return pl.concat(frames)


def _documents(corpus: Corpus, pairs: pl.DataFrame) -> pl.DataFrame:
    return pairs.with_columns(evidence=corpus.documents(pairs["test"].to_numpy())).select(*_EVIDENCE)


def _similar(corpus: Corpus, known: Texts, pairs: pl.DataFrame) -> pl.DataFrame:
    both = np.sort(known.of[pairs.select("test", "train").to_numpy()], axis=1).reshape(-1, 2)
    different, places = np.unique(both, axis=0, return_inverse=True)
    similar = similarities(corpus, known, different)[places.ravel()]
    return pairs.with_columns(evidence=pl.format("Jaccard {}", pl.Series(similar).round(3))).select(*_EVIDENCE)


def _placed(pairs: pl.DataFrame, sequences: Keyed) -> pl.DataFrame:
    assert sequences.places is not None
    places = pl.DataFrame({"key": sequences.keys, "test": sequences.rows, "place": sequences.places})
    first = places.join(pairs, on=["key", "test"], how="semi").group_by("key", "test").agg(pl.col("place").min())
    return pairs.join(first, on=["key", "test"], how="left", maintain_order="left")


def _words(corpus: Corpus, pairs: pl.DataFrame, state: State, root: Root) -> pl.DataFrame:
    """The words of the test text from a position on: thirteen, or eight if the text is short."""
    rows = pairs["test"].unique().sort().to_numpy()
    texts = _texts(corpus, rows, state, root)
    length = pl.when(pl.col("words").list.len() < SEQUENCE).then(SHORT_SEQUENCE).otherwise(SEQUENCE)
    said = pl.col("words").list.slice(pl.col("place"), length).list.join(" ")
    return (
        pairs.join(texts, on="test", how="left", maintain_order="left").with_columns(evidence=said).select(*_EVIDENCE)
    )


def _texts(corpus: Corpus, rows: Rows, state: State, root: Root) -> pl.DataFrame:
    """The words of the inputs of some samples, from their rendered files: columns `test` and `words`."""
    found: dict[str, Rendered] = {rendered.task: rendered for built in state.sources for rendered in built.rendered}
    frames = [pl.DataFrame(schema={"test": pl.Int64, "words": pl.List(pl.String)})]
    for (task, part), group in corpus.named(rows).group_by("task", "split", maintain_order=True):
        rendered = found[str(task)]
        samples = scan(root.local(f"{rendered.place}/{part}.parquet")).select(pl.col("id", "input").cast(pl.String))
        here = samples.filter(pl.col("id").is_in(group["id"].implode())).unique("id").collect()
        inputs = group.join(here, on="id", how="left", maintain_order="left")
        frames.append(pl.DataFrame({"test": group["row"], "words": split(asked(inputs["input"], str(task)))}))
    return pl.concat(frames)
