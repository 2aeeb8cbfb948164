"""Leaks: documents, texts or word sequences that training samples have in common with test samples of any task.

A leak is listed for each test sample and training task, with the first training sample, and for each training sample
and test task, with the first test sample. So every affected sample has a row, but a stock phrase in thousands of
samples does not give millions of rows.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from schemas.audit import Kind
from schemas.task import Split
from tasks.base.paper.held_out import held_out
from tasks.build.audit.ahead import ahead
from tasks.build.audit.bloom import Bloom
from tasks.build.audit.boilerplate import apart, frequent
from tasks.build.audit.corpus import Batch, Corpus, Section, Texts, documents, opened
from tasks.build.audit.keyed import Keyed
from tasks.build.audit.near import Clusters
from tasks.build.audit.polynomials import distinct
from tasks.build.audit.sequences import Cut, passing
from tasks.build.audit.sequences import tested as tested_sequences
from tasks.build.audit.sequences import trained as trained_sequences
from tasks.build.audit.windows import Windows, windows
from tasks.build.audit.words import Words

AT_ONCE = 2_000_000
"""Keys of both sides that are joined at once; more of them in ranges, one after the other."""


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
            rows, hashes = documents(batch)
            found.append(Keyed(hashes, rows + first, rows))
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


class Sequences(NamedTuple):
    """Sequences of words that tests and training texts have in common.

    Attributes:
        leaks: by sequences that few documents have, or by most of a test text.
        boilerplate: pairs that have nothing but boilerplate in common.
        tested: the sequences of the tests that occur in a training text.
    """

    leaks: Found
    boilerplate: pl.DataFrame
    tested: Keyed


def by_words(corpus: Corpus, workers: int) -> Sequences:
    """Leaks by a common sequence of words, told apart from boilerplate."""
    test, train = _common(corpus, workers)
    stock = frequent(corpus, np.concatenate([test.keys, train.keys]), np.concatenate([test.rows, train.rows]))
    own = shared(corpus, test.without(stock), train.without(stock))
    every = pl.concat(shared(corpus, test.only(stock), train.only(stock))).unique(["test", "train"], keep="first")
    known = pl.concat(own).select("test", "train")
    found = apart(corpus, every.join(known, on=["test", "train"], how="anti").sort("test", "train"))
    leaks = Found(pl.concat([own.tests, found.leaks]), own.trains)
    return Sequences(leaks, found.boilerplate, test)


def _common(corpus: Corpus, workers: int) -> tuple[Keyed, Keyed]:
    """The sequences of tests and of training texts that the others have too.

    All sequences of the tests go into a Bloom filter. The few sequences of training texts that it lets through go into
    a second filter for the sequences of the tests.
    """
    test, train = tests(corpus), trains(corpus)
    with ThreadPoolExecutor(workers) as pool:

        def each(function: Callable[[Batch], Keyed], sections: list[Section]) -> Iterator[Keyed]:
            return ahead(
                pool, function, (batch for section in sections for batch in corpus.batches(section)), 2 * workers
            )

        size = sum(int(batch.words.offsets[-1]) for section in test for batch in corpus.batches(section))
        marks = Bloom(size)
        for found in each(_sequences(tested_sequences), test):
            marks.add(found.keys)
        left = Keyed.joined(each(_sequences(trained_sequences, passing(marks)), train))
        marks = Bloom(len(left.keys))
        marks.add(left.keys)
        right = Keyed.joined(each(_sequences(tested_sequences, passing(marks)), test))
    there = distinct(right.keys)
    return right, left.only(there)


def _sequences(of: Callable[[Words, Cut], Windows], cut: Cut = windows) -> Callable[[Batch], Keyed]:
    def keyed(batch: Batch) -> Keyed:
        found = of(batch.words, cut)
        return Keyed(found.hashes, found.rows + batch.first, found.places)

    return keyed


def shared(corpus: Corpus, test: Keyed, train: Keyed) -> Found:
    """Join test and training samples on their keys, one range of keys at a time."""
    ranges = 1 + (len(test.keys) + len(train.keys)) // AT_ONCE
    found = [
        _joined(corpus.task_of, _range(test, number, ranges), _range(train, number, ranges)) for number in range(ranges)
    ]
    return Found(
        _first(pl.concat([part.tests for part in found]), "test", "train"),
        _first(pl.concat([part.trains for part in found]), "train", "test"),
    )


def _range(side: Keyed, number: int, ranges: int) -> Keyed:
    """The keys of one range, chosen by the remainder because cluster numbers are small."""
    here = np.flatnonzero(side.keys % np.uint64(ranges) == number)
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
