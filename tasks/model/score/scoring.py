"""Scores: every metric of every task, with intervals, and the comparison of two models."""

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, Literal, NamedTuple

from medinst_eval.metrics import paper, strict
from medinst_eval.metrics.statistics import Floats, Metric, difference, interval, weights
from schemas.errors import EvaluationError, did_you_mean
from schemas.evaluation import Score
from schemas.task import Classes, Qa, Re, Sts, Task
from sources import tasks as declared_tasks
from tasks.base.paper.held_out import held_out
from tasks.base.predictions.files import Answered, Predictions
from tasks.build.render.stage import form

Kind = Literal["paper", "strict"]
KINDS: tuple[Kind, ...] = ("paper", "strict")


class Measured(NamedTuple):
    """The metrics of one task in one set, the main one first.

    Attributes:
        unread: share of the answers that could not be read.
    """

    kind: Kind
    metrics: list[Metric]
    unread: float


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
    drawn: Floats


def kinds(task: Task) -> tuple[str, str]:
    """The kinds of a task's main metrics in `paper` and in `strict`.

    A held-out task has the paper's (expectations/medinst32.csv); any other that of its answer form.
    """
    name = form(task).name
    own = {"labels": _labels(task), "text": "text", "score": "score", "tags": "tags"}.get(name, "brackets")
    held = held_out().get(task.name)
    published = held.metric if held else own
    return published, {"brackets": name}.get(own, own) if published != "exact" else _exact(name)


def _labels(task: Task) -> str:
    return "list" if isinstance(task, Classes) and task.multiple else "label"


def _exact(name: str) -> str:
    """Strict answers of an open set: bracketed ones are read as such."""
    return name if name in strict.METRICS and name != "text" else "exact"


def measure(task: Task, answered: Answered) -> list[Measured]:
    """All metrics of one task.

    Args:
        task: the task.
        answered: predictions and gold answers.
    """
    published, own = kinds(task)
    texts = (answered.predictions, answered.targets)
    main = [paper.METRICS[published](*texts)] if published in paper.METRICS else []
    found = strict.METRICS[own](*texts, _told(task))
    unread = 1 - sum(found.read) / len(found.read) if found.read else 0.0
    return [
        Measured("paper", [*main, *(metric(*texts) for metric in paper.ALWAYS)], unread),
        Measured("strict", found.metrics, unread),
    ]


def _told(task: Task) -> Sequence[str]:
    """What a task says of its labels to its strict metric."""
    match task:
        case Classes() | Qa() | Sts():
            return task.labels
        case Re():
            return task.symmetric
        case _:
            return ()


def score(predictions: Predictions, workers: int = 1) -> list[Score]:
    """Score the answers of a model.

    Args:
        predictions: the answers.
        workers: processes that measure.

    Raises:
        EvaluationError: a task is unknown.
    """
    jobs = [(_known(task), answered) for task, answered in predictions.tasks.items() if answered.predictions]
    return [found for scores in _spread(_scores, jobs, workers) for found in scores]


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
        drawn = weights(len(one.targets), _seed(task))
        for mine, yours in zip(measure(_known(task), one), measure(_known(task), other), strict=True):
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


def _known(task: str) -> Task:
    if task not in declared_tasks():
        likely = did_you_mean(task, declared_tasks())
        raise EvaluationError(f"There is no task `{task}`{likely}. Tasks are named as in Table 11: medinst tasks")
    return declared_tasks()[task][1]


def _seed(task: str) -> int:
    """Of the resamples of a task: the same for every model, so that differences are paired."""
    return zlib.crc32(task.encode())


def _scores(job: tuple[Task, Answered]) -> list[Score]:
    task, answered = job
    drawn = weights(len(answered.targets), _seed(task.name))
    found: list[Score] = []
    for measured in measure(task, answered):
        for place, metric in enumerate(measured.metrics):
            low, high = interval(metric, drawn)
            found.append(
                Score(
                    task=task.name,
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
