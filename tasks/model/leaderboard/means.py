"""Means over tasks, each with the tasks that it averages."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from schemas.benchmark import HeldOutTest
from schemas.evaluation import Score
from schemas.task import CATEGORIES
from tasks.model.score.scales import FULL

Kind = Literal["paper", "strict"]
Main = Mapping[str, Score]
"""Task -> a model's main score in one set."""

ALL = "all tasks"
ONCE = "all tasks without repeats of larger ones"
"""Tests that have mostly samples of a larger test are left out, so that no sample counts twice."""
COMMON = "tasks that all models answered"


class Mean(NamedTuple):
    """The mean of a model over a group of tasks.

    Attributes:
        value: None where it has none of them.
        tasks: how many of them it averages.
    """

    value: float | None
    tasks: int


class Group(NamedTuple):
    """Tasks with a mean for each model.

    Attributes:
        tasks: those that count: some model has answered them, and 1 is the best value of their metric.
    """

    name: str
    tasks: tuple[str, ...]
    means: list[Mean]


def main_scores(scores: Sequence[Score], kind: Kind) -> dict[str, Score]:
    """The main scores of a model in one set, by task."""
    return {score.task: score for score in scores if score.kind == kind and score.main}


def uncounted(models: Sequence[Main]) -> dict[str, str]:
    """The tasks that no mean counts -> their metric, of which the best value is not 1."""
    return {task: score.metric for model in models for task, score in sorted(model.items()) if score.metric in FULL}


def groups(tests: Mapping[str, HeldOutTest], models: Sequence[Main]) -> list[Group]:
    """Means over all tasks, those of each category and those of each tier.

    Args:
        tests: the test sets of the benchmark.
        models: the main scores of each model.
    """
    left = uncounted(models)
    counted = [task for task in ordered(tests, models) if task not in left]
    chosen = {
        ALL: counted,
        COMMON: [task for task in counted if all(task in model for model in models)],
        ONCE: [task for task in counted if task not in tests or tests[task].repeats is None],
    }
    named = {name: tasks for name, tasks in chosen.items() if name == ALL or len(tasks) < len(counted)}
    for of in (_category, _tier):
        names = {task: of(tests[task]) for task in counted if task in tests}
        named |= {name: [task for task in names if names[task] == name] for name in sorted(set(names.values()))}
    return [_group(name, tasks, models) for name, tasks in named.items() if tasks]


def ordered(tests: Mapping[str, HeldOutTest], models: Sequence[Main]) -> list[str]:
    """The tasks that any model answered, in the order of the benchmark, then those that it does not have."""
    answered = {task for model in models for task in model}
    return [*(task for task in tests if task in answered), *sorted(answered - tests.keys())]


def mean(model: Main, tasks: Sequence[str]) -> Mean:
    """The mean of a model over those of some tasks that it has."""
    values = [model[task].value for task in tasks if task in model]
    return Mean(sum(values) / len(values) if values else None, len(values))


def _group(name: str, tasks: Sequence[str], models: Sequence[Main]) -> Group:
    return Group(name, tuple(tasks), [mean(model, tasks) for model in models])


def _category(test: HeldOutTest) -> str:
    return CATEGORIES[test.category]


def _tier(test: HeldOutTest) -> str:
    return f"tier {test.tier.name}"
