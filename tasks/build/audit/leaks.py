"""Leaks: documents, texts or word sequences that training samples have in common with test samples of any task.

A leak is listed for each test sample and training task, with the first training sample, and for each training sample
and test task, with the first test sample. So every affected sample has a row, but a stock phrase in thousands of
samples does not give millions of rows.
"""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from schemas.audit import Kind
from schemas.task import Split
from tasks.base.paper.held_out import held_out
from tasks.build.audit.alike import first_of_alike, of_samples
from tasks.build.audit.boilerplate import apart, frequent
from tasks.build.audit.common import Common
from tasks.build.audit.corpus import Corpus, Section, Texts, numbers
from tasks.build.audit.keyed import Keyed
from tasks.build.audit.near import Clusters
from tasks.build.audit.polynomials import Hashes

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
    return shared(corpus, *(_known(corpus.papers, side) for side in (tests(corpus), trains(corpus))))


def by_text(corpus: Corpus) -> Found:
    """Leaks by equal words; a text without words equals no other."""
    return shared(corpus, *(_known(corpus.texts, side) for side in (tests(corpus), trains(corpus))))


def _known(hashes: Hashes, sections: list[Section]) -> Keyed:
    """The samples of some sections with a hash of each, unless it is 0."""
    rows = numbers(sections)
    rows = rows[hashes[rows] != 0]
    return Keyed(hashes[rows], rows)


def by_cluster(corpus: Corpus, known: Texts, found: Clusters) -> Found:
    """Leaks of near duplicates, except those with equal words."""
    clusters = (found.of[known.of] + 1).astype(np.uint64)
    every = shared(corpus, *(_known(clusters, side) for side in (tests(corpus), trains(corpus))))
    return Found(*(_different(known, side) for side in every))


def _different(known: Texts, pairs: pl.DataFrame) -> pl.DataFrame:
    return pairs.filter(pl.Series(known.of[pairs["test"].to_numpy()] != known.of[pairs["train"].to_numpy()]))


class Sequences(NamedTuple):
    """Sequences of words that tests and training texts have in common.

    Attributes:
        leaks: by sequences that few documents have, or by most of a test text.
        boilerplate: pairs that have nothing but boilerplate in common.
        tested: the sequences of the tests; one of those that the same texts have.
    """

    leaks: Found
    boilerplate: pl.DataFrame
    tested: Keyed


def by_words(corpus: Corpus, known: Texts, found: Common) -> Sequences:
    """Leaks by a common sequence of words, told apart from boilerplate."""
    few = first_of_alike(found)
    test, train = of_samples(few.tested, known, tests(corpus)), of_samples(few.trained, known, trains(corpus))
    stock = frequent(corpus, np.concatenate([test.keys, train.keys]), np.concatenate([test.rows, train.rows]))
    own = shared(corpus, test.without(stock), train.without(stock))
    every = pl.concat(shared(corpus, test.only(stock), train.only(stock))).unique(["test", "train"], keep="first")
    listed = pl.concat(own).select("test", "train")
    told = apart(corpus, every.join(listed, on=["test", "train"], how="anti").sort("test", "train"))
    leaks = Found(pl.concat([own.tests, told.leaks]), own.trains)
    return Sequences(leaks, told.boilerplate, test)


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
