"""The similarity of pairs of texts: the Jaccard index of their shingles."""

import numpy as np
from numpy.typing import NDArray

from schemas.audit import LONG, SHINGLE
from tasks.build.audit.corpus import Corpus, Texts
from tasks.build.audit.windows import Hashes, distinct, windows
from tasks.build.audit.words import Words

AT_ONCE = 16_384
"""Pairs that are verified at once."""

_SHIFT = np.uint64(40)
_DROPPED = np.uint64(24)
_MASK = np.uint64(2**40 - 1)


def similarities(corpus: Corpus, known: Texts, pairs: NDArray[np.int64]) -> NDArray[np.float64]:
    """The Jaccard index of each pair of texts: of their shingles, or of their words if one of them is short."""
    found = [_similar(corpus, known, pairs[first : first + AT_ONCE]) for first in range(0, len(pairs), AT_ONCE)]
    return np.concatenate(found) if found else np.empty(0)


def _similar(corpus: Corpus, known: Texts, pairs: NDArray[np.int64]) -> NDArray[np.float64]:
    rows, places = np.unique(known.row[pairs], return_inverse=True)
    places = places.reshape(pairs.shape)
    words = corpus.gather(rows)
    short = (words.lengths[places] < LONG).any(axis=1)
    result = np.empty(len(pairs))
    for size, chosen in ((1, short), (SHINGLE, ~short)):
        result[chosen] = jaccard(words, size, places[chosen])
    return result


def jaccard(words: Words, size: int, pairs: NDArray[np.int64]) -> NDArray[np.float64]:
    """The Jaccard index of the sets of windows of pairs of texts.

    Args:
        words: the texts.
        size: words of a window.
        pairs: places of two texts, one row a pair.
    """
    found = windows(words, size)
    sets = distinct((found.rows.astype(np.uint64) << _SHIFT) | (found.hashes >> _DROPPED))
    members = (sets & _MASK).astype(np.uint64)
    ends = np.searchsorted(sets >> _SHIFT, np.arange(len(words.lengths) + 1, dtype=np.uint64))
    sizes = np.diff(ends)
    union = sizes[pairs].sum(axis=1)
    both = np.concatenate([_of(members, ends, pairs[:, side]) for side in (0, 1)])
    both.sort()
    twice = both[1:][both[1:] == both[:-1]] >> _SHIFT
    common = np.bincount(twice.astype(np.int64), minlength=len(pairs))
    return common / np.maximum(union - common, 1)


def _of(members: Hashes, ends: NDArray[np.int64], chosen: NDArray[np.int64]) -> Hashes:
    """The members of the sets of chosen texts, marked with the place of the pair."""
    sizes = ends[chosen + 1] - ends[chosen]
    starts = np.repeat(ends[chosen] - (np.cumsum(sizes) - sizes), sizes)
    marks = np.repeat(np.arange(len(chosen), dtype=np.uint64), sizes) << _SHIFT
    return marks | members[starts + np.arange(len(starts))]
