"""From candidates to a file: rank, draw, shuffle, write, and count what was drawn."""

from collections import Counter as Tally
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import polars as pl

from schemas.mixture import Limited, Recipe
from schemas.sample import SAMPLE_COLUMNS
from schemas.task import Task
from sources import tasks as declared_tasks
from tasks.model.mixture.counting import Counter, counted
from tasks.model.mixture.examples import HISTORY, examples
from tasks.model.mixture.limits import Limiter
from tasks.model.mixture.queues import Choose, Queue, draw, measured, ranked
from tasks.model.mixture.quotas import Supply
from tasks.model.mixture.shuffle import write_shuffled

_AT_ONCE = 1_000
"""Samples that are given examples, or whose tokens are counted, at once."""


class Given(NamedTuple):
    """What a task gives.

    Attributes:
        held: candidates.
        rows: samples drawn.
        tokens: of these.
        instruction_tokens: of these, those of instructions.
        few_shot: samples with examples.
        wrong_length: candidates met that were too long or too short.
        limited: candidates met of which there would be too many of their kind.
    """

    held: int
    rows: int
    tokens: int
    instruction_tokens: int
    few_shot: int
    wrong_length: int
    limited: dict[Limited, int]


def make(
    recipe: Recipe, frames: Mapping[str, pl.LazyFrame], categories: Mapping[str, str], how: Counter, path: Path
) -> dict[str, Given]:
    """Draw a mixture and write it, shuffled.

    Args:
        recipe: the recipe.
        frames: the candidates by task: the columns of a sample, `row` and perhaps `weight`.
        categories: of the tasks.
        how: counts tokens.
        path: the Parquet file.

    Returns:
        what each task gives.
    """
    found = {task: ranked(frame, recipe.seed) for task, frame in sorted(frames.items())}
    chosen = {task: _choice(frames[task], recipe) for task, each in found.items() if len(each.rows)}
    limiters = {task: Limiter(recipe.limits, _declared(task)) for task in chosen}
    queues = {
        task: Queue(found[task].rows, recipe, measured(choose, how, limiters[task]), limiters[task])
        for task, choose in chosen.items()
    }
    supplies = {task: Supply(categories[task], found[task].mass, 0) for task in chosen}
    drawn = draw(recipe, queues, supplies)
    batches = (batch for task, rows in drawn.items() if len(rows) for batch in chosen[task](rows))
    written = _write(recipe, batches, sum(map(len, drawn.values())), how, path)
    return {
        task: Given(
            held=len(each.rows),
            rows=len(drawn[task]) if task in drawn else 0,
            tokens=written.tokens[task],
            instruction_tokens=written.instructions[task],
            few_shot=written.few_shot[task],
            wrong_length=queues[task].wrong_length if task in queues else 0,
            limited=dict(limiters[task].left_out) if task in queues else {},
        )
        for task, each in found.items()
    }


def _declared(task: str) -> Task | None:
    return declared_tasks()[task][1] if task in declared_tasks() else None


def columns(recipe: Recipe) -> pl.Schema:
    """The columns of a mixture: those of a sample, and `history` where some have examples."""
    return pl.Schema({**dict.fromkeys(SAMPLE_COLUMNS, pl.String), **({"history": HISTORY} if recipe.few_shot else {})})


def _choice(candidates: pl.LazyFrame, recipe: Recipe) -> Choose:
    """What gives the samples of some rows with their examples, a few at a time so that memory holds no more."""
    complete = examples(candidates, recipe)

    def choose(rows: pl.Series) -> Iterator[pl.DataFrame]:
        found = candidates.filter(pl.col("row").is_in(rows.implode()))
        for batch in found.collect_batches(chunk_size=_AT_ONCE, maintain_order=True, lazy=True):
            yield from map(complete, batch.iter_slices(_AT_ONCE))

    return choose


class Written:
    """What was written, counted by task: tokens, those of instructions, and samples with examples."""

    def __init__(self, recipe: Recipe, how: Counter) -> None:
        self.tokens: Tally[str] = Tally()
        self.instructions: Tally[str] = Tally()
        self.few_shot: Tally[str] = Tally()
        self._how = how
        self._turns = pl.col("history").list.len() if recipe.few_shot else pl.lit(0)

    def count(self, drawn: pl.DataFrame) -> None:
        """Count some rows; examples repeat the instruction."""
        for part in drawn.iter_slices(_AT_ONCE):
            each = counted(part, self._how).group_by("task", "instruction")
            found = each.agg(
                pl.col("tokens").sum().cast(pl.Int64),
                asked=pl.len() + self._turns.sum().cast(pl.Int64),
                shown=(self._turns > 0).sum(),
            )
            sizes = self._how.count(found["instruction"])
            for (task, _, size, asked, shown), words in zip(found.iter_rows(), sizes, strict=True):
                self.tokens[task] += size
                self.instructions[task] += asked * words
                self.few_shot[task] += shown


def _write(recipe: Recipe, batches: Iterable[pl.DataFrame], rows: int, how: Counter, path: Path) -> Written:
    """Write the rows and count them."""
    written = Written(recipe, how)

    path.parent.mkdir(parents=True, exist_ok=True)
    schema = columns(recipe)
    write_shuffled((batch.select(schema.names()) for batch in batches), schema, rows, recipe.seed, path, written.count)
    return written
