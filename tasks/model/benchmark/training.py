"""The training sets of a benchmark: clean, with their overlap with the tests measured."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from schemas.benchmark import TRAINING, Mixture, Training
from schemas.mixture import Recipe
from schemas.sample import SAMPLE_COLUMNS
from schemas.state import State
from sources import tasks as declared_tasks
from tasks.base.paper.held_out import held_out
from tasks.build.publish.shards import ROWS_PER_GROUP
from tasks.model.draw.overlap import overlap
from tasks.model.draw.samples import Samples
from tasks.model.mixture.candidates import Candidates, candidates
from tasks.model.mixture.counting import counter
from tasks.model.mixture.make import make
from tasks.model.mixture.recipe import load
from tasks.model.mixture.selection import choose

MERGED, UNSEEN = MIXTURES = ("merged_train_100k", "unseen_train_100k")
"""The paper's mixtures, without what leaks into a test: from all training sets, and from those of the tasks that are
not held out."""


def data_path(configuration: str, split: str) -> str:
    """The path of a split of a configuration in the benchmark."""
    return f"data/{configuration}/{split}.parquet"


def drawn_from(recipe: Recipe, built: Mapping[str, Samples], state: State) -> Candidates:
    """What a ready-made mixture is drawn from."""
    tasks = [name for name in choose(recipe, declared_tasks(), held_out(), built).tasks if name in built]
    return candidates(recipe, {name: built[name].training() for name in tasks if built[name].kept.rows("train")}, state)


def write_training(folder: Path, sets: Mapping[str, Candidates], state: State, seed: int, size: int) -> Training:
    """Write the training sets."""
    frames = sets[UNSEEN].frames
    path = folder / data_path(TRAINING, "train")
    stream([frame.select(SAMPLE_COLUMNS) for frame in frames.values()], path)
    counts = {task: frame.select(pl.len()).collect().item() for task, frame in frames.items()}
    return Training(
        training={task: count for task, count in counts.items() if count},
        leaking=sets[UNSEEN].leaking,
        overlap=overlap(path if frames else None, state),
        mixtures=tuple(_mixture(folder, name, found, state, seed, size) for name, found in sets.items()),
    )


def _mixture(folder: Path, name: str, found: Candidates, state: State, seed: int, size: int) -> Mixture:
    """Draw a ready-made mixture from the build: the one that `medinst mix` draws."""
    recipe = load(name).model_copy(update={"seed": seed, "rows": size})
    categories = {task: declared_tasks()[task][1].category for task in found.frames}
    path = folder / data_path(name, "train")
    given = make(recipe, found.frames, categories, counter(None), path)
    assert recipe.temperature != "equal"
    return Mixture(
        name=name,
        seed=seed,
        temperature=recipe.temperature,
        cap=recipe.counts_at_most or size,
        asked=size,
        rows=sum(each.rows for each in given.values()),
        tokens=sum(each.tokens for each in given.values()),
        instruction_tokens=sum(each.instruction_tokens for each in given.values()),
        leaking=found.leaking,
        overlap=overlap(path, state),
        tasks={task: each.rows for task, each in given.items() if each.rows},
        held={task: each.held for task, each in given.items()},
    )


def stream(frames: list[pl.LazyFrame], path: Path) -> None:
    """Write frames one after the other; none of them writes nothing."""
    if not frames:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    pl.concat(frames).sink_parquet(
        path, compression="zstd", compression_level=3, row_group_size=ROWS_PER_GROUP, maintain_order=True
    )
