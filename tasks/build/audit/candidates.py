"""Candidates for near duplicates: pairs of texts that have a key in common."""

from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from schemas.audit import AuditPiece
from tasks.build.audit.arrays import as_numbers
from tasks.build.audit.bloom import Bloom
from tasks.build.audit.corpus import Corpus, Texts
from tasks.build.audit.earlier import Earlier
from tasks.build.audit.pieces import Pieces
from tasks.build.audit.polynomials import Hashes, distinct, members

AT_ONCE = 250_000
"""Samples whose keys are processed together; of more, in up to `PARTITIONS` ranges, so that one is in memory."""

PARTITIONS = 16

ALL_PAIRS = 8
"""Up to this number of texts with a common key are all compared with each other; of more, each is compared with the
first and its neighbours."""


NUMBERS = "numbers.npy"
"""The text of each sample, beside the files of ranges."""

BEGINNING = 22
"""First bits of a key by which most of those that are not new are told."""

_REST = np.uint64(64 - BEGINNING)


class Repeated(NamedTuple):
    """Keys with the texts that have them."""

    keys: Hashes
    texts: NDArray[np.uint32]


def repeated(corpus: Corpus, known: Texts, before: Earlier, pieces: Pieces) -> Repeated:
    """The keys that several texts have, in ascending order, with these texts, in ascending order too.

    Args:
        corpus: all samples.
        known: their texts.
        before: what an earlier audit found; keys of texts that it has seen are looked up only among those of new texts.
        pieces: of the audit; ranges of keys are what steps may have done ahead.
    """
    of = _numbers(known)
    found = [
        pieces.found(piece, partial(_several, corpus, of, before, piece)) for piece in _ranges(corpus.rows, pieces)
    ]
    return Repeated(*(np.concatenate(column) for column in zip(*found, strict=True)))


def prepare(corpus: Corpus, known: Texts, before: Earlier, pieces: Pieces) -> list[AuditPiece]:
    """The ranges of keys that may be steps, with what they need; none where few texts are new."""
    ranges = _ranges(corpus.rows, pieces)
    if len(ranges) == 1 or (~before.seen).sum() <= pieces.limits.rows:
        return []
    pieces.shared(f"{ranges[0].place}/{NUMBERS}", lambda: _numbers(known))
    return ranges


def make_piece(corpus: Corpus, piece: AuditPiece, pieces: Pieces) -> None:
    """Find the keys of a range ahead of `repeated`, which takes them as they are: they depend on the texts alone."""
    pieces.found(piece, lambda: _several(corpus, pieces.get(f"{piece.place}/{NUMBERS}"), None, piece))


def _ranges(rows: int, pieces: Pieces) -> list[AuditPiece]:
    count = min(PARTITIONS, 1 << (rows // min(AT_ONCE, pieces.limits.rows)).bit_length())
    return pieces.cut("near duplicates", "keys", count)


def _numbers(known: Texts) -> NDArray[np.uint32]:
    return known.of.astype(np.uint32)


def candidates(found: Repeated) -> NDArray[np.int64]:
    """Pairs of texts with a common key, each once, the lower first; one row for each pair."""
    packed = _paired(found.keys, found.texts)
    return np.stack([packed >> np.uint64(32), packed & np.uint64(2**32 - 1)], axis=1).astype(np.int64)


def _several(corpus: Corpus, of: NDArray[np.uint32], before: Earlier | None, piece: AuditPiece) -> Repeated:
    """The keys of a range that several texts have, in order, each text once."""
    step = 2**64 // piece.count
    return _distinct(*_slice(corpus, of, before, piece.number * step, (piece.number + 1) * step))


def _slice(corpus: Corpus, of: NDArray[np.uint32], before: Earlier | None, low: int, high: int) -> Repeated:
    """The keys from `low` to below `high` that occur more than once, and some others, with the texts that have each."""
    keys = [np.empty(0, np.uint64)]
    nodes = [np.empty(0, np.uint32)]
    for section in corpus.sections:
        for first, batch in section.key_batches():
            found = as_numbers(batch.column("key"))
            part = _range(found, low, high)
            keys.append(found[part])
            nodes.append(of[first:][as_numbers(batch.column("row"))[part]])
    key, node = np.concatenate(keys), np.concatenate(nodes)
    if before is None or (new := ~before.seen[node]).all():
        return _repeated(key, node)
    some = distinct(key[new])
    begun = np.zeros(2**BEGINNING, bool)  # one look at the first bits spares most keys the search
    begun[some >> _REST] = True
    there = np.flatnonzero(begun[key >> _REST])
    there = there[members(key[there], some)]
    kept = before.tables["keys"]
    part = _range(kept["key"].to_numpy(), low, high)
    return Repeated(
        np.concatenate([kept["key"].to_numpy()[part], key[there]]),
        np.concatenate([kept["text"].to_numpy()[part], node[there]]),
    )


def _range(keys: Hashes, low: int, high: int) -> slice:
    """Where the keys of a range are among keys in the order of their highest bits."""
    last = len(keys) if high > 2**64 - 1 else np.searchsorted(keys, np.uint64(high))
    return slice(int(np.searchsorted(keys, np.uint64(low))), int(last))


def _repeated(key: Hashes, node: NDArray[np.uint32]) -> Repeated:
    """Drop most of the keys that occur once, the majority: sorting keys with their texts takes most of the time."""
    ordered = np.sort(key)
    again = ordered[1:][ordered[1:] == ordered[:-1]]
    marks = Bloom.empty(len(again))
    marks.add(again)
    here = np.flatnonzero(marks.has(key))
    return Repeated(key[here], node[here])


def _distinct(key: Hashes, node: NDArray[np.uint32]) -> Repeated:
    """Of keys with texts, those that several texts have, in order, each text once."""
    order = np.lexsort((node, key))
    key, node = key[order], node[order]
    new = np.ones(len(key), bool)
    new[1:] = (key[1:] != key[:-1]) | (node[1:] != node[:-1])
    key, node = key[new], node[new]
    same = np.concatenate([[False], key[1:] == key[:-1], [False]])
    several = same[1:] | same[:-1] if len(key) else same[:0]
    return Repeated(key[several], node[several])


def _paired(key: Hashes, node: NDArray[np.uint32]) -> Hashes:
    """Pairs of texts with equal keys, each packed into one number, each once."""
    starts = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]])) if len(key) else np.empty(0, np.int64)
    sizes = np.diff(np.append(starts, len(key)))
    group = np.repeat(np.arange(len(starts)), sizes)
    size, first = sizes[group], starts[group]
    places = np.arange(len(key))
    found = [_packed(node[first[first < places]], node[places[first < places]])]
    for distance in range(1, ALL_PAIRS):
        here = places[(places - first >= distance) & ((size <= ALL_PAIRS) | (distance == 1))]
        found.append(_packed(node[here - distance], node[here]))
    return distinct(np.concatenate(found))


def _packed(one: NDArray[np.uint32], other: NDArray[np.uint32]) -> Hashes:
    return (np.minimum(one, other).astype(np.uint64) << np.uint64(32)) | np.maximum(one, other).astype(np.uint64)
