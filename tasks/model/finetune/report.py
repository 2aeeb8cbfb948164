"""The curves of a training as a page that needs no network."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from markupsafe import Markup

from tasks.base.pages.charts import line, script
from tasks.base.pages.template import render
from tasks.base.pages.words import as_json
from tasks.model.finetune.loss import Logged


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

REWARDS = (
    Chart("Mean reward", "reward"),
    Chart("Prompts whose completions all earn the same, share", "flat"),
    Chart("Distinct completions of a prompt, share", "distinct"),
    Chart("Equal completions within a task over ten steps, share", "same"),
    Chart("Entropy of the next token, nats", "entropy"),
    Chart("Length of completions, tokens", "length"),
    Chart("Completions cut off, share", "cut"),
    Chart("KL divergence from the start, nats a token", "kl"),
    Chart("Length of the gradient before clipping", "gradient"),
)
"""The charts of a training on rewards."""


def page(name: str, points: Sequence[Logged], charts: Sequence[Chart] = CHARTS) -> str:
    """Write the page of a run; a chart without values is left out."""
    charts = [chart for chart in charts if not points or any(getattr(each, chart.field) is not None for each in points)]
    return render(
        __file__,
        "loss.html.j2",
        name=name,
        points=points,
        charts=charts,
        figures=Markup(as_json([_figure(chart, points) for chart in charts])),  # noqa: S704 - escaped by as_json
        drawing=script(),
    )


def _figure(chart: Chart, points: Sequence[Logged]) -> dict[str, Any]:
    values = [getattr(point, chart.field) for point in points]
    return line([point.step for point in points], values, "step", chart.title.lower())
