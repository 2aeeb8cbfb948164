"""A command in a terminal of its own, interrupted at a moment, and what it leaves behind."""

import os
import pty
import select
import signal
import sys
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

import psutil

from tests.support.places import CHECKOUT

PATIENCE = 240.0
"""Seconds in which a moment must come, and in which a command that was told to end must end."""


class Sight(NamedTuple):
    """What is seen of a command that runs.

    Attributes:
        output: what it has printed.
        commands: the command lines of its child processes.
        seconds: CPU time of its own.
    """

    output: str
    commands: list[str]
    seconds: float


class Ended(NamedTuple):
    """A command that has ended.

    Attributes:
        code: its exit code.
        words: what it printed after it was interrupted.
        took: seconds from the signal to the end.
        left: the command lines of its processes that lived on.
    """

    code: int
    words: str
    took: float
    left: list[str]


def interrupt(
    arguments: list[str], environment: Mapping[str, str], moment: Callable[[Sight], bool], *signals: int
) -> Ended:
    """Run `medinst …` in a terminal and interrupt it at a moment; SIGINT goes to all of its processes, as Ctrl-C does.

    Args:
        arguments: of the command.
        environment: of the command.
        moment: whether it has come.
        signals: what is sent then, one after the other.
    """
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(CHECKOUT)
        os.execve(sys.executable, [sys.executable, "-m", "flows", *arguments], dict(environment))
    process, family, output, sent = psutil.Process(pid), dict[int, psutil.Process](), "", -1
    started, told, due = time.monotonic(), 0.0, list(signals)
    while (more := _read(terminal)) is not None:
        output += more
        family |= {child.pid: child for child in _below(process)}
        if sent < 0 and moment(Sight(output, [_command(child) for child in family.values()], _cpu(process))):
            sent, told = len(output), time.monotonic()
        if sent >= 0 and due and time.monotonic() - told > 0.2 * (len(signals) - len(due)):
            number = due.pop(0)
            os.write(terminal, b"\x03") if number == signal.SIGINT else os.kill(pid, number)
        if time.monotonic() - (told if sent >= 0 else started) > PATIENCE:
            os.kill(pid, signal.SIGKILL)
            raise AssertionError(f"medinst {' '.join(arguments)} went on for {PATIENCE:.0f} s:\n{output[-3000:]}")
    _, status = os.waitpid(pid, 0)
    took = time.monotonic() - told
    os.close(terminal)
    assert sent >= 0, f"it ended before its moment:\n{output[-3000:]}"
    _, left = psutil.wait_procs(family.values(), timeout=20)
    for child in left:
        child.kill()
    return Ended(os.waitstatus_to_exitcode(status), output[sent:], took, [_command(child) for child in left])


def _read(terminal: int) -> str | None:
    """What was printed in the last moment; None when the terminal is closed."""
    if not select.select([terminal], [], [], 0.05)[0]:
        return ""
    try:
        return os.read(terminal, 65536).decode(errors="replace") or None
    except OSError:
        return None


def _below(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def _cpu(process: psutil.Process) -> float:
    try:
        return process.cpu_times().user
    except psutil.NoSuchProcess:
        return 0.0
