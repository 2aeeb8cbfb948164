"""Serving the folder of an explorer on this machine."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from tasks.tools.explore.offline.pages import POLICY
from tasks.tools.explore.site import HEADERS, HOSTS, REPORT, REPORT_HEADERS


class _Files(StaticFiles):
    """Files of the folder, whole or a range of one, with the policy of the page."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        policy = {"Content-Security-Policy": f"{POLICY}; frame-ancestors 'none'"}
        answer.headers.update(REPORT_HEADERS if path == REPORT else HEADERS | policy)
        answer.headers["Cache-Control"] = "no-cache"
        return answer


def served(folder: Path) -> Starlette:
    """The application: it answers requests for loopback names alone, and follows no links out of the folder."""
    return Starlette(
        routes=[Mount("/", _Files(directory=folder, html=True, follow_symlink=False))],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=list(HOSTS), www_redirect=False)],
    )
