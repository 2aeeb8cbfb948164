"""Faults of the machine in sentences: those that any step may meet, and that are nobody's bug.

What a step itself expects and misses it says in a `MedinstError`. Here is what the system, the libraries that write and
read files, and the environment say. An error that is not here is a bug and keeps its traceback.
"""

import errno
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool

from pydantic import ValidationError

from tasks.base.store.disk import is_full

AGAIN = "Nothing was published, the current release stays, and what is finished is kept: run the same command again."

_ERRORS = {
    errno.EACCES: "expected a file or folder that this user may use, found no permission. Run as the user who owns it, "
    "or name another root: --root",
    errno.EROFS: "expected a place to write to, found a read-only file system. Name another root: --root",
    errno.EMFILE: "expected to open one more file, found that this process has as many open as it may. Raise the "
    "limit, then run the same command again: ulimit -n 4096",
    errno.EISDIR: "expected a file, found a folder. Move it away, and run the same command again.",
    errno.ENOTDIR: "expected a folder, found a file. Move it away, or name another root: --root",
    errno.EEXIST: "expected nothing there or a folder, found a file. Move it away, or name another root: --root",
    errno.ENOENT: "expected a file, found nothing there. It was removed, perhaps while it was used. Build again, what "
    "is here is used: medinst build",
    errno.ENAMETOOLONG: "expected a shorter name. Name another root: --root",
    errno.EIO: f"expected to read or write, found that the disk or network share fails. {AGAIN}",
    errno.ESTALE: f"expected to read or write, found that the network share has gone. {AGAIN}",
    errno.ETIMEDOUT: f"expected an answer, found none in time. {AGAIN}",
    errno.ENOMEM: f"expected more memory, found none. Use fewer processes: --workers 1. {AGAIN}",
}
_SAME = {errno.EPERM: errno.EACCES, errno.ENFILE: errno.EMFILE}


def sentence(error: Exception) -> str | None:
    """What an error of the machine means, with what to do about it; None for a bug."""
    if isinstance(error, BrokenPipeError):
        return None  # whoever read the output has seen enough: Typer ends the command
    return next((said for kind in _KINDS for each in _causes(error) if (said := kind(each)) is not None), None)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error and what it was raised from."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__


def _disk(error: BaseException) -> str | None:
    if not is_full(error):
        return None
    return f"The disk is full ({_first(error)}). Make room, or name another root with --root. {AGAIN}"


def _system(error: BaseException) -> str | None:
    if not isinstance(error, OSError) or error.errno is None:
        return None
    said = _ERRORS.get(_SAME.get(error.errno, error.errno))
    return said and f"{error.filename or error.strerror or error}: {said}"


def _environment(error: BaseException) -> str | None:
    if not isinstance(error, ValidationError) or error.title != "Settings":
        return None
    faults = (
        f"MEDINST_{'_'.join(map(str, fault['loc'])).upper()}: {fault['msg']}, found {fault['input']!r}"
        for fault in error.errors(include_url=False)
    )
    return f"{'; '.join(faults)}. Correct or unset what the environment says; see docs/configuration.md"


def _memory(error: BaseException) -> str | None:
    if isinstance(error, BrokenProcessPool):
        return (
            "A process of this command ended abruptly, most often because the machine's memory ran out. "
            f"Use fewer: --workers 1. {AGAIN}"
        )
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryException":
        return f"The memory did not suffice ({_first(error)}). Use fewer processes: --workers 1. {AGAIN}"
    return None


def _table(error: BaseException) -> str | None:
    """A Parquet file or a catalogue that cannot be read; those who write them name their own faults."""
    library, said = type(error).__module__.partition(".")[0], _first(error)
    if library in ("duckdb", "_duckdb") and type(error).__name__ in ("IOException", "SerializationException"):
        return f"The catalogue cannot be read: {said}. Move it away and build again: medinst build"
    if library in ("polars", "pyarrow") and any(word in said.lower() for word in _PARQUET):
        return (
            f"A Parquet file of the root is damaged: {said}. See which (each has a sha256 in its release's "
            "manifest), remove its folder, and build again: medinst build"
        )
    return None


_PARQUET = ("parquet", "thrift", "snappy", "zstd")


def _server(error: BaseException) -> str | None:
    if type(error).__module__.partition(".")[0] not in ("httpx", "httpcore", "prefect"):
        return None
    if not isinstance(error, OSError) and type(error).__name__ not in _GONE:
        return None
    return f"Prefect's server does not answer any more ({_first(error) or type(error).__name__}). {AGAIN}"


_GONE = {
    "ConnectError",
    "ConnectTimeout",
    "PrefectHTTPStatusError",
    "ReadError",
    "ReadTimeout",
    "RemoteProtocolError",
    "WriteError",
}


def _first(error: BaseException) -> str:
    """The first line of what an error says, without the full stop."""
    return str(error).strip().partition("\n")[0].rstrip(".")


_KINDS: tuple[Callable[[BaseException], str | None], ...] = (
    _disk,
    _system,
    _environment,
    _memory,
    _table,
    _server,
)
