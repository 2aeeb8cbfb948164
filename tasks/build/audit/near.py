"""Near duplicates: candidates with a key in common, verified by the Jaccard index of their shingles, and clustered.

The result depends only on the texts, taken in the order of their hashes: neither the number of workers nor the order of
files or rows changes it.
"""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from schemas.audit import THRESHOLD
from tasks.build.audit.candidates import Repeated, candidates
from tasks.build.audit.corpus import Corpus, Texts
from tasks.build.audit.similar import Similar

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


def clusters(corpus: Corpus, known: Texts, found: Repeated, similar: Similar) -> Clusters:
    """Find and verify near duplicates and connect them; equal texts within one task are a cluster too.

    A short text and another have a common key only if the two differ in one word, so they need no more.

    Args:
        corpus: all samples.
        known: their texts.
        found: the keys that several texts have.
        similar: the similarity of pairs of texts.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    pairs = candidates(found)
    compared = similar.of(pairs)
    pairs = pairs[(compared.jaccard >= THRESHOLD) | compared.short]
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


def near(ordered: pl.DataFrame, similar: Similar) -> pl.DataFrame:
    """The samples that are near duplicates of one that takes precedence, with the columns of `NEAR`.

    Args:
        ordered: the samples in clusters, by precedence.
        similar: the similarity of pairs of texts.
    """
    winners = ordered.unique("cluster", keep="first", maintain_order=True).select(
        "cluster", twin_task="task", twin_split="split", twin="id", twin_text="text", twin_row="row"
    )
    joined = ordered.join(winners, on="cluster", how="left", maintain_order="left").filter(
        pl.col("row") != pl.col("twin_row")
    )
    pairs = joined.select("text", "twin_text").to_numpy()
    jaccard = np.where(pairs[:, 0] == pairs[:, 1], 1.0, similar.of(pairs).jaccard)
    return (
        joined.with_columns(similarity=pl.Series(jaccard).round(4))
        .sort("section", "id")
        .select(pl.col(name).cast(dtype) for name, dtype in NEAR.items())
    )
