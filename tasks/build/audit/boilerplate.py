"""Boilerplate: sequences of words that many documents have, by which no text leaks into another."""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from schemas.audit import BOILERPLATE, LONG, MOSTLY
from tasks.build.audit.corpus import Corpus, Rows
from tasks.build.audit.polynomials import Hashes
from tasks.build.audit.sequences import tested, trained
from tasks.build.audit.similarity import common, sets_of
from tasks.build.audit.windows import windows
from tasks.build.audit.words import Words


class Apart(NamedTuple):
    """Pairs that have a frequent sequence in common, told apart.

    Attributes:
        leaks: those that have most of the test text in common.
        boilerplate: those that have nothing but boilerplate in common.
    """

    leaks: pl.DataFrame
    boilerplate: pl.DataFrame


def frequent(corpus: Corpus, keys: Hashes, rows: Rows) -> Hashes:
    """The sequences that more than `BOILERPLATE` documents have; a text without a known document is one.

    Args:
        corpus: all samples.
        keys: sequences of tests and training texts.
        rows: the sample of each.
    """
    origins = corpus.origins[rows]
    counts = pl.DataFrame({"key": keys, "origin": origins}).unique().group_by("key").len()
    return counts.filter(pl.col("len") > BOILERPLATE)["key"].sort().to_numpy()


def apart(corpus: Corpus, pairs: pl.DataFrame) -> Apart:
    """Tell pairs with a frequent sequence in common apart by the share of the test that they have in common.

    A short test text may be a stock phrase as a whole.

    Args:
        corpus: all samples.
        pairs: columns `test` and `train`, among others.
    """
    tests, trains = pairs["test"].to_numpy(), pairs["train"].to_numpy()
    left, places = np.unique(tests, return_inverse=True)
    words = corpus.gather(left)
    most = pl.Series((words.lengths[places] >= LONG) & (_shares(corpus, words, places, trains) >= MOSTLY))
    return Apart(pairs.filter(most), pairs.filter(~most))


def _shares(corpus: Corpus, words: Words, tests: Rows, trains: Rows) -> NDArray[np.float64]:
    """The share of the sequences of each test that the training sample has too."""
    right, places = np.unique(trains, return_inverse=True)
    wanted = sets_of(tested(words, windows), len(words.lengths))
    there = sets_of(trained(corpus.gather(right), windows), len(right))
    return common(wanted, there, np.stack([tests, places], axis=1)) / np.maximum(wanted.sizes[tests], 1)
