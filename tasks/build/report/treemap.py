"""The treemap of categories and tasks, sized by their rows."""

from collections.abc import Callable
from math import log2, sqrt
from typing import Any

from schemas.task import CATEGORIES
from tasks.base.pages.rows import samples
from tasks.base.pages.words import number
from tasks.build.report.overview import TaskRow

SCALES: dict[str, Callable[[int], float]] = {
    "square root of the rows": sqrt,
    "rows": float,
    "logarithm of the rows": lambda rows: log2(rows + 1),
}
"""Tasks have 1 to 3,000,000 rows: drawn by rows, a few tasks fill the chart."""


def treemaps(tasks: list[TaskRow]) -> dict[str, Any]:
    """The treemap once for each scale."""
    return {name: _treemap(tasks, scale) for name, scale in SCALES.items()} if tasks else {}


def _treemap(tasks: list[TaskRow], scale: Callable[[int], float]) -> dict[str, Any]:
    by_category = {category: [task for task in tasks if task.category == category] for category in CATEGORIES}
    groups = [
        {
            "name": category,
            "title": CATEGORIES[category],
            "says": f"{category}, {CATEGORIES[category]}: {len(members)} tasks, {_rows(members)} rows",
            "tasks": [
                [task.name, round(scale(task.rows), 4), number(task.rows), _says(task), samples(task=task.name)]
                for task in members
            ],
        }
        for category, members in by_category.items()
        if members
    ]
    return {"kind": "tree", "groups": groups, "height": 480 if len(tasks) < 60 else 760}


def _rows(tasks: list[TaskRow]) -> str:
    return number(sum(task.rows for task in tasks))


def _says(task: TaskRow) -> str:
    train, dev, test = (number(rows) for rows in task.splits)
    return f"{task.name} ({task.title}): {number(task.rows)} rows, train {train}, dev {dev}, test {test}"
