"""Faults of the machine in sentences: those that any step may meet, and that are nobody's bug.

What a step itself expects and misses it says in a `MedinstError`. Here is what the system, the libraries that write and
read files, and the environment say. An error that is not here is a bug and keeps its traceback.
"""

import errno
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from pydantic import ValidationError

from schemas.errors import MedinstError
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


def sentence(error: Exception, root: str = "", again: str = AGAIN) -> str | None:
    """What an error of the machine means, with what to do about it; None for a bug.

    Args:
        error: what was raised.
        root: the root of the command, in which a damaged file is looked for.
        again: what is kept, and how it goes on.
    """
    if isinstance(error, BrokenPipeError):
        return None  # whoever read the output has seen enough: Typer ends the command
    known = next((said for kind in _KINDS for each in _causes(error) if (said := kind(each)) is not None), None)
    if known is None and any(map(_reads, _causes(error))):
        return _damage(root)
    return known and known.replace(AGAIN, again)


def is_short_of_memory(error: Exception) -> bool:
    """Whether memory did not suffice, or a process ended abruptly, which mostly has that cause."""
    return any(_memory(each) or getattr(each, "errno", None) == errno.ENOMEM for each in _causes(error))


def refuse_lost_cluster(error: Exception) -> None:
    """Give up where the cluster has gone: no further step can be taken.

    Raises:
        MedinstError: it has.
    """
    for each in _causes(error):
        if (said := _lost(each)) is not None:
            raise MedinstError(said) from error


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
    return said and f"{_place(error) or error.strerror or error}: {said}"


def _place(error: OSError) -> str:
    """The file that an error is about: of a path that leads through a file, that file."""
    name = error.filename
    if error.errno != errno.ENOTDIR or not isinstance(name, str):
        return str(name or "")
    return next((str(path) for path in (Path(name), *Path(name).parents) if path.is_file()), name)


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
    if type(error).__name__ == "KilledWorker":
        return (
            "Workers of the cluster ended abruptly during this step, most often because their memory ran out. "
            f"Give each more: dask worker --memory-limit. {AGAIN}"
        )
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryException":
        said = _first(error) or type(error).__name__
        return f"The memory did not suffice ({said}). Use fewer processes: --workers 1. {AGAIN}"
    return None


def _catalogue(error: BaseException) -> str | None:
    if _library(error) in ("duckdb", "_duckdb") and type(error).__name__ in ("IOException", "SerializationException"):
        return (
            f"The catalogue cannot be read: {_first(error)}. Is it of a later version of DuckDB, or damaged? "
            "Build again, it is written anew: medinst build"
        )
    return None


def _damage(root: str) -> str | None:
    """Which file of the root a library could not read."""
    from tasks.base.store.damage import damaged
    from tasks.base.store.root import Root

    found = damaged(Root(root)) if root else None
    return found and str(found)


def _reads(error: BaseException) -> bool:
    return _library(error) in ("polars", "pyarrow")


def _cluster(error: BaseException) -> str | None:
    if not isinstance(error, OSError) or not str(error).startswith("Timed out trying to connect to tcp://"):
        return None
    return f"The Dask cluster does not answer: {_first(error)}. Correct or unset MEDINST_DASK, or start it. {AGAIN}"


def _lost(error: BaseException) -> str | None:
    if _library(error) != "distributed" or type(error).__name__ not in _GONE_CLUSTER:
        return None
    return f"The Dask cluster has no scheduler or no worker any more ({_first(error)}). Start it again. {AGAIN}"


_GONE_CLUSTER = {"CommClosedError", "FutureCancelledError", "FuturesCancelledError", "NoValidWorkerError"}


def _server(error: BaseException) -> str | None:
    if _library(error) not in ("httpx", "httpcore", "prefect"):
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


def _library(error: BaseException) -> str:
    return type(error).__module__.partition(".")[0]


def _first(error: BaseException) -> str:
    """The first line of what an error says, without the full stop."""
    return str(error).strip().partition("\n")[0].rstrip(".")


_KINDS: tuple[Callable[[BaseException], str | None], ...] = (
    _disk,
    _system,
    _environment,
    _memory,
    _catalogue,
    _cluster,
    _lost,
    _server,
)
