"""The loss curve as a page that needs no network."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from markupsafe import Markup

from tasks.base.pages.palette import BLUE, axis, layout
from tasks.base.pages.template import render
from tasks.base.pages.words import as_json
from tasks.model.finetune.loss import Point


class Chart(NamedTuple):
    """One chart: its heading, and the field of a point that it shows over the steps."""

    title: str
    field: str


CHARTS = (
    Chart("Loss, nats a token", "loss"),
    Chart("Tokens held likeliest, share", "accuracy"),
    Chart("Length of the gradient before clipping", "gradient"),
    Chart("Learning rate", "learning_rate"),
)


def page(name: str, points: Sequence[Point]) -> str:
    """Write the page of a run."""
    from plotly.offline import get_plotlyjs

    return render(
        __file__,
        "loss.html.j2",
        name=name,
        points=points,
        charts=CHARTS,
        figures=Markup(as_json([_figure(chart, points) for chart in CHARTS])),  # noqa: S704 - escaped by as_json
        plotly=Markup(get_plotlyjs()),  # noqa: S704 - the library's own script
    )


def _figure(chart: Chart, points: Sequence[Point]) -> dict[str, Any]:
    line = {
        "type": "scatter",
        "mode": "lines",
        "x": [point.step for point in points],
        "y": [getattr(point, chart.field) for point in points],
        "line": {"color": BLUE},
    }
    return {"data": [line], "layout": layout(260, xaxis=axis(title={"text": "step"}), yaxis=axis(), showlegend=False)}
