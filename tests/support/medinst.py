"""The command `medinst` as a user runs it, and the files that it leaves."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

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


def run_medinst(environment: dict[str, str], root: Path | str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run `medinst …` in a process and wait for its end."""
    return subprocess.run(
        [sys.executable, "-m", "flows", *arguments],
        cwd=CHECKOUT,
        env={**environment, "MEDINST_ROOT": str(root)},
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )


def tree(folder: Path) -> dict[str, bytes]:
    """All files of a folder with their bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def releases(root: Path) -> dict[str, bytes]:
    """All bytes of all releases of a root."""
    return tree(root / "releases")
