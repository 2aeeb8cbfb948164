"""Colours that colour-blind readers can tell apart (Okabe and Ito), and what all charts have in common."""

from collections.abc import Sequence
from typing import Any

from schemas.task import SPLITS
from tasks.base.pages.words import number, plain, short

BLUE, SKY, GREEN, ORANGE, VERMILION, PURPLE, YELLOW = (
    "#0072B2",
    "#56B4E9",
    "#009E73",
    "#E69F00",
    "#D55E00",
    "#CC79A7",
    "#F0E442",
)
NEUTRAL = "#999999"
INK = "#1f2a33"
GRID = "#e3e7ea"

Series = tuple[str, Sequence[int]]
"""The colour and the values of one series of bars."""

SERIES = (BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILION, YELLOW)
SPLIT_COLOURS: dict[str, str] = dict(zip(SPLITS, (BLUE, ORANGE, GREEN), strict=True))

CATEGORY_COLOURS = {
    "NER": BLUE,
    "NED": SKY,
    "RE": GREEN,
    "COREF": "#7fcfb4",
    "EE": "#b8dfd0",
    "QA": ORANGE,
    "TE": VERMILION,
    "STS": "#f0b27f",
    "TXTCLASS": PURPLE,
    "TEXTPAIRCLASS": "#e6bcd2",
    "TRANSL": YELLOW,
    "SUM": "#bbbbbb",
}
"""Twelve categories, seven colours: kindred categories share a colour in another tint, and all are named."""


def tint(colour: str, white: float = 0.42) -> str:
    """A colour mixed with white, for large areas that carry dark text."""
    parts = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
    return "#" + "".join(f"{round(part + (255 - part) * white):02x}" for part in parts)


def axis(**more: Any) -> dict[str, Any]:
    """An axis with a quiet grid."""
    return {"gridcolor": GRID, "zeroline": False, "automargin": True, "linecolor": GRID, **more}


def layout(height: int, **more: Any) -> dict[str, Any]:
    """The layout of a chart: the page's font, no background, room for the labels."""
    font = {"family": "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif", "size": 12, "color": INK}
    return {
        "height": height,
        "font": font,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 8, "r": 12, "t": 8, "b": 40},
        "hoverlabel": {"align": "left", "bgcolor": "#ffffff", "font": font},
        **more,
    }


def bars(names: Sequence[str], series: str, values: Sequence[int], colour: str) -> dict[str, Any]:
    """One series of horizontal bars. They stand at places, not names: shortened names could collide."""
    pairs = zip(names, values, strict=True)
    return {
        "type": "bar",
        "orientation": "h",
        "name": plain(short(series, 60)),
        "y": list(range(len(values))),
        "x": list(values),
        "marker": {"color": colour},
        "hovertext": [f"{plain(name)}<br>{plain(series)}: {number(value)}" for name, value in pairs],
        "hoverinfo": "text",
    }


def figure(names: Sequence[str], series: dict[str, Series], unit: str) -> dict[str, Any]:
    """Stacked horizontal bars, the first on top, each with its name and its sum.

    Args:
        names: one a bar.
        series: name -> colour and values, one a bar.
        unit: what the values count.
    """
    traces = [bars(names, name, values, colour) for name, (colour, values) in series.items()]
    sums = [sum(column) for column in zip(*(values for _, values in series.values()), strict=True)]
    pairs = zip(names, sums, strict=True)
    labels = [f"{plain(short(name))}  <b>{number(total)}</b>" for name, total in pairs]
    drawn = layout(
        110 + 24 * len(labels) + 20 * (len(traces) // 4),
        barmode="stack",
        bargap=0.25,
        xaxis=axis(title={"text": unit}, tickformat=",", rangemode="tozero"),
        yaxis=axis(tickvals=list(range(len(labels))), ticktext=labels, range=[len(labels) - 0.4, -0.6]),
        legend={"orientation": "h", "y": 1, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
        showlegend=True,
    )
    return {"data": traces, "layout": drawn}
