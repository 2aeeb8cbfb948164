"""The similarity of pairs of texts, each compared once: in one audit, and while the texts stay, in later ones."""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from schemas.audit import LONG, SHINGLE
from tasks.build.audit.corpus import Corpus, Texts
from tasks.build.audit.earlier import Earlier
from tasks.build.audit.polynomials import Hashes, distinct, members
from tasks.build.audit.similarity import jaccard

AT_ONCE = 16_384
"""Pairs that are compared at once."""

_LOW = np.uint64(2**32 - 1)
_HIGH = np.uint64(32)


class Compared(NamedTuple):
    """Pairs of texts that were compared.

    Attributes:
        jaccard: the Jaccard index of their shingles, or of their words if one of them is short.
        short: whether one of them is short.
    """

    jaccard: NDArray[np.float64]
    short: NDArray[np.bool_]


class Similar:
    """Compares pairs of texts, unless they were compared before.

    Args:
        corpus: all samples.
        known: their texts.
        before: what an earlier audit found.
    """

    def __init__(self, corpus: Corpus, known: Texts, before: Earlier) -> None:
        self._corpus, self._known = corpus, known
        table = before.tables["pairs"].sort("low", "high")
        self._pairs = _packed(table.select("low", "high").to_numpy())
        self._compared = Compared(table["jaccard"].to_numpy(), table["short"].to_numpy())

    def of(self, pairs: NDArray[np.int64]) -> Compared:
        """How similar the texts of each pair are, one row a pair."""
        wanted = _packed(pairs)
        self._add(distinct(wanted[~members(wanted, self._pairs)]))
        places = np.searchsorted(self._pairs, wanted)
        return Compared(self._compared.jaccard[places], self._compared.short[places])

    def of_samples(self, pairs: NDArray[np.int64]) -> NDArray[np.float64]:
        """The Jaccard index of the texts of each pair of samples."""
        return self.of(self._known.of[pairs]).jaccard

    @property
    def table(self) -> pl.DataFrame:
        """All pairs that were compared: `low`, `high`, `jaccard`, `short`."""
        both = {"low": self._pairs >> _HIGH, "high": self._pairs & _LOW}
        return pl.DataFrame({**both, **self._compared._asdict()})

    def _add(self, new: Hashes) -> None:
        for first in range(0, len(new), AT_ONCE):
            some = new[first : first + AT_ONCE]
            order = np.argsort(every := np.concatenate([self._pairs, some]), kind="stable")
            old, found = self._compared, self._compare(some)
            self._pairs = every[order]
            self._compared = Compared(
                np.concatenate([old.jaccard, found.jaccard])[order], np.concatenate([old.short, found.short])[order]
            )

    def _compare(self, packed: Hashes) -> Compared:
        pairs = np.stack([packed >> _HIGH, packed & _LOW], axis=1).astype(np.int64)
        rows, places = np.unique(self._known.row[pairs], return_inverse=True)
        places = places.reshape(pairs.shape)
        words = self._corpus.gather(rows)
        short = words.lengths[places].min(axis=1) < LONG
        result = np.empty(len(pairs))
        for size, chosen in ((1, short), (SHINGLE, ~short)):
            result[chosen] = jaccard(words, size, places[chosen])
        return Compared(result, short)


def _packed(pairs: NDArray[np.integer]) -> Hashes:
    """Each pair as one number, the lower text first."""
    both = np.sort(pairs.reshape(-1, 2).astype(np.uint64), axis=1)
    return (both[:, 0] << _HIGH) | both[:, 1]
