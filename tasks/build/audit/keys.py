"""Keys of texts: near duplicates have one in common. Long texts use MinHash, short ones omit each word in turn."""

from itertools import chain
from typing import NamedTuple

import numpy as np
import rensa
from numpy.typing import NDArray

from schemas.audit import BANDS, HASHES, LONG, SHINGLE, SHORT
from tasks.build.audit.polynomials import Hashes, mixed, power
from tasks.build.audit.windows import starting
from tasks.build.audit.words import Words

SEED = 2024
AT_ONCE = 256
"""Texts whose signatures become Python integers at the same time: few enough for the processor's cache."""

RANGES = 16
"""Highest bits of the keys by which they are ordered."""


class Keys(NamedTuple):
    """Keys in the order of their `RANGES` highest bits, with the text that each belongs to."""

    keys: Hashes
    rows: NDArray[np.uint32]


def keys(words: Words) -> Keys:
    """The keys of texts."""
    parts = [bands(words), one_less(words)]
    found = np.concatenate([part.keys for part in parts])
    rows = np.concatenate([part.rows for part in parts])
    order = np.argsort((found >> np.uint64(64 - RANGES)).astype(np.uint16), kind="stable")
    return Keys(found[order], rows[order])


def bands(words: Words) -> Keys:
    """The bands of the MinHash signatures of long texts: of `HASHES / BANDS` slots each."""
    rows = np.flatnonzero(words.lengths >= LONG)
    slots = _signatures(words.take(rows)).reshape(len(rows), BANDS, HASHES // BANDS)
    found = np.broadcast_to(np.arange(1, BANDS + 1, dtype=np.uint64), slots.shape[:2])
    for slot in range(slots.shape[2]):
        found = mixed(found * power(1) + slots[:, :, slot])
    return Keys(found.ravel(), np.repeat(rows, BANDS).astype(np.uint32))


def _signatures(words: Words) -> NDArray[np.uint32]:
    """The MinHash signatures of texts of at least `SHINGLE` words, one row a text."""
    inside = np.ones(len(words.hashes), bool)
    for place in range(1, SHINGLE):
        inside[words.offsets[1:] - place] = False
    hashes = starting(words, SHINGLE)
    hashes = hashes[inside[: len(hashes)]]
    ends = words.offsets - (SHINGLE - 1) * np.arange(len(words.offsets))
    found = [np.empty((0, HASHES), np.uint32)]
    for first in range(0, len(words.lengths), AT_ONCE):
        some = ends[first : first + AT_ONCE + 1]
        digests = rensa.RMinHash.digest_matrix_from_flat_token_hashes(  # pyright: ignore[reportAttributeAccessIssue]
            hashes[some[0] : some[-1]], (some - some[0]).astype(np.uint64), HASHES, SEED
        )
        slots = np.fromiter(chain.from_iterable(digests.to_rows()), np.uint32, count=(len(some) - 1) * HASHES)
        found.append(slots.reshape(-1, HASHES))
    return np.concatenate(found)


def one_less(words: Words) -> Keys:
    """Keys of short texts: the text, and the text without each of its words.

    Two texts that differ in one changed word are equal without it; one that has a word more is equal to the other
    without that word.
    """
    lengths = words.lengths
    texts = np.flatnonzero((lengths >= SHORT[0]) & (lengths <= SHORT[1]))
    rows = np.repeat(texts, lengths[texts])
    first, last = words.offsets[rows], words.offsets[rows + 1]
    starts = np.cumsum(lengths[texts]) - lengths[texts]
    out = first + np.arange(len(rows)) - np.repeat(starts, lengths[texts])
    runs, powers = words.polynomials.runs, words.polynomials.powers
    less = runs(first, out) * powers[last - out - 1] + runs(out + 1, last)
    every = runs(words.offsets[texts], words.offsets[texts + 1])
    sizes = np.concatenate([lengths[texts], lengths[rows] - 1]).astype(np.uint64)
    found = mixed(np.concatenate([every, less]) ^ (sizes * power(2)))
    return Keys(found, np.concatenate([texts, rows]).astype(np.uint32))
