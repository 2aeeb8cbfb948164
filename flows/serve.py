"""`medinst serve`: Prefect's server and UI, the schedules and a worker on this machine, as one command.

The processes live and die together. Each leads a process group of its own, so that a Ctrl-C in the terminal reaches
only this one, which then ends the worker and its flow runs, while the server still takes their reports, then the
server. A build that is ended so is resumed by the next one.
"""

import ctypes
import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import httpx

from flows.deploy import HOME, POOL, create_pool, deploy
from flows.quiet import quiet
from schemas.errors import MedinstError
from schemas.settings import Settings
from tasks.storage import Root

HOST = "127.0.0.1"
START = 180.0
"""Seconds that the server may take to answer."""
GRACE = 10.0
"""Seconds that processes may take to end by themselves."""


def serve(say: Callable[[str], None], port: int, root: str | None) -> int:
    """Serve until Ctrl-C or SIGTERM.

    Args:
        say: prints a line for the user.
        port: of the server and its UI.
        root: where the builds go; `MEDINST_ROOT`, else `./data`.

    Returns:
        exit code 0 when it was told to stop.

    Raises:
        MedinstError: the port is taken, or one of the processes ended by itself.
    """
    refuse_taken(port)
    os.environ |= _environment(port, Root(root or Settings().root))
    with _stop_signals() as stop, _children() as children:
        say("Starting Prefect's server …")
        children.start("server", "server", "start", "--host", HOST, "--port", str(port), silent=True)
        if _healthy(port, children, stop):
            create_pool()
            deploy()
            children.start("worker", "worker", "start", "--pool", POOL, "--type", "process", "--limit", "1")
            say(f"Prefect's UI:  http://{HOST}:{port}")
            say(f"Builds go to:  {os.environ['MEDINST_ROOT']}")
            say("Ctrl-C ends the server, the schedules and the worker.")
        while not stop.wait(0.5):
            children.refuse_ended()
        say("Stopping …")
    return 0


def refuse_taken(port: int) -> None:
    """Refuse a port that something listens on, before anything is started.

    Raises:
        MedinstError: it is taken, or not for us.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            why = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
            other = port + 1 if 1024 <= port < 65535 else 4200
            raise MedinstError(f"Port {port} {why}. Use another: medinst serve --port {other}") from error


def _environment(port: int, root: Root) -> dict[str, str]:
    quiet(verbose=True)
    api = f"http://{HOST}:{port}/api"
    return {
        "PREFECT_API_URL": api,
        "PREFECT_SERVER_UI_API_URL": api,
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "MEDINST_HOME": str(HOME),
        "MEDINST_ROOT": root.url,
    }


def _healthy(port: int, children: "_Children", stop: Event) -> bool:
    """Wait for the server's answer; False if told to stop before it came."""
    end = time.monotonic() + START
    while not stop.wait(0.5):
        children.refuse_ended()
        try:
            if httpx.get(f"http://{HOST}:{port}/api/health", timeout=5).is_success:
                return True
        except httpx.TransportError:
            if time.monotonic() > end:
                raise MedinstError(f"Prefect's server does not answer on port {port} after {START:.0f} s.") from None
    return False


@contextmanager
def _stop_signals() -> Iterator[Event]:
    """An event that Ctrl-C and SIGTERM set."""
    stop = Event()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _children() -> Iterator["_Children"]:
    children = _Children()
    try:
        yield children
    finally:
        children.end()


class _Children:
    """Prefect's processes and theirs, which end together."""

    def __init__(self) -> None:
        self._started: dict[str, subprocess.Popen[bytes]] = {}
        self._others = _below(os.getpid())
        _adopt_orphans()

    def start(self, name: str, *arguments: str, silent: bool = False) -> None:
        """Start a command of Prefect's; a silent one says only what goes wrong."""
        self._started[name] = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "prefect", "--no-prompt", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if silent else None,
            process_group=0,
        )

    def refuse_ended(self) -> None:
        """Look whether all are there.

        Raises:
            MedinstError: one ended by itself.
        """
        for name, process in self._started.items():
            if process.poll() is not None:
                raise MedinstError(
                    f"Prefect's {name} ended by itself (exit code {process.returncode}), so everything was ended. "
                    "What it said is above. Start again: medinst serve",
                    child=name,
                )

    def end(self) -> None:
        """End the worker and its flow runs, then the server; who does not go when asked to is killed."""
        server = self._started["server"].pid if "server" in self._started else 0
        self._end(signal.SIGTERM, lambda: self._alive() - {server} - _below(server))
        self._end(signal.SIGTERM, self._alive)
        self._end(signal.SIGKILL, self._alive)

    def _end(self, number: signal.Signals, whom: Callable[[], set[int]]) -> None:
        for group in {group for pid in whom() if (group := _group(pid)) not in (0, os.getpgrp())}:
            _signal(group, number)
        end = time.monotonic() + GRACE
        while whom() and time.monotonic() < end:
            time.sleep(0.1)

    def _alive(self) -> set[int]:
        started = {process.pid for process in self._started.values() if process.poll() is None}
        return started | (_below(os.getpid()) - self._others)


def _adopt_orphans() -> None:
    """On Linux, make a flow run whose worker is gone a child of ours, so that it is found and ended."""
    if sys.platform == "linux":
        set_child_subreaper = 36
        ctypes.CDLL(None).prctl(set_child_subreaper, 1, 0, 0, 0)


def _below(pid: int) -> set[int]:
    """The living processes that a process started, and theirs; none where the system has no /proc."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue  # it ended meanwhile
        if state != "Z":
            parents[int(stat.parent.name)] = int(parent)
    found = {pid}
    while more := {one for one, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def _group(pid: int) -> int:
    """The process group of a process; flow runs lead groups of their own. 0 if it is gone."""
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0


def _signal(group: int, number: signal.Signals) -> None:
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return  # it ended meanwhile
