"""A badge for a dataset card: a picture, an endpoint for a service that draws badges, and the line that shows it."""

import json

from schemas.guard import Guarded
from tasks.base.pages.template import render

_COLOURS = {"brightgreen": "#2e7d32", "orange": "#b45309", "red": "#b3261e"}
_WIDTH, _MARGIN = 6.6, 12
"""Pixels of a letter, on average, and beside a text."""


def label(report: Guarded) -> str:
    """What the badge is about: the places of the tests."""
    names = [each.name.rstrip("/").rpartition("/")[2] for each in report.against]
    return f"tests in {', '.join(names)}"


def svg(report: Guarded) -> str:
    """The badge as a picture."""
    left, right = (round(len(text) * _WIDTH + _MARGIN) for text in (label(report), report.message))
    return render(
        __file__,
        "badge.svg.j2",
        label=label(report).translate(_SAFE),
        message=report.message.translate(_SAFE),
        colour=_COLOURS[report.colour],
        left=left,
        right=right,
    )


_SAFE = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


def endpoint(report: Guarded) -> str:
    """The badge as JSON, in the schema of an endpoint badge of shields.io."""
    content = {"schemaVersion": 1, "label": label(report), "message": report.message, "color": report.colour}
    return f"{json.dumps(content, ensure_ascii=False, indent=1)}\n"


def markdown(report: Guarded) -> str:
    """The line for a dataset card, and what it is about."""
    what = "; ".join(f"{each.name} ({each.rows:,} samples, sha256 {each.sha256[:12]})" for each in report.against)
    return (
        f"![{label(report)}: {report.message}](badge.svg)\n\n"
        f"{report.data.rows:,} rows (sha256 {report.data.sha256[:12]}) were compared with {what}: "
        f"{report.message}.\n"
    )
