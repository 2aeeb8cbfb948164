"""What attacks and honest answers earn on the samples of a build, task by task."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import polars as pl

from medinst_eval import reward
from medinst_eval.definitions import Definition
from medinst_eval.rewards import Verifier
from schemas.state import State
from schemas.task import Split
from tasks.build.builds.build import Build
from tasks.model.draw.ranks import lowest
from tasks.model.draw.samples import Samples, samples
from tasks.model.score.declared import definition
from tests.support.attacks import ATTACKS, Sample
from tests.support.honest import ways

SEED = 2024
FEWEST = 10
"""Samples of a task below which a mean says nothing."""
LARGE = 10
"""Samples that attacks of a megabyte are tried on."""


class Attacked(NamedTuple):
    """The mean rewards on the samples of a task.

    Attributes:
        samples: that were asked.
        trained: that the honest answers know.
        honest: by way of answering.
        attacks: by attack; not those that say what an honest way says.
    """

    task: str
    kind: str
    samples: int
    trained: int
    honest: Mapping[str, float]
    attacks: Mapping[str, float]

    @property
    def baseline(self) -> tuple[str, float]:
        """The honest way that earns most, and what it earns."""
        return max(self.honest.items(), key=lambda each: each[1])

    @property
    def best(self) -> tuple[str, float]:
        """The attack that earns most, and what it earns."""
        return max(self.attacks.items(), key=lambda each: each[1])

    @property
    def stands(self) -> bool:
        """Whether every attack stays below the baseline."""
        return self.best[1] < self.baseline[1]


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


def attack(
    task: str, questions: Sequence[Sample], training: Sequence[Sample], beside: Sequence[Sample] = ()
) -> Attacked:
    """Attack one task.

    Args:
        task: its name.
        questions: the samples that are asked.
        training: those that honest answers know.
        beside: of tasks about the same entities, likewise.
    """
    kind = questions[0].verifier.kind
    answers = {name: [way(each) for each in questions] for name, way in ways(training, kind, beside).items()}
    earned: dict[str, float] = {}
    for name, way in ATTACKS.items():
        asked = questions[: LARGE if name.startswith("megabyte") else None]
        said = [way(each) for each in asked]
        if said not in answers.values():
            earned[name] = _mean(said, asked)
    honest = {name: _mean(said, questions) for name, said in answers.items()}
    return Attacked(task, kind, len(questions), len(training), honest, earned)


def _mean(answers: Sequence[str], questions: Sequence[Sample]) -> float:
    rows = [{"ground_truth": sample.output, "verifier": sample.verifier._asdict()} for sample in questions]
    return sum(map(reward, answers, rows)) / len(questions)


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
