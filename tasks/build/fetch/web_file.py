"""One attempt to fetch an address by HTTP, going on where an earlier attempt broke off.

The bytes so far stay in the target, with the validator (ETag or Last-Modified) that the server gave for them
beside it: only a server that still has the same version is asked for the rest.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import NoReturn

import httpx

from schemas.errors import FetchError
from schemas.settings import Settings
from tasks.base.network.client import http_client
from tasks.build.fetch.address import redact
from tasks.build.fetch.believed import Meter, is_rest, redirects
from tasks.build.fetch.blobs import CHUNK
from tasks.build.fetch.network import is_offline
from tasks.build.fetch.web_page import LONGEST, confirmed, is_page, not_a_file


class Transient(FetchError):
    """A failure that may pass.

    Attributes:
        wait: seconds after which the server wants to be asked again; 0 if it said nothing.
    """

    def __init__(self, message: str, wait: float = 0.0, **facts: object) -> None:
        super().__init__(message, **facts)
        self.wait = wait


class Missing(FetchError):
    """There is nothing at an address."""


def fetch_http(url: str, target: Path, name: str, settings: Settings, most: int | None = None) -> tuple[str, int]:
    """Fetch an address into a file, or the rest of it.

    Args:
        url: the address.
        target: the file; what it holds is resumed if the server still has the same version.
        name: name of the file that is due, which tells whether it may be a web page.
        settings: timeout in seconds, and the bounds of a transfer.
        most: bytes that the file has at most; None: no bound.

    Returns:
        The sha256 of all the bytes and their number.

    Raises:
        Transient: asking again may help.
        Missing: there is nothing.
        NotAFile: a web page came.
        FetchError: any other refusal, or there is no server of that name.
    """
    try:
        with http_client(
            timeout=settings.timeout, follow_redirects=True, event_hooks={"request": [redirects(url)]}
        ) as client:
            result = _streamed(client, url, target, name, Meter(url, settings, most))
            if isinstance(result, bytes):
                result = _streamed(client, confirmed(result, url), target, name, Meter(url, settings, most))
    except (httpx.UnsupportedProtocol, httpx.TooManyRedirects, httpx.InvalidURL) as error:
        raise FetchError(f"`{redact(url)}`: expected a file, found a redirect to nowhere: {error}.") from error
    except httpx.TransportError as error:
        found = str(error) or type(error).__name__
        if is_offline(error):
            raise FetchError(f"`{redact(url)}`: expected a server, found none: {found}.") from error
        raise Transient(f"`{redact(url)}`: expected a file, found no whole answer: {found}.") from error
    if isinstance(result, bytes):
        raise not_a_file(url, "a second confirmation page")
    return result


def _streamed(client: httpx.Client, url: str, target: Path, name: str, meter: Meter) -> tuple[str, int] | bytes:
    """The sha256 and size of the fetched file, or the bytes of the page that came instead."""
    offset, asked = _resumable(target)
    with client.stream("GET", url, headers=asked) as response:
        _look_at_status(response, url, target)
        goes_on = response.status_code == httpx.codes.PARTIAL_CONTENT
        if goes_on and not is_rest(response, offset, asked.get("If-Range", "")):
            _start_over(
                target, f"`{redact(url)}`: the server did not send the rest that was asked for (from {offset:,})."
            )
        chunks = response.iter_bytes() if _is_wrapped(response, name) else response.iter_raw()
        start = b"" if goes_on else _start(chunks, 512)
        if not goes_on and is_page(name, response.headers.get("Content-Type", ""), start):
            return start + _start(chunks, LONGEST)
        if not goes_on:
            _remember_version(response, target)
        return _written(start, chunks, target, offset if goes_on else 0, meter)


def _is_wrapped(response: httpx.Response, name: str) -> bool:
    """Whether the bytes are packed for the transfer, though that was not asked for.

    Some servers call a file that is a packed one by itself so; its bytes are left as they are.
    """
    encoding = response.headers.get("Content-Encoding", "identity").lower()
    return encoding not in ("", "identity") and not name.lower().endswith((".gz", ".tgz", ".z", ".bz2", ".xz"))


def _written(start: bytes, chunks: Iterator[bytes], target: Path, offset: int, meter: Meter) -> tuple[str, int]:
    digest = hashlib.sha256()
    with target.open("r+b" if offset else "wb") as file:
        while offset > file.tell() and (chunk := file.read(CHUNK)):
            digest.update(chunk)
        file.write(start)
        digest.update(start)
        for chunk in chunks:
            file.write(chunk)
            digest.update(chunk)
            meter.count(chunk, file.tell())
        size = file.tell()
    _validator(target).unlink(missing_ok=True)
    return digest.hexdigest(), size


def _start(chunks: Iterator[bytes], size: int) -> bytes:
    start = b""
    while len(start) < size and (chunk := next(chunks, b"")):
        start += chunk
    return start


def _validator(target: Path) -> Path:
    return target.with_name(f"{target.name}.version")


def _resumable(target: Path) -> tuple[int, dict[str, str]]:
    """How many bytes are there, and the headers that ask for the rest."""
    if not (target.exists() and _validator(target).exists()) or not (size := target.stat().st_size):
        return 0, {}
    return size, {"Range": f"bytes={size}-", "If-Range": _validator(target).read_text(encoding="utf-8")}


def _remember_version(response: httpx.Response, target: Path) -> None:
    etag = response.headers.get("ETag", "")
    version = etag if etag and not etag.startswith("W/") else response.headers.get("Last-Modified", "")
    if response.headers.get("Content-Encoding"):
        version = ""  # a place in the packed bytes is none in the file
    target.unlink(missing_ok=True)  # before the version, which must never stand beside bytes of another one
    _validator(target).unlink(missing_ok=True)
    if version:
        _validator(target).write_text(version, encoding="utf-8")


def _start_over(target: Path, message: str) -> NoReturn:
    target.unlink(missing_ok=True)
    _validator(target).unlink(missing_ok=True)
    raise Transient(message)


def _look_at_status(response: httpx.Response, url: str, target: Path) -> None:
    status = response.status_code
    found = f"`{redact(url)}`: expected a file, found {status} {response.reason_phrase}."
    if status in (httpx.codes.OK, httpx.codes.PARTIAL_CONTENT):
        return
    if status == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
        _start_over(target, found)
    if status in (408, 425, 429) or status >= 500:
        raise Transient(found, seconds(response.headers.get("Retry-After", "")), status=status)
    if status in (401, 403):
        raise FetchError(
            f"{found} Access may need registration: fetch it by hand and pass it with `--mirror`.",
            status=status,
        )
    if status in (404, 410):
        raise Missing(f"{found} If the publisher moved it, correct `files` in the declaration.", status=status)
    raise FetchError(f"{found} Open the address in a browser to see why.", status=status)


def seconds(retry_after: str) -> float:
    """The seconds that a header Retry-After asks to wait, given as a number or a date; 0 where it says neither."""
    if re.fullmatch(r"\s*\d+\s*", retry_after):
        return float(retry_after)
    try:
        due = parsedate_to_datetime(retry_after)
    except ValueError:
        return 0.0
    return max(0.0, (due.replace(tzinfo=due.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
