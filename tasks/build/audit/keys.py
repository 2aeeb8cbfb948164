"""Keys of texts: near duplicates have one in common. Long texts use MinHash, short ones omit each word in turn."""

from itertools import chain
from typing import NamedTuple

import numpy as np
import rensa
from numpy.typing import NDArray

from schemas.audit import BANDS, HASHES, LONG, SHINGLE, SHORT
from tasks.build.audit.windows import Hashes, matrix, mixed, polynomial, power, windows
from tasks.build.audit.words import Words

SEED = 2024
AT_ONCE = 4096
"""Texts whose signatures become Python integers at the same time."""


class Keys(NamedTuple):
    """Keys in ascending order, with the text that each belongs to."""

    keys: Hashes
    rows: NDArray[np.uint32]


def keys(words: Words) -> Keys:
    """The keys of texts."""
    lengths = np.unique(words.lengths)
    short = lengths[(lengths >= SHORT[0]) & (lengths <= SHORT[1])]
    parts = [bands(words), *(one_less(words, int(length)) for length in short)]
    found = np.concatenate([part.keys for part in parts])
    rows = np.concatenate([part.rows for part in parts])
    order = np.argsort(found, kind="stable")
    return Keys(found[order], rows[order])


def bands(words: Words) -> Keys:
    """The bands of the MinHash signatures of long texts: of `HASHES / BANDS` slots each."""
    chosen = np.flatnonzero(words.lengths >= LONG)
    found = [np.empty((0, BANDS), np.uint64)]
    shingles = windows(words, SHINGLE)
    ends = np.searchsorted(shingles.rows, np.arange(len(words.lengths) + 1))
    for first in range(0, len(chosen), AT_ONCE):
        rows = chosen[first : first + AT_ONCE]
        found.append(_banded(_signatures(shingles.hashes, ends, rows)))
    return Keys(np.concatenate(found).ravel(), np.repeat(chosen, BANDS).astype(np.uint32))


def _signatures(hashes: Hashes, ends: NDArray[np.int64], rows: NDArray[np.int64]) -> NDArray[np.uint32]:
    """The MinHash signatures of some texts, one row a text."""
    counts = ends[rows + 1] - ends[rows]
    offsets = np.concatenate([[0], np.cumsum(counts)])
    flat = hashes[np.repeat(ends[rows] - offsets[:-1], counts) + np.arange(offsets[-1])]
    digests = rensa.RMinHash.digest_matrix_from_flat_token_hashes(flat, offsets.astype(np.uint64), HASHES, SEED)  # pyright: ignore[reportAttributeAccessIssue]
    slots = np.fromiter(chain.from_iterable(digests.to_rows()), np.uint32, count=len(rows) * HASHES)
    return slots.reshape(len(rows), HASHES)


def _banded(signatures: NDArray[np.uint32]) -> Hashes:
    """One key for each band, different for equal slots of different bands."""
    slots = signatures.reshape(len(signatures), BANDS, HASHES // BANDS).astype(np.uint64)
    keys = np.broadcast_to(np.arange(1, BANDS + 1, dtype=np.uint64), slots.shape[:2]).copy()
    for slot in range(slots.shape[2]):
        keys = mixed(keys * power(1) + slots[:, :, slot])
    return keys


def one_less(words: Words, length: int) -> Keys:
    """Keys of the texts of one length: the text, and the text without each of its words.

    Two texts that differ in one changed word are equal without it; one that has a word more is equal to the other
    without that word.
    """
    rows = np.flatnonzero(words.lengths == length)
    text = matrix(words, rows, length)
    found = [polynomial(text), *(polynomial(np.delete(text, place, axis=1)) for place in range(length))]
    sizes = np.array([length, *[length - 1] * length], np.uint64)
    keys = mixed(np.stack(found, axis=1) ^ (sizes * power(2)))
    return Keys(keys.ravel(), np.repeat(rows, length + 1).astype(np.uint32))
