"""CPU seconds and peak memory of a piece of work, in a process of its own."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from tests.support.places import CHECKOUT


class Cost(NamedTuple):
    """What a piece of work cost.

    Attributes:
        cpu: user and system seconds of the process, without its imports.
        wall: seconds.
        peak: most memory of the process at any time, in bytes, imports included.
    """

    cpu: float
    wall: float
    peak: int


class Meter:
    """Collects the costs of the pieces of one process."""

    def __init__(self) -> None:
        self.costs: dict[str, Cost] = {}

    @contextmanager
    def measured(self, name: str):
        """Measure a block; blocks of one name add up."""
        cpu, wall = time.process_time(), time.perf_counter()
        yield
        before = self.costs.get(name, Cost(0, 0, 0))
        peak = _peak()
        self.costs[name] = Cost(
            before.cpu + time.process_time() - cpu, before.wall + time.perf_counter() - wall, max(before.peak, peak)
        )


def _peak() -> int:
    """Most memory of this process so far, in bytes; `ru_maxrss` would count what its parent had when it forked."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM:"))


def alone(module: str, *arguments: str) -> dict[str, Cost]:
    """Run a module of the benchmarks in a process of its own and read the costs that it prints."""
    return {name: Cost(*cost) for name, cost in said(module, *arguments).items()}


def said(module: str, *arguments: str) -> dict[str, Any]:
    """Run a module of the benchmarks in a process of its own and read the JSON of its last line."""
    command = [sys.executable, "-m", f"tests.benchmarks.{module}", *arguments]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr[-4000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def warm_up() -> None:
    """Import what is imported late, and start what is started at the first use: not part of any work."""
    import polars as pl
    import pyarrow as pa

    from tasks.build.read import readers  # noqa: F401

    pl.DataFrame({"word": pa.array(["warm"]).to_pylist()}).lazy().select(pl.col("word").str.to_lowercase()).collect()


def answer(work: Callable[[Meter, list[str]], Any]) -> None:
    """Do the work of a module that was started by `alone`, and print its costs."""
    warm_up()
    meter = Meter()
    work(meter, sys.argv[1:])
    sys.stdout.write("\n" + json.dumps(meter.costs) + "\n")
