"""From candidates to a file: rank, draw, shuffle, write, and count what was drawn."""

from collections import Counter as Tally
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import polars as pl

from schemas.mixture import Recipe
from schemas.sample import SAMPLE_COLUMNS
from tasks.mixture.counting import Counter, counted
from tasks.mixture.draw import Queue, draw, measured, ranked
from tasks.mixture.examples import HISTORY, with_examples
from tasks.mixture.quotas import Giver
from tasks.mixture.shuffle import write_shuffled


class Given(NamedTuple):
    """What a task gives.

    Attributes:
        held: candidates.
        rows: samples drawn.
        tokens: of these.
        few_shot: samples with examples.
        wrong_length: candidates met that were too long or too short.
    """

    held: int
    rows: int
    tokens: int
    few_shot: int
    wrong_length: int


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
    samples = {task: with_examples(frames[task], recipe) for task, each in found.items() if len(each.rows)}
    queues = {task: Queue(found[task].rows, recipe, measured(frame, how)) for task, frame in samples.items()}
    givers = {task: Giver(categories[task], found[task].mass, 0) for task in samples}
    drawn = draw(recipe, queues, givers)
    tokens, few_shot = _write(
        recipe, [_chosen(samples[task], rows) for task, rows in drawn.items() if len(rows)], drawn, how, path
    )
    return {
        task: Given(
            held=len(each.rows),
            rows=len(drawn[task]) if task in drawn else 0,
            tokens=tokens[task],
            few_shot=few_shot[task],
            wrong_length=queues[task].wrong_length if task in queues else 0,
        )
        for task, each in found.items()
    }


def columns(recipe: Recipe) -> pl.Schema:
    """The columns of a mixture: those of a sample, and `history` where some have examples."""
    return pl.Schema({**dict.fromkeys(SAMPLE_COLUMNS, pl.String), **({"history": HISTORY} if recipe.few_shot else {})})


def _chosen(samples: pl.LazyFrame, rows: pl.Series) -> pl.LazyFrame:
    return samples.filter(pl.col("row").is_in(rows.implode()))


def _write(
    recipe: Recipe, frames: list[pl.LazyFrame], drawn: Mapping[str, pl.Series], how: Counter, path: Path
) -> tuple[Tally[str], Tally[str]]:
    """Write the rows; returns their tokens and the number of those with examples, by task."""
    tokens: Tally[str] = Tally()
    few_shot: Tally[str] = Tally()
    shown = pl.col("history").list.len() > 0 if recipe.few_shot else pl.lit(value=False)

    def count(rows: pl.DataFrame) -> None:
        sums = counted(rows.lazy(), how).group_by("task").agg(pl.col("tokens").sum().cast(pl.Int64), shown=shown.sum())
        for task, size, number in sums.collect().iter_rows():
            tokens[task] += size
            few_shot[task] += number

    path.parent.mkdir(parents=True, exist_ok=True)
    wanted = [frame.select(list(columns(recipe))) for frame in frames] or [pl.LazyFrame(schema=columns(recipe))]
    write_shuffled(wanted, sum(map(len, drawn.values())), recipe.seed, path, count)
    return tokens, few_shot
