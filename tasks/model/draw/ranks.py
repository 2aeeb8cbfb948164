r"""Draws that depend only on a seed and the ids of samples, not on order or number of processes.

A sample's rank is the xxh3 128-bit hash of the seed and its id; a draw takes the lowest ranks.
"""

from collections.abc import Sequence

import polars as pl

from tasks.base.store.hashing import digest

POOL = 64
"""Training samples of a test that its examples are drawn from."""

SHOTS = 2
"""Examples before a question, as in the paper."""

LONGEST = 4_000
"""Characters of an example's input and output together; two of them leave room in a short context."""


def ranked(samples: pl.LazyFrame, seed: int, *columns: str) -> pl.LazyFrame:
    """Samples with their rank in a draw, in the column `rank`."""
    return samples.with_columns(rank=digest(pl.concat_str(pl.lit(str(seed)), *columns, separator="\x1f")))


def lowest(samples: pl.LazyFrame, count: int, seed: int) -> pl.DataFrame:
    """Draw samples; the result is in the order of their ranks.

    Args:
        samples: samples with the column `id`.
        count: how many; all where there are no more.
        seed: of the draw.
    """
    ids = ranked(samples.select("id"), seed, "id").bottom_k(count, by="rank").collect()
    rows = samples.filter(pl.col("id").is_in(ids["id"].implode())).collect()
    return ranked(rows.lazy(), seed, "id").sort("rank", "id").drop("rank").collect()


def subset(samples: pl.LazyFrame, count: int, seed: int) -> pl.LazyFrame:
    """Draw samples and leave them in their order."""
    ids = ranked(samples.select("id"), seed, "id").bottom_k(count, by="rank").collect()["id"]
    return samples.filter(pl.col("id").is_in(ids.implode()))


def pool(training: Sequence[pl.LazyFrame], seed: int) -> pl.DataFrame:
    """The training samples that the examples of a test are drawn from: as many of each task, short ones only.

    Args:
        training: the training samples of the test's own task, or of the tasks that stand in for it.
        seed: of the draw.
    """
    share = -(-POOL // max(1, len(training)))
    length = pl.col("input").str.len_chars() + pl.col("output").str.len_chars()
    drawn = [lowest(samples.filter(length <= LONGEST), share, seed) for samples in training]
    if not any(part.height for part in drawn):  # all of them are long
        drawn = [lowest(samples, share, seed) for samples in training]
    return pl.concat(drawn) if drawn else pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))


COLUMNS = ("id", "task", "instruction", "input", "output")
"""What an example needs."""


def histories(tests: pl.DataFrame, examples: pl.DataFrame, seed: int, shots: int = SHOTS) -> pl.Series:
    """The examples before each test sample, as turns of a conversation.

    Args:
        tests: test samples with `id` and `input`.
        examples: the pool.
        seed: of the draw.
        shots: examples before a question.

    Returns:
        for each test sample a list of so many [user, assistant] turns (fewer where the pool is smaller); an example
        with the text of the test sample itself is never among them.
    """
    turns = pl.concat_list(pl.concat_str("instruction", "input", separator="\n"), "output")
    pairs = (
        tests.lazy()
        .select("id", text=digest(pl.col("input")))
        .with_row_index("place")
        .join(examples.lazy().select(example="id", same=digest(pl.col("input"))), how="cross")
        .filter(pl.col("text") != pl.col("same"))
    )
    chosen = (
        ranked(pairs, seed, "id", "example")
        .sort("place", "rank")
        .group_by("place", maintain_order=True)
        .head(shots)
        .join(examples.lazy().select(example="id", turn=turns), on="example", how="left", maintain_order="left")
        .group_by("place", maintain_order=True)
        .agg("turn")
    )
    places = pl.LazyFrame({"place": range(tests.height)}, schema={"place": pl.UInt32})
    found = places.join(chosen, on="place", how="left", maintain_order="left").collect()["turn"]
    return found.fill_null([]).alias("history")
