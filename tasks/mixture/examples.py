"""Examples before a question, for a share of the samples, drawn as the benchmark draws them."""

import polars as pl

from schemas.mixture import Recipe
from tasks.benchmark.draw import histories, pool
from tasks.hashing import halves

HISTORY = pl.List(pl.List(pl.String))
_BATCH = 5_000


def with_examples(samples: pl.LazyFrame, recipe: Recipe) -> pl.LazyFrame:
    """Samples of one task with `history`, the examples as [user, assistant] turns; empty for those that get none.

    Whether a sample gets examples, and which, depends on its id alone: not on what else is in the mixture.

    Args:
        samples: the candidates of a task.
        recipe: the recipe; where its share is 0 no column is added.
    """
    if not recipe.few_shot:
        return samples
    examples = pool([samples.drop("row")], recipe.seed)

    def add(batch: pl.DataFrame) -> pl.DataFrame:
        parts = [_history(part, examples, recipe) for part in batch.iter_slices(_BATCH)]
        return batch.with_columns(pl.concat(parts) if parts else pl.Series("history", [], dtype=HISTORY))

    schema = {**samples.collect_schema(), "history": HISTORY}
    return samples.map_batches(add, schema=schema, streamable=True)


def _history(samples: pl.DataFrame, examples: pl.DataFrame, recipe: Recipe) -> pl.Series:
    key = pl.concat_str(pl.lit(str(recipe.seed)), pl.lit("few-shot"), "id", separator="\x1f")
    chosen = samples.select(halves(key).struct.field("high") < min(2**64 - 1, int(recipe.few_shot * 2**64))).to_series()
    places = pl.DataFrame({"place": chosen.arg_true()})
    found = histories(samples.filter(chosen), examples, recipe.seed, recipe.examples).cast(HISTORY)
    every = pl.DataFrame({"place": pl.int_range(samples.height, dtype=pl.UInt32, eager=True)})
    joined = every.join(places.with_columns(history=found), on="place", how="left", maintain_order="left")
    return joined["history"].fill_null(pl.lit([], dtype=HISTORY))
