"""Windows of consecutive words as 64-bit hashes: polynomials modulo 2^64 over the words' hashes, then mixed."""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tasks.build.audit.words import Words

Hashes = NDArray[np.uint64]

_BASE = 0x9E3779B97F4A7C15
_ALL = 2**64 - 1


class Windows(NamedTuple):
    """Windows that lie within one text.

    Attributes:
        hashes: one a window.
        rows: the text of each window.
        places: the word at which each begins, counted in its text.
    """

    hashes: Hashes
    rows: NDArray[np.int64]
    places: NDArray[np.int64]


def power(exponent: int) -> np.uint64:
    """A power of the base."""
    return np.uint64(pow(_BASE, exponent, _ALL + 1))


def mixed(values: Hashes) -> Hashes:
    """Spread every bit over all bits (the finalizer of MurmurHash3): the high bits choose partitions."""
    values = values ^ (values >> np.uint64(33))
    values = values * np.uint64(0xFF51AFD7ED558CCD)
    values ^= values >> np.uint64(33)
    values *= np.uint64(0xC4CEB9FE1A85EC53)
    values ^= values >> np.uint64(33)
    return values


def distinct(values: Hashes) -> Hashes:
    """The distinct values in ascending order; sorting is several times faster than numpy's `unique`."""
    ordered = np.sort(values)
    return ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])] if len(ordered) else ordered


def rolling(words: NDArray[np.uint32], size: int) -> Hashes:
    """The polynomial of each run of `size` words, joined from runs of powers of two; not mixed."""
    if len(words) < size:
        return np.empty(0, np.uint64)
    run, length = words.astype(np.uint64) + np.uint64(1), 1
    whole: Hashes | None = None
    done = 0
    while True:
        if size & length:
            whole = run if whole is None else _joined(whole, done, run, length)
            done += length
        length *= 2
        if length > size:
            break
        run = _joined(run, length // 2, run, length // 2)
    assert whole is not None
    return whole[: len(words) - size + 1]


def _joined(first: Hashes, size: int, second: Hashes, other: int) -> Hashes:
    """Polynomials of runs of `size + other` words from those of the two runs that follow each other."""
    count = min(len(first), len(second) - size)
    return first[:count] * power(other) + second[size : size + count]


def windows(words: Words, size: int) -> Windows:
    """All windows of `size` words that lie within one text."""
    found = rolling(words.hashes, size)
    lengths = words.lengths
    starts = np.repeat(words.offsets[:-1], np.maximum(lengths - size + 1, 0))
    counts = np.maximum(lengths - size + 1, 0)
    rows = np.repeat(np.arange(len(lengths)), counts)
    places = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    return Windows(mixed(found[starts + places]), rows, places)


def whole(words: Words) -> Hashes:
    """The polynomial of each whole text, mixed; equal for equal words. A text without words is 0."""
    result = np.zeros(len(words.offsets) - 1, np.uint64)
    lengths = words.lengths
    for length in np.unique(lengths[lengths > 0]):
        rows = np.flatnonzero(lengths == length)
        result[rows] = polynomial(matrix(words, rows, int(length)))
    return mixed(result)


def matrix(words: Words, rows: NDArray[np.int64], length: int) -> Hashes:
    """The words of texts of equal length, one row a text."""
    return words.hashes[words.offsets[rows][:, None] + np.arange(length)].astype(np.uint64) + np.uint64(1)


def polynomial(rows: Hashes) -> Hashes:
    """The polynomial of each row of words."""
    return (rows * _powers(rows.shape[1])).sum(axis=1, dtype=np.uint64)


@cache
def _powers(length: int) -> Hashes:
    """The powers of the base that the words of a text of some length are multiplied by."""
    return np.array([power(exponent) for exponent in range(length)[::-1]], np.uint64)
