"""Diagnostics: one row for each task with annotations, and what tasks have in common as heat maps."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import polars as pl

from schemas.task import CATEGORIES
from tasks.base.pages.charts import heat, percent
from tasks.base.pages.rows import overlap
from tasks.base.pages.words import number

Tables = Mapping[str, pl.DataFrame]
"""The tables of a diagnosis by name."""

NONE: Tables = {}
"""Those of a release without one."""


class Shown(NamedTuple):
    """A column of the table of tasks.

    Attributes:
        measure: whose value is shown.
        split: of which.
        title: the column's head.
        percent: whether the value is a share.
    """

    measure: str
    split: str
    title: str
    percent: bool = False


COLUMNS = (
    Shown("mentions", "all", "Mentions"),
    Shown("mentions_per_100_words", "all", "per 100 words"),
    Shown("label_balance", "all", "Balance"),
    Shown("names", "all", "Names"),
    Shown("concepts", "all", "Concepts"),
    Shown("ambiguous_mentions", "all", "Ambiguous", percent=True),
    Shown("variation", "all", "Variation"),
    Shown("unseen_mentions", "test", "Unseen", percent=True),
    Shown("unseen_concepts", "test", "New concepts", percent=True),
    Shown("nested_mentions", "all", "Nested", percent=True),
    Shown("consistency", "all", "Consistent", percent=True),
)


class Cell(NamedTuple):
    """A value in words, and as a number to sort by; below all values where it is not defined."""

    text: str = ""
    value: float = -1


def diagnosis_rows(found: Tables) -> list[tuple[str, tuple[Cell, ...]]]:
    """The tasks with mentions, by name."""
    if not found:
        return []
    rows = found["diagnostics"].iter_rows()
    values = {(task, split, measure): value for task, split, measure, value in rows}
    tasks = sorted({task for task, _, measure in values if measure == "mentions"}, key=str.casefold)
    return [
        (task, tuple(_cell(values.get((task, each.split, each.measure)), each) for each in COLUMNS)) for task in tasks
    ]


def _cell(value: float | None, shown: Shown) -> Cell:
    if value is None:
        return Cell()
    if shown.percent:
        return Cell(f"{100 * value:.1f} %", value)
    return Cell(number(int(value)) if value == int(value) else f"{value:.2f}", value)


def overlap_figures(found: Tables, category_of: Mapping[str, str]) -> dict[str, Any]:
    """`<kind>/<category>` -> a heat map of the Jaccard indexes of the tasks of a category."""
    if not found:
        return {}
    whole = found["overlap"].filter(pl.col("split") == "all", pl.col("other_split") == "all")
    named = pl.col("task").replace_strict(dict(category_of), default="", return_dtype=pl.String)
    groups = whole.with_columns(category=named).partition_by("kind", "category", as_dict=True)
    return {
        f"{kind}/{category}": _heat(kind, groups[kind, category])
        for kind in ("names", "concepts")
        for category in CATEGORIES
        if (kind, category) in groups
    }


def _heat(kind: str, rows: pl.DataFrame) -> dict[str, Any]:
    found = [row for row in rows.iter_rows(named=True) if row["task"] != row["other_task"]]
    tasks = sorted({row["task"] for row in found}, key=str.casefold)
    place = {task: number for number, task in enumerate(tasks)}
    marks = [
        (place[row["task"]], place[row["other_task"]], row["jaccard"], _says(kind, row), _rows(kind, row))
        for row in found
        if row["other_task"] in place
    ]
    none = f"{{row}} shares no {kind} with {{column}}"
    return heat(("task", tasks), ("other task", tasks), marks, none, f"Jaccard index of the {kind}")


def _says(kind: str, row: dict[str, Any]) -> str:
    return (
        f"{row['task']} shares {number(row['shared'])} of its {number(row['own'])} {kind} with {row['other_task']}: "
        f"Jaccard index {percent(row['jaccard'])}"
    )


def _rows(kind: str, row: dict[str, Any]) -> str:
    return overlap(kind=kind, task=row["task"], other_task=row["other_task"])
