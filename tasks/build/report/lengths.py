"""How long inputs and outputs are: a line from shortest to longest, thick from median to 95th percentile."""

from collections.abc import Sequence
from typing import Any

from schemas.profile import SampleProfile
from schemas.task import CATEGORIES
from tasks.base.pages.palette import CATEGORY_COLOURS, INK, axis, layout
from tasks.base.pages.words import number, plain, short

ALL = "all categories"
SIDES = {"input": ("x", "y"), "output": ("x2", "y")}

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
    traces = [trace for side in SIDES for trace in _side(rows, side)]
    names = [f"<b>{row}</b>" if isinstance(row, str) else plain(short(row.task, 32)) for row in rows]
    titles = {side: {"text": f"characters of the {side}", "standoff": 4} for side in SIDES}
    log = {"type": "log", "dtick": 1, "tickformat": "~s", "side": "top"}
    drawn = layout(
        80 + 17 * len(rows),
        barmode="overlay",
        bargap=0,
        showlegend=False,
        margin={"l": 8, "r": 12, "t": 56, "b": 8},
        yaxis=axis(tickvals=list(range(len(rows))), ticktext=names, range=[len(rows) - 0.4, -0.6]),
        xaxis=axis(domain=[0, 0.485], title=titles["input"], **log),
        xaxis2=axis(domain=[0.515, 1], title=titles["output"], anchor="y", **log),
    )
    return {"data": traces, "layout": drawn}


def _side(rows: Sequence[Row], side: str) -> list[dict[str, Any]]:
    """The range, its usual part and the median. An empty text is drawn at 1: the axis is logarithmic."""
    places = [(place, row) for place, row in enumerate(rows) if not isinstance(row, str)]
    lengths = [_lengths(row, side) for _, row in places]
    colours = [CATEGORY_COLOURS[row.category] for _, row in places]
    hover = [_hover(row, side) for _, row in places]
    x, y = SIDES[side]
    common = {
        "y": [place for place, _ in places],
        "xaxis": x,
        "yaxis": y,
        "hovertext": hover,
        "hoverinfo": "text",
    }
    bar = common | {"type": "bar", "orientation": "h"}
    low, middle, high, top = ([max(1, values[place]) for values in lengths] for place in range(4))
    return [
        bar | {"base": low, "x": _spans(low, top), "width": 0.14, "marker": {"color": "#b6bec5"}},
        bar | {"base": middle, "x": _spans(middle, high), "width": 0.5, "marker": {"color": colours}},
        common
        | {
            "type": "scatter",
            "mode": "markers",
            "x": middle,
            "marker": {"color": colours, "size": 8, "line": {"color": INK, "width": 1}},
        },
    ]


def _spans(start: list[float], end: list[float]) -> list[float]:
    return [stop - begin for begin, stop in zip(start, end, strict=True)]


def _lengths(row: SampleProfile, side: str) -> tuple[float, float, float, float]:
    if side == "input":
        return row.input_chars_min, row.input_chars_median, row.input_chars_p95, row.input_chars_max
    return row.output_chars_min, row.output_chars_median, row.output_chars_p95, row.output_chars_max


def _hover(row: SampleProfile, side: str) -> str:
    low, middle, high, top = (number(value) for value in _lengths(row, side))
    return (
        f"<b>{plain(row.task)}</b> {row.split}, {number(row.kept)} samples<br>{side}: median {middle}"
        f"<br>shortest {low} · 95 % up to {high} · longest {top}"
    )
