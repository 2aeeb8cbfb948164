"""The pages of the explorer: read-only, for this machine alone, and with nothing in them that data could run."""

import re
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from schemas.base import Model
from schemas.errors import MedinstError
from tasks.base.pages.template import render
from tasks.tools.explore import rejects, views
from tasks.tools.explore.explorer import PAGE, Explorer
from tasks.tools.explore.filters import Filters

HOSTS = ("127.0.0.1", "localhost")
PATIENCE = 3.0
"""Seconds that a search waits for its index before the page says so, and asks again by itself."""

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
REPORT = "report.html"
REPORT_HEADERS = HEADERS | {
    "Content-Security-Policy": "sandbox allow-scripts allow-downloads; "
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; "
    "frame-ancestors 'none'"
}
"""The report has its scripts inside. It came with the release, so it runs in a sandbox: it cannot read other pages."""

STATIC = Path(__file__).with_name("static")
_FILES = {"explore.css": "text/css", "explore.js": "text/javascript"}

M = TypeVar("M", bound=Model)


class Site:
    """The pages of one explorer."""

    def __init__(self, explorer: Explorer) -> None:
        self.explorer = explorer

    def overview(self, request: Request) -> Response:
        """All tasks by category."""
        return self._page(request, "overview.html.j2", tasks=self.explorer.tasks)

    def task(self, request: Request) -> Response:
        """What is known of one task."""
        name = request.path_params["task"]
        row = next((row for row in self.explorer.tasks if row["task"] == name), None)
        if row is None:
            raise HTTPException(404, f"There is no task {name} here.")
        definition = self.explorer.define(name)
        return self._page(request, "task.html.j2", row=row, definition=definition, **self.explorer.task(name))

    def samples(self, request: Request) -> Response:
        """The samples that filters ask for."""
        filters, page = _given(request, Filters), _number(request)
        told = self._prepare(filters)
        found = self.explorer.page(filters, page)
        for row in found.rows:
            row["about"] = views.snippet(row["input"], filters.q)
        return self._page(
            request,
            "samples.html.j2",
            filters=filters,
            found=found,
            page=page,
            pages=-(-found.total // PAGE),
            told=told,
            choices=self.explorer.choices,
        )

    def sample(self, request: Request) -> Response:
        """One sample."""
        explorer, filters = self.explorer, _given(request, Filters)
        name, id_ = request.path_params["task"], request.path_params["id"]
        sample = explorer.sample(name, id_)
        if sample is None:
            raise HTTPException(404, f"There is no sample {id_} of {name} here. It may be a reject: /rejects?q={id_}")
        told = self._prepare(filters)
        definition = explorer.define(name)
        read, view = views.gold(definition, sample, filters.q)
        answers = [
            views.answer(explorer, each, definition, sample)
            for each in dict.fromkeys(filter(None, (filters.model, filters.against)))
        ]
        return self._page(
            request,
            "sample.html.j2",
            sample=sample,
            filters=filters,
            read=read,
            view=view,
            definition=definition,
            answers=answers,
            told=told,
            beside=explorer.neighbours(sample["nr"], filters),
        )

    def rejects(self, request: Request) -> Response:
        """What was left out."""
        filters, page = _given(request, rejects.RejectFilters), _number(request)
        found = rejects.rejects(self.explorer, filters, page)
        return self._page(
            request,
            "rejects.html.j2",
            filters=filters,
            found=found,
            page=page,
            pages=-(-found.total // PAGE),
            choices=rejects.choices(self.explorer),
        )

    def report(self, _: Request) -> Response:
        """The report of the release, whose numbers are links to these pages when it is read here."""
        version = self.explorer.shown.version
        if REPORT not in version.manifest.files:
            raise HTTPException(404, f"{version.version} has no report: only releases have one.")
        return Response(version.local(REPORT).read_bytes(), media_type="text/html", headers=REPORT_HEADERS)

    def why(self, request: Request) -> Response:
        """The story of a record or sample."""
        from tasks.tools.explore.story import story

        name = request.path_params["name"]
        return self._page(request, "why.html.j2", name=name, **story(self.explorer.shown.root, name))

    def _prepare(self, filters: Filters) -> list[str]:
        """Have what filters need; gives what is missing, as sentences."""
        told = self.explorer.answers.need(filters.model, filters.against)
        index = self.explorer.index
        if filters.q.strip() and not index.wait(PATIENCE):
            raise HTTPException(
                503, f"The search index has {index.done:,} of {index.total:,} samples. This page asks again by itself."
            )
        return [*told, *([index.failed] if index.failed else [])]

    def _page(self, request: Request, template: str, **values: Any) -> Response:
        shown = self.explorer.shown
        text = render(
            __file__,
            template,
            layout="base.html.j2",
            offline=False,
            path=request.url.path,
            version=shown.version.version,
            kind=shown.version.manifest.kind,
            total=self.explorer.index.total,
            original=shown.version.manifest.original,
            evaluations=list(self.explorer.answers.folders),
            first=shown.first,
            there=self.explorer.there,
            report=REPORT in shown.version.manifest.files,
            **values,
        )
        return HTMLResponse(text, headers=HEADERS | {"Cache-Control": "no-cache"})


def site(explorer: Explorer) -> Starlette:
    """The application. It answers requests for loopback names alone: no other site can read it by a name of its own."""
    pages = Site(explorer)

    def static(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in _FILES:
            raise HTTPException(404, "There is no such file.")
        return Response((STATIC / name).read_bytes(), media_type=_FILES[name], headers=HEADERS)

    return Starlette(
        routes=[
            Route("/", pages.overview),
            Route("/tasks/{task}", pages.task),
            Route("/samples", pages.samples),
            Route("/samples/{task}/{id}", pages.sample),
            Route("/rejects", pages.rejects),
            Route("/report", pages.report),
            Route("/why/{name:path}", pages.why),
            Route("/static/{name}", static),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=list(HOSTS), www_redirect=False)],
        exception_handlers={HTTPException: _refused, MedinstError: _told},
    )


def _given(request: Request, kind: type[M]) -> M:
    """The filters in a query string; an unknown name is an error, so that no misspelled filter passes for none.

    Raises:
        HTTPException: one is wrong.
    """
    said = {name: value for name, value in request.query_params.items() if value and name != "page"}
    try:
        return kind.model_validate(said)
    except ValidationError as error:
        fault = error.errors()[0]
        known = ", ".join(kind.model_fields)
        raise HTTPException(
            400, f"The filter {'.'.join(map(str, fault['loc']))} is wrong: {fault['msg']}. Filters: {known}."
        ) from error


def _number(request: Request) -> int:
    """The number of the page, from 1."""
    said = request.query_params.get("page", "1")
    if not re.fullmatch("[1-9][0-9]{0,6}", said):
        raise HTTPException(400, f"There is no page {said[:40]}. Pages are numbered from 1.")
    return int(said)


def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    text = render(__file__, "error.html.j2", status=error.status_code, message=error.detail)
    return HTMLResponse(text, status_code=error.status_code, headers=HEADERS)


def _told(_: Request, error: Exception) -> Response:
    text = render(__file__, "error.html.j2", status=500, message=str(error))
    return HTMLResponse(text, status_code=500, headers=HEADERS)
