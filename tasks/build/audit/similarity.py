"""The Jaccard index of pairs of texts, and what their sets of windows have in common."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tasks.build.audit.polynomials import Hashes, distinct
from tasks.build.audit.windows import Windows, windows
from tasks.build.audit.words import Words

_SHIFT = np.uint64(40)
_DROPPED = np.uint64(24)
_MASK = np.uint64(2**40 - 1)


def jaccard(words: Words, size: int, pairs: NDArray[np.int64]) -> NDArray[np.float64]:
    """The Jaccard index of the sets of windows of pairs of texts.

    Args:
        words: the texts.
        size: words of a window.
        pairs: places of two texts, one row a pair.
    """
    sets = sets_of(windows(words, size), len(words.lengths))
    union = sets.sizes[pairs].sum(axis=1)
    both = common(sets, sets, pairs)
    return both / np.maximum(union - both, 1)


class Sets(NamedTuple):
    """The distinct windows of texts.

    Attributes:
        members: 40 bits of the hash of each, text by text, in ascending order.
        ends: where the windows of each text begin; one more than there are texts.
    """

    members: Hashes
    ends: NDArray[np.int64]

    @property
    def sizes(self) -> NDArray[np.int64]:
        """The number of distinct windows of each text."""
        return np.diff(self.ends)


def sets_of(found: Windows, texts: int) -> Sets:
    """The distinct windows of each of a number of texts."""
    sets = distinct((found.rows.astype(np.uint64) << _SHIFT) | (found.hashes >> _DROPPED))
    return Sets(sets & _MASK, np.searchsorted(sets >> _SHIFT, np.arange(texts + 1, dtype=np.uint64)))


def common(left: Sets, right: Sets, pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """The number of windows that the texts of each pair have in common.

    Args:
        left: the sets of the first texts.
        right: the sets of the second.
        pairs: places of a text in each, one row a pair.
    """
    both = np.concatenate([_of(side.members, side.ends, pairs[:, place]) for place, side in enumerate((left, right))])
    both.sort()
    twice = both[1:][both[1:] == both[:-1]] >> _SHIFT
    return np.bincount(twice.astype(np.int64), minlength=len(pairs))


def _of(members: Hashes, ends: NDArray[np.int64], chosen: NDArray[np.int64]) -> Hashes:
    """The members of the sets of chosen texts, marked with the place of the pair."""
    sizes = ends[chosen + 1] - ends[chosen]
    starts = np.repeat(ends[chosen] - (np.cumsum(sizes) - sizes), sizes)
    marks = np.repeat(np.arange(len(chosen), dtype=np.uint64), sizes) << _SHIFT
    return marks | members[starts + np.arange(len(starts))]
