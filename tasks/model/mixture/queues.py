"""The draw: of each task the candidates of lowest rank that have the right length, until its share is full."""

from collections.abc import Callable, Iterator, Mapping
from math import inf
from typing import NamedTuple

import polars as pl

from schemas.mixture import Recipe
from tasks.base.store.hashing import halves
from tasks.model.mixture.counting import Counter, counted
from tasks.model.mixture.limits import Limiter
from tasks.model.mixture.quotas import Supply, allocate

_AHEAD = 1_000
_ROW = pl.Schema({"row": pl.UInt32, "tokens": pl.UInt32})

Choose = Callable[[pl.Series], Iterator[pl.DataFrame]]
"""Rows -> the samples at these places, in batches."""

Measure = Callable[[pl.Series], pl.DataFrame]
"""Rows -> `row` and `tokens` of each, and what its kind is told by."""


class Ranked(NamedTuple):
    """The candidates of a task.

    Attributes:
        rows: their places in the training set, lowest rank first.
        mass: their number, or the sum of their weights.
    """

    rows: pl.Series
    mass: float


def ranked(candidates: pl.LazyFrame, seed: int) -> Ranked:
    """Rank candidates by the hash of a seed and their ids.

    Candidates with weights are ranked by -ln(u) / weight, where u is the hash as a number between 0 and 1: that draws
    without replacement with chances that go by the weights.
    """
    weighted = "weight" in candidates.collect_schema()
    rank = halves(pl.concat_str(pl.lit(str(seed)), "id", separator="\x1f"))
    keys = candidates.select("row", rank.alias("rank"), *["weight"] * weighted).unnest("rank").collect()
    if not weighted:
        return Ranked(keys.sort("high", "low")["row"], float(keys.height))
    draw = -((pl.col("high").cast(pl.Float64) + 0.5) / 2**64).log() / pl.col("weight")
    return Ranked(keys.sort(draw, "high", "low")["row"], float(keys["weight"].sum()))


class Queue:
    """The candidates of a task in the order of their ranks, measured no further than is asked for.

    Attributes:
        rows: their places in the training set.
        wrong_length: candidates met that were too long or too short.
        limiter: leaves out those of which there would be too many of their kind.
    """

    def __init__(self, rows: pl.Series, recipe: Recipe, measure: Measure, limiter: Limiter) -> None:
        self.rows, self.measure, self.recipe, self.limiter = rows, measure, recipe, limiter
        self.measures = bool(recipe.tokens or recipe.max_tokens or recipe.min_tokens or limiter.limits)
        self.met = self.wrong_length = self.cost = 0
        self.fitting = pl.DataFrame(schema=_ROW)

    @property
    def held(self) -> float:
        """What the task can give, in the unit of the size, as far as is known."""
        if not self.measures:
            return len(self.rows)
        left = len(self.rows) - self.met
        return self.cost + (0 if not left else inf if self.recipe.tokens else left)

    def first(self, amount: int) -> pl.Series:
        """The rows of lowest rank that fill an amount, of tokens to the nearest sample; all where there is less."""
        if not self.measures:
            return self.rows.head(amount)
        while self.cost < amount and self.met < len(self.rows):
            self._meet(amount - self.cost)
        if not self.recipe.tokens:
            return self.fitting["row"].head(amount)
        tokens = pl.col("tokens").cast(pl.Int64)
        return self.fitting.filter(tokens.cum_sum() - tokens / 2 <= amount)["row"]

    def _meet(self, lacking: int) -> None:
        each = self.cost / self.fitting.height if self.fitting.height else lacking if self.recipe.tokens else 1
        ahead = self.rows.slice(self.met, min(int(lacking / each * 1.1), lacking) + _AHEAD)
        order = ahead.to_frame("row").join(self.measure(ahead), on="row", how="left", maintain_order="left")
        longest = self.recipe.max_tokens or 2**32 - 1
        right = order.filter(pl.col("tokens").is_between(self.recipe.min_tokens, longest))
        self.met += len(ahead)
        self.wrong_length += len(ahead) - right.height
        if self.limiter.limits:
            right = right.filter(self.limiter.admitted(right))
        right = right.select("row", "tokens").cast(_ROW)
        self.cost += int(right["tokens"].sum()) if self.recipe.tokens else right.height
        self.fitting = pl.concat([self.fitting, right])


def measured(choose: Choose, how: Counter, limiter: Limiter) -> Measure:
    """A measure of candidates."""
    columns = ["row", "tokens", *limiter.columns()]

    def measure(rows: pl.Series) -> pl.DataFrame:
        found = [limiter.marked(counted(batch, how)).select(columns) for batch in choose(rows)]
        return pl.concat(found) if found else pl.DataFrame(schema=_ROW)

    return measure


def draw(recipe: Recipe, queues: Mapping[str, Queue], supplies: Mapping[str, Supply]) -> dict[str, pl.Series]:
    """Draw a mixture.

    A task that turns out to have less than its share gives what it has, and the shares are made anew.

    Args:
        recipe: the recipe.
        queues: the candidates by task; none without any.
        supplies: what the tasks can give.

    Returns:
        task -> the rows that it gives.
    """
    while True:
        held = {task: queue.held for task, queue in queues.items()}
        known = {task: supply._replace(held=held[task]) for task, supply in supplies.items()}
        given = {task: queues[task].first(amount) for task, amount in allocate(known, recipe).items()}
        if held == {task: queue.held for task, queue in queues.items()}:
            return given
