"""Samples with the keys that they may have in common with others."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tasks.build.audit.corpus import Rows
from tasks.build.audit.polynomials import Hashes, members


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

    def only(self, keys: Hashes) -> "Keyed":
        """Those with one of some keys, which are distinct and in ascending order."""
        return self.at(members(self.keys, keys))

    def without(self, keys: Hashes) -> "Keyed":
        """Those with none of some keys, which are distinct and in ascending order."""
        return self.at(~members(self.keys, keys))

    def at(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> "Keyed":
        """Those at some places."""
        return Keyed(self.keys[chosen], self.rows[chosen], None if self.places is None else self.places[chosen])
