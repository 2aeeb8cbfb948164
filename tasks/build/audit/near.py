"""Near duplicates: candidates with a key in common, verified by the Jaccard index of their shingles, and clustered.

The result depends only on the texts, taken in the order of their hashes: neither the number of workers nor the order of
files or rows changes it.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from schemas.audit import LONG, THRESHOLD
from tasks.build.audit.arrays import as_numbers
from tasks.build.audit.bloom import Bloom
from tasks.build.audit.corpus import Corpus, Texts, opened
from tasks.build.audit.polynomials import Hashes, distinct
from tasks.build.audit.similarity import similarities
from tasks.build.audit.words import Words

PARTITIONS = 16
"""Ranges of keys that are processed one after the other, so that only a part of the keys is in memory."""

SMALL = 100_000
"""Up to this number of samples, all keys are processed together."""

ALL_PAIRS = 8
"""Up to this number of texts with a common key are all compared with each other; of more, each is compared with the
first and its neighbours."""

NEAR = {
    "task": pl.String,
    "split": pl.String,
    "id": pl.String,
    "cluster": pl.Int64,
    "twin_task": pl.String,
    "twin_split": pl.String,
    "twin": pl.String,
    "similarity": pl.Float64,
}
"""Columns of near.parquet: a sample, its cluster, the sample of the cluster that takes precedence, and the Jaccard
index of the two."""


class Clusters(NamedTuple):
    """Groups of texts that are connected as near duplicates.

    Attributes:
        of: the number of each text's cluster; -1 if it has none.
        count: how many there are.
    """

    of: NDArray[np.int64]
    count: int


def candidates(corpus: Corpus, known: Texts) -> NDArray[np.int64]:
    """Pairs of texts with a common key, each once, the lower first; one row for each pair."""
    step = 2**64 // (PARTITIONS if corpus.rows > SMALL else 1)
    found = [distinct(_paired(*_slice(corpus, known, low, low + step))) for low in range(0, 2**64, step)]
    packed = distinct(np.concatenate(found))
    return np.stack([packed >> np.uint64(32), packed & np.uint64(2**32 - 1)], axis=1).astype(np.int64)


def _slice(corpus: Corpus, known: Texts, low: int, high: int) -> tuple[Hashes, NDArray[np.int64]]:
    """The keys from `low` to below `high` that occur more than once, with the texts that have them, in order."""
    keys = [np.empty(0, np.uint64)]
    nodes = [np.empty(0, np.int64)]
    for section in corpus.sections:
        for batch in opened(section.keys):
            found = as_numbers(batch.column("key"))
            first = np.searchsorted(found, np.uint64(low))
            last = len(found) if high > 2**64 - 1 else np.searchsorted(found, np.uint64(high))
            keys.append(found[first:last])
            nodes.append(known.of[section.first + as_numbers(batch.column("row"))[first:last].astype(np.int64)])
    key, node = _repeated(np.concatenate(keys), np.concatenate(nodes))
    order = np.lexsort((node, key))
    key, node = key[order], node[order]
    new = np.ones(len(key), bool)
    new[1:] = (key[1:] != key[:-1]) | (node[1:] != node[:-1])
    return key[new], node[new]


def _repeated(key: Hashes, node: NDArray[np.int64]) -> tuple[Hashes, NDArray[np.int64]]:
    """Drop most of the keys that occur once, the majority: sorting keys with their texts takes most of the time."""
    ordered = np.sort(key)
    again = ordered[1:][ordered[1:] == ordered[:-1]]
    marks = Bloom(len(again))
    marks.add(again)
    here = np.flatnonzero(marks.has(key))
    return key[here], node[here]


def _paired(key: Hashes, node: NDArray[np.int64]) -> Hashes:
    """Pairs of texts with equal keys, each packed into one number."""
    starts = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]])) if len(key) else np.empty(0, np.int64)
    sizes = np.diff(np.append(starts, len(key)))
    group = np.repeat(np.arange(len(starts)), sizes)
    size, first = sizes[group], starts[group]
    places = np.arange(len(key))
    pairs = [(places[first < places], first[first < places])]
    for distance in range(1, ALL_PAIRS):
        here = places[(places - first >= distance) & ((size <= ALL_PAIRS) | (distance == 1))]
        pairs.append((here, here - distance))
    low = np.concatenate([node[other] for _, other in pairs])
    high = np.concatenate([node[here] for here, _ in pairs])
    return (np.minimum(low, high).astype(np.uint64) << np.uint64(32)) | np.maximum(low, high).astype(np.uint64)


def clusters(corpus: Corpus, known: Texts) -> Clusters:
    """Find and verify near duplicates and connect them; equal texts within one task are a cluster too."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    pairs = candidates(corpus, known)
    similar = similarities(corpus, known, pairs) >= THRESHOLD
    pairs = pairs[similar | _short(corpus, known, pairs)]
    count = len(known.row)
    graph = coo_array((np.ones(len(pairs), bool), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    _, label = connected_components(graph, directed=False)
    counted = np.bincount(label, minlength=count)[label] > 1
    counted |= _again(corpus, known)
    chosen = np.flatnonzero(counted)
    numbers, again = np.unique(label[chosen], return_inverse=True)
    of = np.full(count, -1, np.int64)
    of[chosen] = again
    return Clusters(of, len(numbers))


def _short(corpus: Corpus, known: Texts, pairs: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether one of two texts is short: such a pair has a common key only if the two differ in one word."""
    lengths = np.concatenate([_lengths(batch) for batch in _every(corpus)] or [np.empty(0, np.int32)])
    return np.asarray((lengths[known.row[pairs]] < LONG).any(axis=1))


def _every(corpus: Corpus) -> Iterator[Words]:
    for section in corpus.sections:
        for batch in corpus.batches(section):
            yield batch.words


def _lengths(words: Words) -> NDArray[np.int32]:
    return words.lengths.astype(np.int32)


def _again(corpus: Corpus, known: Texts) -> NDArray[np.bool_]:
    """Whether each text occurs in several samples of one task."""
    marks, counts = np.unique(corpus.task_of.astype(np.int64) * len(known.row) + known.of, return_counts=True)
    result = np.zeros(len(known.row), bool)
    result[marks[counts > 1] % len(known.row)] = True
    return result


def ranked(corpus: Corpus, known: Texts, found: Clusters) -> pl.DataFrame:
    """The samples in clusters by precedence: a test before a dev set before training, then by source, task and id.

    Returns:
        `row`, `task`, `split`, `id`, `cluster`, `section` and `text`, cluster by cluster.
    """
    rows = np.flatnonzero(found.of[known.of] >= 0)
    cluster = found.of[known.of[rows]]
    named = corpus.named(rows).with_columns(cluster=cluster, section=corpus.section_of[rows], text=known.of[rows])
    return named.sort("cluster", "section", "id")


def near(corpus: Corpus, known: Texts, ordered: pl.DataFrame) -> pl.DataFrame:
    """The samples that are near duplicates of one that takes precedence, with the columns of `NEAR`.

    Args:
        corpus: all samples.
        known: their texts.
        ordered: those in clusters, by precedence.
    """
    winners = ordered.unique("cluster", keep="first", maintain_order=True).select(
        "cluster", twin_task="task", twin_split="split", twin="id", twin_text="text", twin_row="row"
    )
    joined = ordered.join(winners, on="cluster", how="left", maintain_order="left").filter(
        pl.col("row") != pl.col("twin_row")
    )
    pairs, places = np.unique(joined.select("text", "twin_text").to_numpy(), axis=0, return_inverse=True)
    similar = np.where(pairs[:, 0] == pairs[:, 1], 1.0, similarities(corpus, known, pairs))
    return (
        joined.with_columns(similarity=pl.Series(similar[places.ravel()]).round(4))
        .sort("section", "id")
        .select(pl.col(name).cast(dtype) for name, dtype in NEAR.items())
    )
