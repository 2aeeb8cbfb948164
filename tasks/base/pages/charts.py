"""Charts as plain data, which `scripts/` draw as SVG in the page: without a library, in the page's colours.

Each has a `kind` (`bars`, `heat`, `ranges`, `tree` or `line`), and says what a mark shows and where its rows are.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from tasks.base.pages.words import number, short

Series = tuple[str, Sequence[int]]
"""The name of the colour and the values of one series of bars."""

Mark = tuple[int, int, float, str, str]
"""A cell of a heat map: row, column, share, what is said of it, and where its rows are (see `rows.py`)."""

_SCRIPTS = Path(__file__).parent / "scripts"


def script() -> Markup:
    """The script that draws charts: it defines `drawChart(place, chart)` and `saveChart(place, name)`."""
    names = ("svg.js", "bars.js", "heat.js", "ranges.js", "tree.js", "line.js", "chart.js")
    return Markup("\n").join(Markup((_SCRIPTS / name).read_text(encoding="utf-8")) for name in names)  # noqa: S704


def bars(names: Sequence[str], series: dict[str, Series], unit: str, rows: Sequence[str] = ()) -> dict[str, Any]:
    """Stacked horizontal bars, the first on top, each with its name and its sum.

    Args:
        names: one a bar.
        series: name -> colour and values, one a bar.
        unit: what the values count.
        rows: where the rows behind each bar are; empty for nowhere.
    """
    parts = [{"name": short(name, 60), "colour": colour} for name, (colour, _) in series.items()]
    columns = list(zip(*(values for _, values in series.values()), strict=True))
    lines = [[name, list(values)] for name, values in zip(names, columns, strict=True)]
    if rows:
        lines = [[*line, place] for line, place in zip(lines, rows, strict=True)]
    return {"kind": "bars", "unit": unit, "series": parts, "rows": lines}


def heat(
    rows: tuple[str, Sequence[str]],
    columns: tuple[str, Sequence[str]],
    marks: Sequence[Mark],
    none: str,
    what: str,
) -> dict[str, Any]:
    """A heat map of shares: one row and column a task.

    Args:
        rows: a title and the names.
        columns: the same.
        marks: the cells that have a share.
        none: what is said of the others, with `{row}` and `{column}`.
        what: what a share is a share of.
    """
    return {
        "kind": "heat",
        "axes": [rows[0], columns[0]],
        "rows": list(rows[1]),
        "columns": list(columns[1]),
        "cells": [
            [row, column, round(share, 4), says, *filter(None, [place])] for row, column, share, says, place in marks
        ],
        "none": none,
        "what": what,
    }


def line(x: Sequence[float], y: Sequence[float | None], across: str, up: str) -> dict[str, Any]:
    """One line over steps.

    Args:
        x: where.
        y: the values, one a step; None where there is none.
        across: the title of the axis of steps.
        up: what the values are.
    """
    return {"kind": "line", "x": list(x), "y": list(y), "across": across, "up": up}


def percent(share: float) -> str:
    """A share in words: no share but 0 is told as 0."""
    return (
        f"{share:.0%}"
        if share >= 0.01 or not share
        else f"{number(round(100 * share, 1)) if share >= 0.001 else '<0.1'}%"
    )
