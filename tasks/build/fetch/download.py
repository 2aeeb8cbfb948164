"""Download: retries when a server fails for the moment, and stops at once when it refuses."""

from pathlib import Path
from threading import Semaphore
from urllib.parse import urlsplit

import fsspec
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_exponential_jitter

from schemas.errors import FetchError
from schemas.settings import Settings
from tasks.build.fetch.address import redact
from tasks.build.fetch.blobs import copy_hashed
from tasks.build.fetch.web_file import Missing, Transient, fetch_http

_gates: dict[tuple[str, int], Semaphore] = {}


def download(url: str, target: Path, settings: Settings, name: str = "", most: int | None = None) -> tuple[str, int]:
    """Fetch an address into a file.

    For `http` and `https`, an earlier call with the same target is resumed; fsspec opens all other addresses.

    Args:
        url: the address.
        target: the file to write. After an error it has the bytes so far, and their version is in a file beside it.
        settings: how often to try, how long to wait (seconds), and how many connections to open to a host.
        name: name of the expected file, which decides whether it may be a web page; the address's own if empty.
        most: bytes that the file has at most; None: no bound.

    Returns:
        The sha256 of the bytes and their number.

    Raises:
        Missing: there is nothing at the address.
        NotAFile: the server sent a web page instead of the file.
        FetchError: the request was refused, or all attempts failed.
    """
    parts = urlsplit(url)
    gate = _gates.setdefault((parts.netloc.rpartition("@")[2], settings.per_host), Semaphore(settings.per_host))
    retrying = Retrying(
        retry=retry_if_exception_type(Transient),
        stop=stop_after_attempt(settings.attempts),
        wait=_Pause(settings),
        reraise=True,
    )
    try:
        for attempt in retrying:
            with attempt, gate:
                if parts.scheme in ("http", "https"):
                    return fetch_http(url, target, name or parts.path, settings, most)
                return _copied(url, target)
    except Transient as error:
        raise FetchError(
            f"{error} Tried {settings.attempts} times; run the command again to go on.", **error.facts
        ) from error
    raise AssertionError("a retry returns or raises")


class _Pause:
    """Seconds before the next try: growing, and at least what the server asks for, within bounds."""

    def __init__(self, settings: Settings) -> None:
        self._longest = settings.wait_longest
        self._growing = wait_exponential_jitter(multiplier=settings.wait, max=self._longest, jitter=settings.wait)

    def __call__(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.wait if isinstance(error, Transient) else 0.0
        return max(self._growing(state), min(asked, self._longest))


def _copied(url: str, target: Path) -> tuple[str, int]:
    try:
        fs, path = fsspec.url_to_fs(url)
        with fs.open(path, "rb") as source, target.open("wb") as file:
            return copy_hashed(source, file)
    except FileNotFoundError as error:
        raise Missing(f"`{redact(url)}`: expected a file, found nothing there.") from error
    except (PermissionError, IsADirectoryError) as error:
        raise FetchError(
            f"`{redact(url)}`: expected a file to read, found {type(error).__name__}. Access may need registration."
        ) from error
    except OSError as error:
        raise Transient(_unreadable(url, error)) from error
    except Exception as error:  # each file system brings its own
        raise FetchError(_unreadable(url, error)) from error


def _unreadable(url: str, error: Exception) -> str:
    found = str(error).replace(url, redact(url))
    return f"`{redact(url)}`: expected a file, found {type(error).__name__}: {found}."
