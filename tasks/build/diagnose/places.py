"""Where mentions lie: nesting and discontinuity."""

import polars as pl

from tasks.build.diagnose.long import long, with_all


def nesting(mentions: pl.LazyFrame) -> pl.DataFrame:
    """Shares of the mentions that have a place in the text.

    Discontinuous mentions have several fragments. Of the others, with equal spans counted once, a nested one lies
    within a longer one: sorted by start and the longer first, one is nested if an earlier one reaches its end.

    Args:
        mentions: with the columns `split`, `row` and `spans`.
    """
    placed = mentions.filter(pl.col("spans").list.len() > 0)
    first = pl.col("spans").list.first().struct
    whole = (
        placed.filter(pl.col("spans").list.len() == 1)
        .select("split", "row", start=first.field("start"), end=first.field("end"))
        .unique()
        .sort("row", "start", "end", descending=[False, False, True])
        .with_columns(reach=pl.col("end").cum_max().over("row"))
        .with_columns(reach=pl.col("reach").shift().over("row"))
    )
    return pl.concat(
        [
            long(with_all(placed), discontinuous_mentions=(pl.col("spans").list.len() > 1).mean()),
            long(with_all(whole), nested_mentions=(pl.col("end") <= pl.col("reach")).fill_null(False).mean()),
        ]
    )
