"""Which claims of a server are believed: the rest of a file, a redirect, a size, a pace."""

import re
import time
from collections.abc import Callable
from ipaddress import ip_address
from urllib.parse import urlsplit

import httpx

from schemas.errors import FetchError
from schemas.settings import Settings
from tasks.build.fetch.address import redact

_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
_PATIENCE = 60.0
"""Seconds after which the pace of a transfer is judged."""


def is_rest(response: httpx.Response, offset: int, version: str) -> bool:
    """Whether an answer with status 206 is the rest of a file.

    Args:
        response: the answer.
        offset: bytes that are here already.
        version: the validator (ETag or Last-Modified) that they came with.
    """
    found = _RANGE.fullmatch(response.headers.get("Content-Range", "").strip())
    if found is None or int(found[1]) != offset or int(found[2]) != int(found[3]) - 1:
        return False
    said = (response.headers.get("ETag"), response.headers.get("Last-Modified"))
    return version in said or not any(said)


def redirects(url: str) -> Callable[[httpx.Request], None]:
    """A check of every request that follows from a URL: none is less safe than the first.

    Raises:
        FetchError: by the check; a redirect leads from https to http, or from a public host to a private address.
    """
    first = urlsplit(url)

    def check(request: httpx.Request) -> None:
        if first.scheme == "https" and request.url.scheme != "https":
            raise FetchError(
                f"`{redact(url)}`: expected a file, found a redirect from https to {request.url.scheme} "
                f"(`{redact(str(request.url))}`). Open the address in a browser; if the file is there, pass it with "
                "`--mirror`."
            )
        if _is_private(request.url.host) and not _is_private(first.hostname or ""):
            raise FetchError(
                f"`{redact(url)}`: expected a file, found a redirect to a private address "
                f"(`{redact(str(request.url))}`). Is a login page or a proxy in the way?"
            )

    return check


def _is_private(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return not ip_address(host.strip("[]")).is_global
    except ValueError:
        return False


class Meter:
    """Watches a transfer.

    Args:
        url: its address, for messages.
        settings: `slowest` in bytes a second, and `longest` in seconds.
        most: bytes that the file has at most; None: no bound.
    """

    def __init__(self, url: str, settings: Settings, most: int | None) -> None:
        self._url, self._settings, self._most = url, settings, most
        self._began = time.monotonic()
        self._came = 0

    def count(self, chunk: bytes, size: int) -> None:
        """Note that bytes came.

        Args:
            chunk: the bytes.
            size: of the file with them.

        Raises:
            FetchError: the file is longer than it may be, or the transfer takes too long or is too slow.
        """
        self._came += len(chunk)
        seconds = time.monotonic() - self._began
        found = ""
        if self._most is not None and size > self._most:
            found = f"more than the {self._most:,} bytes that the lock pins (changed? Accept it with `medinst lock`)"
        elif seconds > self._settings.longest:
            found = (
                f"no end after {seconds:,.0f} s. Raise MEDINST_LONGEST, or fetch it by hand and pass it with `--mirror`"
            )
        elif seconds > _PATIENCE and self._came < self._settings.slowest * seconds:
            found = f"{self._came / seconds:,.0f} bytes a second. Lower MEDINST_SLOWEST, or try again later"
        if found:
            raise FetchError(f"`{redact(self._url)}`: expected a file, found {found}.")
