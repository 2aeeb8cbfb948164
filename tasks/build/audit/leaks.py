"""Leaks: documents, texts or word sequences that training samples have in common with test samples of any task.

A leak is listed for each test sample and training task, with the first training sample, and for each training sample
and test task, with the first test sample. So every affected sample has a row, but a stock phrase in thousands of
samples does not give millions of rows.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from schemas.audit import SEQUENCE, SHORT_SEQUENCE, Kind
from schemas.task import Split
from tasks.base.paper.held_out import held_out
from tasks.build.audit.bloom import Bloom
from tasks.build.audit.corpus import Batch, Corpus, Rows, Section, Texts, opened
from tasks.build.audit.near import Clusters
from tasks.build.audit.windows import Hashes, windows

PARTITIONS = 16
"""Ranges of keys that are joined one after the other."""


class Keyed(NamedTuple):
    """Samples and the keys that they may have in common with others.

    Attributes:
        keys: of documents, texts, sequences of words, or clusters.
        rows: the numbers of the samples.
        places: the word at which a sequence begins, counted in its text.
    """

    keys: Hashes
    rows: Rows
    places: NDArray[np.int64] | None = None

    @classmethod
    def joined(cls, parts: Iterable["Keyed"]) -> "Keyed":
        """Several of them, joined."""
        keys, rows, places = list(zip(*parts, strict=True)) or [(), (), ()]
        none = np.empty(0, np.int64)
        return cls(
            np.concatenate([np.empty(0, np.uint64), *keys]),
            np.concatenate([none, *rows]),
            np.concatenate([none, *places]),
        )


class Found(NamedTuple):
    """Leaks of one kind, as pairs of samples: columns `test`, `train`, `key`.

    Attributes:
        tests: the first training sample for each test sample and training task.
        trains: the first test sample for each training sample and test task.
    """

    tests: pl.DataFrame
    trains: pl.DataFrame

    def without(self, removed: pl.Series) -> "Found":
        """These leaks without those of removed training samples."""
        return Found(*(side.filter(~pl.col("train").is_in(removed.implode())) for side in self))


def tested(task: str, split: Split) -> bool:
    """Whether the samples of a split are tests: a test split, or one from which a test of the benchmark is made."""
    return split == "test" or is_benchmark(task, split)


def is_benchmark(task: str, split: Split) -> bool:
    """Whether a test of the benchmark is made from a split."""
    return task in held_out() and split in held_out()[task].splits


def tests(corpus: Corpus) -> list[Section]:
    """The sections with test samples."""
    return [section for section in corpus.sections if tested(section.task, section.split)]


def trains(corpus: Corpus) -> list[Section]:
    """The sections with training samples that are not tests themselves."""
    return [
        section for section in corpus.sections if section.split == "train" and not tested(section.task, section.split)
    ]


def by_document(corpus: Corpus) -> Found:
    """Leaks by a common publication."""
    return shared(corpus, _documents(tests(corpus)), _documents(trains(corpus)))


def _documents(sections: list[Section]) -> Keyed:
    found: list[Keyed] = []
    for section in sections:
        first = section.first
        for batch in opened(section.words):
            names = pl.Series("document", batch.column("document"))
            hashes = names.to_frame().select(pl.col("document").nchash.xxh3_64()).to_series().to_numpy()  # pyright: ignore[reportAttributeAccessIssue]
            rows = np.flatnonzero((names != "").to_numpy())
            found.append(Keyed(hashes[rows], rows + first, rows))
            first += batch.num_rows
    return Keyed.joined(found)


def by_text(corpus: Corpus) -> Found:
    """Leaks by equal words; a text without words equals no other."""

    def keyed(section: Section) -> Keyed:
        rows = np.arange(section.first, section.first + section.rows)
        keys = corpus.texts[rows]
        return Keyed(keys[keys != 0], rows[keys != 0], rows[keys != 0])

    return shared(corpus, *(Keyed.joined(map(keyed, side)) for side in (tests(corpus), trains(corpus))))


def by_cluster(corpus: Corpus, known: Texts, found: Clusters) -> Found:
    """Leaks of near duplicates, except those with equal words."""

    def keyed(section: Section) -> Keyed:
        rows = np.arange(section.first, section.first + section.rows)
        cluster = found.of[known.of[rows]]
        there = cluster >= 0
        return Keyed(cluster[there].astype(np.uint64), rows[there], rows[there])

    every = shared(corpus, *(Keyed.joined(map(keyed, side)) for side in (tests(corpus), trains(corpus))))
    return Found(*(_different(known, side) for side in every))


def _different(known: Texts, pairs: pl.DataFrame) -> pl.DataFrame:
    return pairs.filter(pl.Series(known.of[pairs["test"].to_numpy()] != known.of[pairs["train"].to_numpy()]))


def by_words(corpus: Corpus, workers: int) -> tuple[Found, Keyed]:
    """Leaks by a common sequence of words, and the sequences of the tests that occur in a training text.

    All sequences of the tests go into a Bloom filter. The few sequences of training texts that it lets through go into
    a second filter for the sequences of the tests. The remaining sequences are joined.
    """
    test, train = tests(corpus), trains(corpus)
    with ThreadPoolExecutor(workers) as pool:

        def each(function: Callable[[Batch], Keyed], sections: list[Section]) -> Iterator[Keyed]:
            return ahead(
                pool, function, (batch for section in sections for batch in corpus.batches(section)), 2 * workers
            )

        size = sum(int(batch.words.offsets[-1]) for section in test for batch in corpus.batches(section))
        marks = Bloom(size)
        for found in each(_tested_sequences, test):
            marks.add(found.keys)
        left = Keyed.joined(each(partial(_passing, marks, _sequences), train))
        marks = Bloom(len(left.keys))
        marks.add(left.keys)
        right = Keyed.joined(each(partial(_passing, marks, _tested_sequences), test))
    return shared(corpus, right, left), right


def ahead(
    pool: ThreadPoolExecutor, function: Callable[[Batch], Keyed], batches: Iterable[Batch], most: int
) -> Iterator[Keyed]:
    """The results of a function for batches, in order, with at most `most` computed ahead."""
    waiting: deque[Future[Keyed]] = deque()
    for batch in batches:
        if len(waiting) >= most:
            yield waiting.popleft().result()
        waiting.append(pool.submit(function, batch))
    while waiting:
        yield waiting.popleft().result()


def _passing(marks: Bloom, sequences: Callable[[Batch], Keyed], batch: Batch) -> Keyed:
    found = sequences(batch)
    there = np.flatnonzero(marks.has(found.keys))
    assert found.places is not None
    return Keyed(found.keys[there], found.rows[there], found.places[there])


def _sequences(batch: Batch) -> Keyed:
    """The sequences of training texts, of both lengths."""
    parts = (windows(batch.words, size) for size in (SEQUENCE, SHORT_SEQUENCE))
    return Keyed.joined(Keyed(part.hashes, part.rows + batch.first, part.places) for part in parts)


def _tested_sequences(batch: Batch) -> Keyed:
    """The sequences of test texts: the shorter ones of texts that are too short for the longer."""
    long = windows(batch.words, SEQUENCE)
    short = windows(batch.words, SHORT_SEQUENCE)
    brief = np.flatnonzero(batch.words.lengths[short.rows] < SEQUENCE)
    return Keyed.joined(
        Keyed(keys, rows + batch.first, places)
        for keys, rows, places in (long, (short.hashes[brief], short.rows[brief], short.places[brief]))
    )


def shared(corpus: Corpus, test: Keyed, train: Keyed) -> Found:
    """Join test and training samples on their keys, one range of keys at a time."""
    found = [_joined(corpus.task_of, _range(test, number), _range(train, number)) for number in range(PARTITIONS)]
    return Found(
        _first(pl.concat([part.tests for part in found]), "test", "train"),
        _first(pl.concat([part.trains for part in found]), "train", "test"),
    )


def _range(side: Keyed, number: int) -> Keyed:
    """The keys of one range, chosen by the low bits because cluster numbers are small."""
    here = np.flatnonzero(side.keys % np.uint64(PARTITIONS) == number)
    return Keyed(side.keys[here], side.rows[here])


def _joined(task: NDArray[np.int16], test: Keyed, train: Keyed) -> Found:
    left, right = (
        pl.DataFrame({"key": side.keys, name: side.rows, f"{name}_task": task[side.rows]}).lazy()
        for name, side in (("test", test), ("train", train))
    )
    left, right = left.join(right, on="key", how="semi"), right.join(left, on="key", how="semi")
    trains_of = right.group_by("key", "train_task").agg(pl.col("train").min())
    tests_of = left.group_by("key", "test_task").agg(pl.col("test").min())
    columns = ["test", "test_task", "train", "train_task", "key"]
    one, other = pl.collect_all(
        [left.join(trains_of, on="key").select(columns), right.join(tests_of, on="key").select(columns)]
    )
    return Found(_first(one, "test", "train"), _first(other, "train", "test"))


def _first(pairs: pl.DataFrame, side: str, other: str) -> pl.DataFrame:
    """For each sample of one side and task of the other, the pair with the first sample there."""
    ordered = pairs.sort(side, f"{other}_task", other, "key")
    return ordered.unique([side, f"{other}_task"], keep="first", maintain_order=True)


ORDER: tuple[Kind, ...] = ("test", "document", "text", "words", "near")
"""The order in which the leaks of a pair are listed."""
