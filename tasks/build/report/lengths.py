"""How long inputs and outputs are: a line from shortest to longest, thick from median to 95th percentile."""

from collections.abc import Sequence
from typing import Any

from schemas.profile import SampleProfile
from schemas.task import CATEGORIES
from tasks.base.pages.words import number

ALL = "all categories"
SIDES = ("input", "output")

Row = SampleProfile | str
"""A split of a task, or the category that the rows below belong to."""


def length_figures(samples: Sequence[SampleProfile]) -> dict[str, Any]:
    """One chart of all categories and one of each; the first is what the page shows at first."""
    chosen = _largest_splits(samples)
    if not chosen:
        return {}
    by_category = {name: [row for row in chosen if row.category == name] for name in CATEGORIES}
    by_category = {name: rows for name, rows in by_category.items() if rows}
    every: list[Row] = [row for name, rows in by_category.items() for row in (name, *rows)]
    whole = {ALL: _ranges(every)}
    parts = {f"{name} ({CATEGORIES[name]})": _ranges(rows) for name, rows in by_category.items()}
    return whole | parts if len(chosen) <= 40 else parts | whole


def _largest_splits(samples: Sequence[SampleProfile]) -> list[SampleProfile]:
    """The split with the most samples of each task: percentiles of several splits cannot be joined."""
    largest: dict[str, SampleProfile] = {}
    for row in samples:
        if row.kept and (row.task not in largest or row.kept > largest[row.task].kept):
            largest[row.task] = row
    return sorted(largest.values(), key=lambda row: (row.task.casefold(), row.task))


def _ranges(rows: Sequence[Row]) -> dict[str, Any]:
    """Each row is a name, a category, what is said, the lengths of inputs and of outputs; a heading is a name alone."""
    lines = [[row] if isinstance(row, str) else _line(row) for row in rows]
    return {"kind": "ranges", "sides": [f"characters of the {side}" for side in SIDES], "rows": lines}


def _line(row: SampleProfile) -> list[Any]:
    return [
        row.task,
        row.category,
        [f"{row.split}, {number(row.kept)} samples", *(_hover(row, side) for side in SIDES)],
    ] + [[max(1, value) for value in _lengths(row, side)] for side in SIDES]


def _lengths(row: SampleProfile, side: str) -> tuple[float, float, float, float]:
    """Shortest, median, 95th percentile and longest. An empty text is drawn at 1: the axis is logarithmic."""
    if side == "input":
        return row.input_chars_min, row.input_chars_median, row.input_chars_p95, row.input_chars_max
    return row.output_chars_min, row.output_chars_median, row.output_chars_p95, row.output_chars_max


def _hover(row: SampleProfile, side: str) -> str:
    low, middle, high, top = (number(value) for value in _lengths(row, side))
    return f"{side}: median {middle}, shortest {low}, 95 % up to {high}, longest {top}"
