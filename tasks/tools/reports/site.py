"""A site of a root's pages: read-only, and strict about what it gives and to whom."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from schemas.errors import OutsideRoot
from tasks.base.pages.template import render
from tasks.base.store.root import Root
from tasks.tools.reports import kind_of, listed, read

LOOPBACK = ("127.0.0.1", "localhost")
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data: blob:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_SCRIPTS = "; script-src 'unsafe-inline'"
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


def site(root: Root, address: str | None = None) -> Starlette:
    """An application that serves the pages of a root, and a list of them at `/`.

    Args:
        root: the root.
        address: where people find the site; requests for any other host than this and loopback are refused, so that
            no page of another site can read from it through a name that it points here.
    """
    host = urlsplit(address).hostname if address else None
    allowed = [*LOOPBACK, *([host] if host else [])]

    def index(_: Request) -> Response:
        return _answer(HTMLResponse, render(__file__, "index.html.j2", folders=listed(root), root=root.url))

    def page(request: Request) -> Response:
        place = request.path_params["place"]
        try:
            content = read(root, place)
        except (OutsideRoot, FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return _answer(PlainTextResponse, "There is no such page. All pages: /\n", 404)
        kind = kind_of(place)
        return _answer(HTMLResponse, content, scripts=kind is not None and kind.scripts)

    return Starlette(
        routes=[Route("/", index), Route("/{place:path}", page)],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=allowed, www_redirect=False)],
        exception_handlers={OSError: _unreadable},
    )


def _unreadable(_: Request, error: Exception) -> Response:
    return _answer(PlainTextResponse, f"The root cannot be read now ({type(error).__name__}). Try again.\n", 503)


def _answer(kind: type[Response], content: str | bytes, status: int = 200, scripts: bool = False) -> Response:
    headers: Mapping[str, str] = _HEADERS | {"Content-Security-Policy": _POLICY + (_SCRIPTS if scripts else "")}
    return kind(content, status_code=status, headers=headers)
