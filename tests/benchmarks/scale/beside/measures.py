"""How much of what was planted was found: the same measure for every tool."""

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tests.benchmarks.scale.rows import LEAKS

Counts = dict[str, tuple[int, int]]
"""What was right, of how many."""


def clusters(pairs: pl.DataFrame) -> pl.DataFrame:
    """The texts that pairs connect.

    Args:
        pairs: `id` and `twin`.

    Returns:
        `id` and the number of its `cluster`, each text once.
    """
    ends = pl.concat([pairs["id"], pairs["twin"].alias("id")])
    ids = ends.unique(maintain_order=True)
    numbers = ends.replace_strict(ids, np.arange(len(ids)), return_dtype=pl.Int64).to_numpy()
    one, other = numbers[: pairs.height], numbers[pairs.height :]
    graph = coo_array((np.ones(pairs.height, np.int8), (one, other)), shape=(len(ids), len(ids)))
    return pl.DataFrame({"id": ids, "cluster": connected_components(graph, directed=False)[1]})


def near(ledger: pl.DataFrame, pairs: pl.DataFrame) -> Counts:
    """Recall and precision of copies.

    Args:
        ledger: `kind`, `id` and `twin_id` of the copies that were planted.
        pairs: `id` and `twin`, as a tool found them.

    Returns:
        of each kind of copies, how many are in one cluster with what they are copies of, of how many; and as
        `precision`, of the texts that would go if one of each cluster stayed, how many are copies of another in it.
    """
    found = clusters(pairs)
    placed = ledger.join(found, on="id", how="left").join(
        found.rename({"id": "twin_id", "cluster": "twin_cluster"}), on="twin_id", how="left"
    )
    hits = placed.with_columns(hit=(pl.col("cluster") == pl.col("twin_cluster")).fill_null(False))
    roots = ledger.select("id", root="twin_id").unique("id")
    members = found.join(roots, on="id", how="left").with_columns(pl.coalesce("root", "id")).group_by("cluster")
    members = members.agg(pl.len(), pl.col("root").n_unique())
    right = int((members["len"] - members["root"]).sum())
    return {**_recall(hits), "precision": (right, int((members["len"] - 1).sum()))}


def leaks(ledger: pl.DataFrame, flagged: pl.DataFrame) -> Counts:
    """Recall and precision of leaks.

    Args:
        ledger: `kind` and `id` of the training texts that leak a test.
        flagged: the training texts of which a tool says so, as `id`.

    Returns:
        of each kind of leaks, how many were flagged, of how many; and as `precision`, of those flagged, how many leak.
    """
    planted = ledger.filter(pl.col("kind").is_in(LEAKS))
    told = flagged["id"].unique()
    hits = planted.with_columns(hit=pl.col("id").is_in(told.implode()))
    return {**_recall(hits), "precision": (int(told.is_in(planted["id"].implode()).sum()), len(told))}


def _recall(hits: pl.DataFrame) -> Counts:
    counted = hits.group_by("kind").agg(pl.col("hit").sum(), pl.len()).sort("kind")
    return {kind: (right, of) for kind, right, of in counted.iter_rows()}
