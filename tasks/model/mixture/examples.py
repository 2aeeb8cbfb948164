"""Examples before a question, for a share of the samples, drawn as the benchmark draws them."""

from collections.abc import Callable

import polars as pl

from schemas.mixture import Recipe
from tasks.base.store.hashing import halves
from tasks.model.draw.ranks import histories, pool

HISTORY = pl.List(pl.List(pl.String))


def examples(candidates: pl.LazyFrame, recipe: Recipe) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """What gives samples of a task their `history`: examples as [user, assistant] turns, none for some.

    Whether a sample gets examples, and which, depends on its id alone: not on what else is in the mixture.

    Args:
        candidates: the candidates of the task.
        recipe: the recipe; where its share is 0 no column is added.
    """
    if not recipe.few_shot:
        return lambda samples: samples
    known = pool([candidates.drop("row")], recipe.seed)
    return lambda samples: samples.with_columns(history=_history(samples, known, recipe))


def _history(samples: pl.DataFrame, known: pl.DataFrame, recipe: Recipe) -> pl.Series:
    key = pl.concat_str(pl.lit(str(recipe.seed)), pl.lit("few-shot"), "id", separator="\x1f")
    chosen = samples.select(halves(key).struct.field("high") < min(2**64 - 1, int(recipe.few_shot * 2**64))).to_series()
    places = pl.DataFrame({"place": chosen.arg_true()})
    found = histories(samples.filter(chosen), known, recipe.seed, recipe.examples).cast(HISTORY)
    every = pl.DataFrame({"place": pl.int_range(samples.height, dtype=pl.UInt32, eager=True)})
    joined = every.join(places.with_columns(history=found), on="place", how="left", maintain_order="left")
    return joined["history"].fill_null(pl.lit([], dtype=HISTORY))
