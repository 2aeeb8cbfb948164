"""A Bloom filter of 64-bit hashes: it never misses a member of a set, and rarely takes another hash for one."""

import numpy as np
from numpy.typing import NDArray

from tasks.build.audit.polynomials import Hashes

BITS = 40
"""Bits for each hash: with three marks in one word, about one hash in a thousand passes wrongly."""

_SIX = np.uint64(63)


class Bloom:
    """Three marks of each hash in one word of 64 bits, so that a look-up reads memory once.

    Args:
        words: as many as a power of two.
    """

    def __init__(self, words: Hashes) -> None:
        self.words = words
        self.shift = np.uint64(65 - len(words).bit_length())

    @classmethod
    def empty(cls, count: int) -> "Bloom":
        """A filter without marks, for an expected number of hashes; each takes 5 bytes."""
        return cls(np.zeros(2 ** max(10, int(np.ceil(np.log2(max(1, count) * BITS / 64)))), np.uint64))

    def add(self, hashes: Hashes) -> None:
        """Mark hashes."""
        np.bitwise_or.at(self.words, hashes >> self.shift, _marks(hashes))

    def has(self, hashes: Hashes) -> NDArray[np.bool_]:
        """Whether each hash may have been marked."""
        marks = _marks(hashes)
        return self.words[hashes >> self.shift] & marks == marks


def _marks(hashes: Hashes) -> Hashes:
    one = np.uint64(1)
    marks = one << (hashes & _SIX)
    for bits in (6, 12):
        marks |= one << ((hashes >> np.uint64(bits)) & _SIX)
    return marks
