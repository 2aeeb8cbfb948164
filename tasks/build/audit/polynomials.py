"""Runs of words as polynomials modulo 2^64 over the words' hashes."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

_BASE = 0x9E3779B97F4A7C15
_ALL = 2**64
_STEP = 4096


class Polynomials(NamedTuple):
    """The polynomials of all runs of some words, as differences of sums.

    The base is odd, so it has an inverse modulo 2^64. The last word of a run is multiplied by 1.

    Attributes:
        sums: of the words before each place, the word at place `i` times `base^-(i+1)`; one more than there are words.
        powers: of the base, as many.
    """

    sums: Hashes
    powers: Hashes

    @classmethod
    def of(cls, words: NDArray[np.uint32]) -> "Polynomials":
        """Those of some words."""
        sums = powers(pow(_BASE, -1, _ALL), len(words) + 1)
        sums[1:] *= words.astype(np.uint64) + np.uint64(1)
        sums[0] = 0
        return cls(np.cumsum(sums, out=sums), powers(_BASE, len(words) + 1))

    def runs(self, first: Any, last: Any) -> Hashes:
        """The polynomials of the runs of words from `first` to before `last`: slices, or arrays of places."""
        return (self.sums[last] - self.sums[first]) * self.powers[last]


def power(exponent: int) -> np.uint64:
    """A power of the base."""
    return np.uint64(pow(_BASE, exponent, _ALL))


def powers(base: int, count: int) -> Hashes:
    """The first powers of an odd number, beginning with 1: those of whole steps times those within a step."""
    steps, within = _multiplied(pow(base, _STEP, _ALL), -(-count // _STEP)), _multiplied(base, _STEP)
    return np.multiply.outer(steps, within).ravel()[:count]


def _multiplied(base: int, count: int) -> Hashes:
    return np.multiply.accumulate(np.array([1, *[base] * (count - 1)], np.uint64))


def mixed(values: Hashes) -> Hashes:
    """Spread every bit over all bits (the finalizer of MurmurHash3): the high bits choose partitions."""
    values = values ^ (values >> np.uint64(33))
    values *= np.uint64(0xFF51AFD7ED558CCD)
    values ^= values >> np.uint64(33)
    values *= np.uint64(0xC4CEB9FE1A85EC53)
    values ^= values >> np.uint64(33)
    return values


def distinct(values: Hashes) -> Hashes:
    """The distinct values in ascending order; sorting is several times faster than numpy's `unique`."""
    ordered = np.sort(values)
    return ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])] if len(ordered) else ordered


def members(values: Hashes, some: Hashes) -> NDArray[np.bool_]:
    """Whether each value is one of some distinct ones, which are in ascending order."""
    if not len(some):
        return np.zeros(len(values), bool)
    places = np.searchsorted(some, values)
    return some[np.minimum(places, len(some) - 1)] == values
