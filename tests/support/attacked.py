"""What attacks and honest answers earn on the samples of a build, task by task."""

from collections.abc import Iterator, Sequence

import polars as pl

from medinst_eval.definitions import Definition
from medinst_eval.rewards import Verifier
from medinst_eval.rewards.attacked import Attacked, attack
from medinst_eval.rewards.attacks import Sample
from schemas.state import State
from schemas.task import Split
from tasks.build.builds.build import Build
from tasks.model.draw.ranks import lowest
from tasks.model.draw.samples import Samples, samples
from tasks.model.score.declared import definition

SEED = 2024
FEWEST = 10
"""Samples of a task below which a mean says nothing."""


def attacked(state: State, asked: int, trained: int, only: Sequence[str] = ()) -> Iterator[Attacked]:
    """Attack the tasks of a build.

    Args:
        state: the build.
        asked: samples of each task at most, drawn by their ids: of its test, else of dev, else of train.
        trained: training samples at most that honest answers know; never one that is asked.
        only: tasks; none for all.
    """
    built = samples(Build(state))
    for task, found in sorted(built.items()):
        if only and task not in only:
            continue
        questions, training = _drawn(found, asked, trained)
        if questions.height >= FEWEST:
            beside = [
                sample
                for other in built
                if _entities(other, definition(task))
                for sample in _samples(other, lowest(built[other].training(), trained, SEED))
            ]
            yield attack(task, _samples(task, questions), _samples(task, training), beside)


def _entities(other: str, task: Definition) -> bool:
    """Whether a task is about the entities of the relations or events of another."""
    found = definition(other)
    return task.form in ("relations", "events") and (found.source, found.form) == (task.source, "entities")


def _drawn(found: Samples, asked: int, trained: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    splits: tuple[Split, ...] = ("test", "dev")
    drawn = [lowest(found.every([split]), asked + trained, SEED) for split in splits]
    questions = next((rows for rows in drawn if rows.height), lowest(found.training(), asked + trained, SEED))
    training = lowest(found.training(), trained, SEED) if any(rows.height for rows in drawn) else questions.head(0)
    if training.height:
        return questions.head(asked), training
    half = min(asked, -(-questions.height // 2))
    return questions.head(half), questions.tail(questions.height - half)


def _samples(task: str, rows: pl.DataFrame) -> list[Sample]:
    declared = definition(task)
    return [
        Sample(row["instruction"], row["input"], row["output"], Verifier.of(declared, row["input"]))
        for row in rows.iter_rows(named=True)
    ]
