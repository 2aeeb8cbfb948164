"""Prefect's processes on one machine, which start and end together.

Each leads a session of its own, and so does each flow run that the worker starts. So they are found by who started
them, and ended in an order in which they can still report to each other.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

import psutil

from flows.lifeline import start_module
from schemas.errors import MedinstError

GRACE = 4.0
"""Seconds that processes may take to end by themselves."""


class Children:
    """A server, a worker and their children; all are ended at the end of the context."""

    def __init__(self) -> None:
        self._started: dict[str, subprocess.Popen[bytes]] = {}
        self._others = _below(os.getpid())
        _adopt_orphans()

    def __enter__(self) -> Self:
        """Begin with none."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the flow runs, then the worker, then the server; who does not go when asked to is killed.

        A flow run that gets SIGTERM reports that it crashed; the worker would kill it before that.
        """
        worker, server = self._pid("worker"), self._pid("server")
        self._end(signal.SIGTERM, lambda: self._alive() - {worker, server} - _below(server))
        self._end(signal.SIGTERM, lambda: self._alive() - {server} - _below(server))
        self._end(signal.SIGTERM, self._alive)
        self._end(signal.SIGKILL, self._alive)

    def start(self, name: str, *arguments: str, silent: bool = False) -> None:
        """Start a command of Prefect's; a silent one says only what goes wrong."""
        self._started[name] = start_module(
            "prefect", "--no-prompt", *arguments, stdout=subprocess.DEVNULL if silent else None
        )

    def refuse_ended(self) -> None:
        """Check that all are running.

        Raises:
            MedinstError: one ended by itself.
        """
        for name, process in self._started.items():
            if process.poll() is not None:
                raise MedinstError(
                    f"Prefect's {name} exited unexpectedly (exit code {process.returncode}), so all processes were "
                    "stopped. Its output is above. Start again: medinst serve",
                    child=name,
                )

    def _pid(self, name: str) -> int:
        return self._started[name].pid if name in self._started else 0

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
    """The living processes that a process started, and theirs."""
    try:
        children = psutil.Process(pid).children(recursive=True) if pid else []
    except psutil.NoSuchProcess:
        return set()
    return {child.pid for child in children if _lives(child)}


def _lives(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _group(pid: int) -> int:
    """The process group of a process; 0 if it is gone."""
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0


def _signal(group: int, number: signal.Signals) -> None:
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return  # it ended meanwhile
