"""The treemap of categories and tasks, sized by their rows."""

from collections.abc import Callable
from math import log2, sqrt
from typing import Any

from schemas.task import CATEGORIES
from tasks.base.pages.palette import BLUE, CATEGORY_COLOURS, INK, layout, tint
from tasks.base.pages.words import number, plain
from tasks.build.report.overview import TaskRow

SCALES: dict[str, Callable[[int], float]] = {
    "square root of the rows": sqrt,
    "rows": float,
    "logarithm of the rows": lambda rows: log2(rows + 1),
}
"""Tasks have 1 to 3,000,000 rows: drawn by rows, a few tasks fill the chart."""

ROOM = 0.07
"""Share of the whole from which on a category has room for its full name beside its short one."""


def treemaps(tasks: list[TaskRow]) -> dict[str, Any]:
    """The treemap once for each scale."""
    return {name: _treemap(tasks, scale) for name, scale in SCALES.items()} if tasks else {}


def _treemap(tasks: list[TaskRow], scale: Callable[[int], float]) -> dict[str, Any]:
    nodes = _nodes(tasks, scale)
    inks = ["#ffffff" if colour == BLUE else INK for colour in nodes["colours"]]
    trace = {
        "type": "treemap",
        "ids": nodes["ids"],
        "parents": nodes["parents"],
        "labels": nodes["labels"],
        "text": nodes["text"],
        "hovertext": nodes["hovertext"],
        "hoverinfo": "text",
        "textinfo": "label+text",
        "textfont": {"color": inks},
        "values": nodes["values"],
        "marker": {
            "colors": nodes["colours"],
            "line": {"width": 1, "color": "#ffffff"},
            "pad": {"t": 20, "l": 2, "r": 2, "b": 2},
        },
        "tiling": {"packing": "squarify", "pad": 1},
        "pathbar": {"visible": True, "thickness": 22, "side": "bottom"},
        "root": {"color": "#ffffff"},
    }
    hidden = {"minsize": 9, "mode": "hide"}
    height = 480 if len(tasks) < 60 else 760
    margin = {"l": 0, "r": 0, "t": 0, "b": 24}
    return {"data": [trace], "layout": layout(height, margin=margin, uniformtext=hidden)}


def _nodes(tasks: list[TaskRow], scale: Callable[[int], float]) -> dict[str, list[Any]]:
    """The categories, each followed by its tasks. A category has the size 0: plotly adds up its tasks."""
    nodes: dict[str, list[Any]] = {
        key: [] for key in ("ids", "parents", "labels", "text", "hovertext", "colours", "values")
    }

    def add(*values: Any) -> None:
        for key, value in zip(nodes, values, strict=True):
            nodes[key].append(value)

    whole = sum(scale(task.rows) for task in tasks) or 1
    for category, title in CATEGORIES.items():
        members = [task for task in tasks if task.category == category]
        if not members:
            continue
        colour = CATEGORY_COLOURS[category]
        share = sum(scale(task.rows) for task in members) / whole
        rows = number(sum(task.rows for task in members))
        says = f"<b>{category}</b> {title}<br>{len(members)} tasks, {rows} rows"
        add(category, "", f"{category} · {title}" if share >= ROOM else category, "", says, colour, 0)
        for task in members:
            text, size = number(task.rows), round(scale(task.rows), 4)
            add(f"{category}/{task.name}", category, _name(task.name), text, _hover(task), tint(colour), size)
    return nodes


def _name(name: str, width: int = 10) -> str:
    """A task's name on as many lines as its hyphens allow, so that it fits into a small rectangle."""
    lines = [""]
    for piece in name.replace("-", "-\n").split("\n"):
        if lines[-1] and len(lines[-1] + piece) > width:
            lines.append("")
        lines[-1] += piece
    return "<br>".join(plain(line) for line in lines)


def _hover(task: TaskRow) -> str:
    train, dev, test = (number(rows) for rows in task.splits)
    return (
        f"<b>{plain(task.name)}</b><br>{plain(task.title)}<br>{number(task.rows)} rows"
        f"<br>train {train} · dev {dev} · test {test}"
    )
