"""`medinst explore`: the explorer's pages on this machine until the command is interrupted, or as a folder of files."""

import errno
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from medinst_eval.definitions import Definition, definitions
from schemas.errors import MedinstError
from tasks.base.store.root import Root

HOST = "127.0.0.1"

Told = Callable[[int, int], None]
"""Told how many samples are done, and how many there are."""


def explore(name: str | None, root: Root, port: int, ready: Callable[[str, str], None], at: str = "") -> None:
    """Serve until the command is interrupted.

    Args:
        name: what is explored, see `tasks.tools.explore.find.shown`.
        root: where names are looked for.
        port: 0 for any that is free.
        ready: told what is shown and the address, as soon as it answers.
        at: the page of the address, without the slash before it; empty for the one to begin with.

    Raises:
        MedinstError: the port is taken, or there is nothing to explore.
    """
    from tasks.tools.explore.find import shown
    from tasks.tools.explore.offline.write import is_explorer
    from tasks.tools.explore.site import site
    from tasks.tools.explore.start import started

    if name is not None and is_explorer(Path(name)):
        return _serve_folder(Path(name), port, ready, at)
    found = shown(name, root)
    with _listening(port) as listener, started(found, _definition) as explorer:
        page = f"http://{HOST}:{listener.getsockname()[1]}/"
        if at:
            page += at.removeprefix("/")
        elif found.first:
            page += f"samples?{urlencode({'model': found.first})}"
        _serve(site(explorer), listener, lambda: ready(found.version.version, page))
    return None


def _serve_folder(folder: Path, port: int, ready: Callable[[str, str], None], at: str) -> None:
    from tasks.tools.explore.offline.serve import served

    with _listening(port) as listener:
        page = f"http://{HOST}:{listener.getsockname()[1]}/"
        if at:
            page += f"#/{at.removeprefix('/')}"
        _serve(served(folder), listener, lambda: ready(str(folder), page))


def write_explorer(name: str | None, root: Root, out: Path, npm: Path | None, told: Told) -> str:
    """Write the explorer of a release or benchmark as a folder of files, see `tasks.tools.explore.offline.write`.

    Args:
        name: as for `explore`.
        root: where names are looked for.
        out: the folder.
        npm: folder that keeps the archives of DuckDB for the browser; None for none.
        told: told the number of samples, then how many of them are done.

    Returns:
        The version.

    Raises:
        MedinstError: the folder cannot be written, there is nothing to explore, or DuckDB for the browser is not there.
    """
    from tasks.tools.explore.find import shown
    from tasks.tools.explore.offline.engine import engine
    from tasks.tools.explore.offline.write import may_write, write
    from tasks.tools.explore.start import loaded

    may_write(out)
    found = shown(name, root)
    if found.first:
        raise MedinstError(
            f"{found.first} is an evaluation: the answers of models need the explorer's own server, so a folder shows "
            f"releases and benchmarks alone. Leave --out away, or name its benchmark: {found.version.version}"
        )
    files = engine(npm)
    with loaded(found, _definition) as explorer:
        write(explorer, out, files, lambda done: told(done, explorer.index.total))
    return found.version.version


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    """A socket on loopback.

    Raises:
        MedinstError: the port is taken, or not for us.
    """
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError as error:
            why = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
            raise MedinstError(f"Port {port} {why}. Use any that is free: medinst explore --port 0") from error
        yield listener


def _serve(application: object, listener: socket.socket, ready: Callable[[], None]) -> None:
    import uvicorn

    class Server(uvicorn.Server):
        """A server that leaves signals to the command and says when it answers."""

        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets=sockets)
            ready()

    config = uvicorn.Config(application, log_level="critical", server_header=False, lifespan="off", ws="none")  # pyright: ignore
    Server(config).run(sockets=[listener])


@cache
def _definition(task: str) -> Definition | None:
    """The definition of a task; None where this version of the program does not know it."""
    if task in definitions():
        return definitions()[task]
    from tasks.model.score.declared import definition

    with suppress(MedinstError):
        return definition(task)
    return None
