"""Scores: every metric of every task, with intervals, and the comparison of two models."""

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, NamedTuple

from medinst_eval.definitions import Definition
from medinst_eval.measure import Kind, measure
from medinst_eval.metrics.statistics import Draws, Metric, difference, interval
from schemas.errors import EvaluationError
from schemas.evaluation import Score
from tasks.base.predictions.files import Answered, Logged, Predictions
from tasks.model.score.declared import definition


class Difference(NamedTuple):
    """By how much the first of two models leads in a metric, with the 95 % interval of a paired bootstrap."""

    task: str
    kind: Kind
    metric: str
    first: float
    second: float
    difference: float
    low: float
    high: float
    samples: int


class Pair(NamedTuple):
    """A metric of a task for two models that answered the same samples.

    Attributes:
        main: whether it is the task's main metric in its set.
        drawn: how often each sample is drawn in each resample.
    """

    task: str
    kind: Kind
    main: bool
    first: Metric
    second: Metric
    drawn: Draws


def score(predictions: Predictions, workers: int = 1) -> list[Score]:
    """Score the answers of a model.

    Args:
        predictions: the answers.
        workers: processes that measure.

    Raises:
        EvaluationError: a task is unknown.
    """
    return score_all([predictions], workers)[0]


def score_all(several: Sequence[Predictions], workers: int = 1) -> list[list[Score]]:
    """Score the answers of several evaluations in one pool of processes, whose start costs seconds."""
    jobs = [(definition(task), _only(one.tasks, task)) for one in several for task in one.tasks]
    scores = iter(_spread(_scores, jobs, workers))
    return [[found for _ in one.tasks for found in next(scores)] for one in several]


def _only(tasks: Mapping[str, Answered], task: str) -> Mapping[str, Answered]:
    """The answers to one task alone, for another process: those in a log are read there."""
    return tasks.only(task) if isinstance(tasks, Logged) else {task: tasks[task]}


def compare(first: Predictions, second: Predictions) -> list[Difference]:
    """Compare two models on the tasks and samples that both answered.

    Raises:
        EvaluationError: they have no task in common, or answered other samples of it.
    """
    return [
        Difference(
            pair.task,
            pair.kind,
            pair.first.name,
            pair.first.value,
            pair.second.value,
            *difference(pair.first, pair.second, pair.drawn),
            len(pair.first.parts),
        )
        for pair in pairs(first, second)
    ]


def pairs(first: Predictions, second: Predictions) -> Iterator[Pair]:
    """The metrics of two models on the tasks and samples that both answered.

    Raises:
        EvaluationError: they have no task in common, or answered other samples of it.
    """
    common = [task for task in first.tasks if task in second.tasks]
    if not common:
        raise EvaluationError(f"{first.name} and {second.name} have no task in common, so they cannot be compared.")
    for task in common:
        one, other = _aligned(task, first, second)
        drawn = Draws(len(one.targets), seed_of(task))
        found = [measure(definition(task), each.predictions, each.targets) for each in (one, other)]
        for mine, yours in zip(*found, strict=True):
            for place, (left, right) in enumerate(zip(mine.metrics, yours.metrics, strict=True)):
                yield Pair(task, mine.kind, place == 0, left, right, drawn)


def _aligned(task: str, first: Predictions, second: Predictions) -> tuple[Answered, Answered]:
    one, other = first.tasks[task], second.tasks[task]
    if one.ids and other.ids:
        both = sorted(set(one.ids) & set(other.ids))
        one, other = _chosen(one, both), _chosen(other, both)
    if one.targets != other.targets or not one.targets:
        raise EvaluationError(
            f"{task}: {first.name} and {second.name} did not answer the same samples ({len(one.targets)} and "
            f"{len(other.targets)}), so they cannot be compared. Ask both the same version of the benchmark."
        )
    return one, other


def _chosen(answered: Answered, ids: Iterable[str]) -> Answered:
    places = {id_: place for place, id_ in enumerate(answered.ids)}
    chosen = [places[id_] for id_ in ids]

    def of(column: list[str]) -> list[str]:
        return [column[place] for place in chosen]

    return Answered(of(answered.ids), of(answered.predictions), of(answered.targets), answered.asked)


def seed_of(task: str) -> int:
    """Of the resamples of a task: the same for every model, so that differences are paired."""
    return zlib.crc32(task.encode())


def _scores(job: tuple[Definition, Mapping[str, Answered]]) -> list[Score]:
    task, answered = job[0], job[1][job[0].task]
    if not answered.predictions:
        return []
    drawn = Draws(len(answered.targets), seed_of(task.task))
    found: list[Score] = []
    for measured in measure(task, answered.predictions, answered.targets):
        for place, metric in enumerate(measured.metrics):
            low, high = interval(metric, drawn)
            found.append(
                Score(
                    task=task.task,
                    category=task.category,
                    kind=measured.kind,
                    metric=metric.name,
                    main=place == 0,
                    value=metric.value,
                    low=low,
                    high=high,
                    samples=len(answered.targets),
                    unread=measured.unread,
                )
            )
    return found


def _spread(work: Callable[[Any], Any], jobs: list[Any], workers: int) -> list[Any]:
    if workers == 1 or len(jobs) < 2:
        return [work(job) for job in jobs]
    with ProcessPoolExecutor(workers) as pool:
        return list(pool.map(work, jobs))
