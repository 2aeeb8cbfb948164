"""Builds that are killed at a moment."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from tests.support.medinst import running_medinst


def done(least: int) -> Callable[[Path], bool]:
    """The moment at which a number of stages are done."""
    return lambda root: sum(len(list(root.glob(f"{kind}/*/*/_done.json"))) for kind in ("records", "samples")) >= least


def run_and_kill(environment: dict[str, str], root: Path, command: list[str], moment: Callable[[Path], bool]) -> bool:
    """Start a build, kill it and all its processes at a moment; False if it was over before."""
    started = time.time()
    with running_medinst(environment, root, *command, pools=True) as (process, _):
        while process.is_alive() and not _now(root, started, moment):
            time.sleep(0.01)
        if alive := process.is_alive():
            assert process.pid
            os.killpg(process.pid, signal.SIGKILL)
    return alive


def _now(root: Path, started: float, moment: Callable[[Path], bool]) -> bool:
    try:
        return _running(root, started) and moment(root)
    except FileNotFoundError:  # a temporary folder went while it was looked into
        return False


def _running(root: Path, started: float) -> bool:
    """Whether this run has begun: what an earlier one left does not count."""
    return any(path.stat().st_mtime >= started for path in (root / "catalogue" / "runs").glob("*.json"))
