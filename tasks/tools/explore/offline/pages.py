"""The pages that need no question: all tasks, each task, and the forms of the lists."""

from collections.abc import Iterator
from typing import Any

from tasks.base.pages.template import render
from tasks.tools.explore import rejects, site
from tasks.tools.explore.explorer import PAGE, Explorer, Page
from tasks.tools.explore.filters import BOUND, CHOICES, Filters
from tasks.tools.explore.offline.texts import GROUP

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; "
    "connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'"
)
"""What the page may do: run its own scripts and WebAssembly, and read files that lie beside it."""

_CONDITIONS = {
    "label": "nr IN (SELECT nr FROM labels WHERE label = $label)",
    "other": "nr IN (SELECT nr FROM leaks WHERE other = $other AND $kind IN ('', kind))",
}
"""Conditions that the tables of the folder answer in another way than those of the server."""

_OF_MODELS = ("model", "against", "answer")


def index(explorer: Explorer, report: bool) -> str:
    """The page in which all others are shown."""
    return _filled(explorer, "offline.html.j2", report=report, policy=POLICY)


def pages(explorer: Explorer) -> Iterator[tuple[str, str]]:
    """The name of each page, and its markup without what stands around it."""
    nothing = {"found": Page([], 0, {}), "page": 1, "pages": 1, "told": []}
    yield "overview", _filled(explorer, "overview.html.j2", tasks=explorer.tasks)
    yield "samples", _filled(explorer, "samples.html.j2", filters=Filters(), choices=explorer.choices, **nothing)
    filters = rejects.RejectFilters()
    yield "rejects", _filled(explorer, "rejects.html.j2", filters=filters, choices=rejects.choices(explorer), **nothing)
    for row in explorer.tasks:
        definition, known = explorer.define(row["task"]), explorer.task(row["task"])
        yield f"tasks/{row['task']}", _filled(explorer, "task.html.j2", row=row, definition=definition, **known)


def _filled(explorer: Explorer, template: str, **values: Any) -> str:
    shown = explorer.shown.version
    return render(
        site.__file__,
        template,
        **{
            "layout": "bare.html.j2",
            "offline": True,
            "path": "",
            "version": shown.version,
            "kind": shown.manifest.kind,
            "total": explorer.index.total,
            "original": shown.manifest.original,
            "evaluations": [],
            "first": "",
            "there": explorer.there,
            "report": False,
        }
        | values,
    )


def config(explorer: Explorer) -> dict[str, Any]:
    """What the scripts know of the folder; conditions are those of the server."""
    ends = [0]
    for row in explorer.tasks:
        ends.append(ends[-1] + row["samples"])
    names = [row["task"] for row in explorer.tasks]
    return {
        "version": explorer.shown.version.version,
        "kind": explorer.shown.version.manifest.kind,
        "group": GROUP,
        "page": PAGE,
        "tasks": [[task, first + 1, last] for task, first, last in zip(names, ends, ends[1:], strict=False)],
        "filters": {
            "names": [name for name in Filters.model_fields if name not in _OF_MODELS],
            "choices": {name: dict(of) for name, of in CHOICES.items() if name not in _OF_MODELS},
            "conditions": {**BOUND, **_CONDITIONS},
        },
        "rejects": {"columns": list(rejects.COLUMNS), "words": rejects.WORDS},
    }
