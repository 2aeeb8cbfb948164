"""Tiers: what a model has seen of a test when it was trained on a set of tasks. They are ours, not the paper's."""

from collections.abc import Iterable

from schemas.benchmark import Tier
from schemas.task import Task
from tasks.build.render.stage import form

TIERS = {
    "task": "the task itself is in the training set",
    "labels": "every label of the test is a label of a training task of its category",
    "category": "a training task has its category, but some label is new",
    "form": "no training task has its category, but one has its answer form",
    "new": "neither category nor answer form is in the training set",
}


def tier(test: Task, training: Iterable[Task]) -> Tier:
    """What a model trained on some tasks has seen of a test.

    Labels are compared by their names within the category, without regard to case; a test without labels (a
    translation, say) has its category's tier.
    """
    seen = list(training)
    alike = [task for task in seen if task.category == test.category]
    wanted = {label.casefold() for label in test.labels}
    known = wanted & {label.casefold() for task in alike for label in task.labels}
    facts = {
        "task": any(task.name == test.name for task in seen),
        "category": bool(alike),
        "form": any(form(task).name == form(test).name for task in seen),
    }
    levels = facts | {"labels": bool(wanted) and known == wanted, "new": True}
    return Tier(
        **facts,
        labels=round(len(known) / len(wanted), 3) if wanted else None,
        name=next(name for name in TIERS if levels[name]),
    )
