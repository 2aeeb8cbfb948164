"""The command `medinst` as a user runs it, and the files that it leaves."""

import atexit
import multiprocessing
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from tests.support.places import CHECKOUT

Medinst = Callable[..., "subprocess.CompletedProcess[str]"]

WAIT = 120
"""Seconds that a server may take to start on a busy machine."""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def wait_until(true: Callable[[], bool], what: str, seconds: float = WAIT) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"after {seconds} s it is not so that {what}"
        time.sleep(0.1)


def import_once(environment: dict[str, str]) -> None:
    """Start the process that has the imports and of which each run of `medinst` is a copy."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        multiprocessing.get_context("forkserver").set_forkserver_preload(["tests.support.imported"])
        forkserver.ensure_running()


@contextmanager
def running_medinst(
    environment: dict[str, str], root: Path | str, *arguments: str, pools: bool = False, folder: Path = CHECKOUT
) -> Iterator[tuple[BaseProcess, Path]]:
    """Run `medinst …` in a process that leads a group of its own, with a file for its output and one for its errors.

    Args:
        environment: its environment.
        root: its root.
        arguments: of the command.
        pools: whether it starts processes of its own, as it does for a user; else it does their work itself.
        folder: where it runs.
    """
    with tempfile.TemporaryDirectory(prefix="medinst-test-") as kept:
        given = ({**environment, "MEDINST_ROOT": str(root)}, arguments, kept, pools, folder)
        process = multiprocessing.get_context("forkserver").Process(target=_run, args=given)
        process.start()
        try:
            yield process, Path(kept)
        finally:
            process.kill()
            process.join()


def _run(environment: dict[str, str], arguments: tuple[str, ...], kept: str, pools: bool, folder: Path) -> None:
    """What the process does."""
    os.setsid()
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(f"{kept}/{name}", os.O_WRONLY | os.O_CREAT), number)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = ["medinst", *arguments]
    if pools:
        multiprocessing.process._parent_process = None  # so that the pipeline takes it for a process of its own

    from flows.cli import app

    try:
        app()
    finally:
        atexit._run_exitfuncs()  # which a process of multiprocessing leaves out


def run_medinst(
    environment: dict[str, str], root: Path | str, *arguments: str, folder: Path = CHECKOUT
) -> "subprocess.CompletedProcess[str]":
    """Run `medinst …` in a process, in a folder, and wait for its end."""
    with running_medinst(environment, root, *arguments, folder=folder) as (process, kept):
        process.join(800)
        assert process.exitcode is not None, f"medinst {' '.join(arguments)} did not end"
        out, err = ((kept / name).read_text() for name in ("out", "err"))
    return subprocess.CompletedProcess(arguments, process.exitcode, out, err)


def run_python(environment: dict[str, str], root: Path | str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run `medinst …` in a new Python, as a shell does, which takes ten seconds more for its imports."""
    return subprocess.run(
        [sys.executable, "-m", "flows", *arguments],
        cwd=CHECKOUT,
        env={**environment, "MEDINST_ROOT": str(root)},
        capture_output=True,
        text=True,
        check=False,
        timeout=800,
    )


def tree(folder: Path) -> dict[str, bytes]:
    """All files of a folder with their bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def releases(root: Path) -> dict[str, bytes]:
    """All bytes of all releases of a root."""
    return tree(root / "releases")
