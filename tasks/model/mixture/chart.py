"""A picture of a mixture: the rows and the tokens of each task, largest first."""

from typing import NamedTuple

from schemas.drawn import MixtureContent
from schemas.task import CATEGORIES
from tasks.base.pages.palette import CATEGORY_COLOURS
from tasks.base.pages.template import render

_WIDTH = 300.0
"""Of the longest bar, in pixels."""


class Bar(NamedTuple):
    """One task."""

    task: str
    colour: str
    rows: int
    tokens: int
    rows_width: float
    tokens_width: float


def chart(content: MixtureContent) -> str:
    """An SVG that needs nothing else."""
    given = sorted(content.given.items(), key=lambda item: (-item[1].rows, item[0]))
    most_rows = max(share.rows for _, share in given)
    most_tokens = max(1, *(share.tokens for _, share in given))
    bars = [
        Bar(
            task,
            CATEGORY_COLOURS[share.category],
            share.rows,
            share.tokens,
            round(_WIDTH * share.rows / most_rows, 1),
            round(_WIDTH * share.tokens / most_tokens, 1),
        )
        for task, share in given
    ]
    there = {share.category for _, share in given}
    legend = [(CATEGORIES[name], colour) for name, colour in CATEGORY_COLOURS.items() if name in there]
    return render(__file__, "mixture.svg.j2", content=content, bars=bars, legend=legend)
