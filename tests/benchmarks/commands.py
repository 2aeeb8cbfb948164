"""What commands cost as a user waits for them: builds beside an empty flow, and the small ones."""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.measure import Cost, Meter, answer
from tests.support.places import CHECKOUT

EMPTY = """
from flows.server import PrefectServer
with PrefectServer() as server:
    from prefect import flow
    server.ready()
    flow(lambda: None, name="empty")()
"""
CHANGED = """
import sources
known = sources.instruction
sources.instruction = lambda task, *wording: known(task, *wording) + " Think twice." * (task.name == "MQP")
"""
"""What Python runs first in a program with another instruction of one task."""

MEDINST = ("-m", "flows")
BUILD = (*MEDINST, "build", "--mirror", "demo")
FIRST, EMPTY_FLOW = "build: everything", "empty flow"
BUILDS = {
    EMPTY_FLOW: ("-c", EMPTY),
    "build: nothing changed": BUILD,
    "build: one instruction changed": BUILD,
}
SMALL = {
    "--help": (),
    "tasks": ("tasks",),
    "show MQP": ("show", "MQP"),
    'sql "SELECT 1"': ("sql", "SELECT 1"),
    "why": ("why",),
    "plan": ("plan", "--mirror", "demo"),
}
TIMES = 3
"""How often a small command is run; the shortest counts."""


def work(meter: Meter, _arguments: list[str]) -> None:
    """Build the miniatures, then run what is measured in the same root."""
    with tempfile.TemporaryDirectory(prefix="medinst-bench-") as name:
        folder = Path(name)
        (folder / "sitecustomize.py").write_text(CHANGED)
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "MEDINST_"))}
        plain |= {"PREFECT_HOME": str(folder / "prefect"), "MEDINST_ROOT": str(folder / "root"), "DO_NOT_TRACK": "1"}
        changed = {**plain, "PYTHONPATH": f"{folder}{os.pathsep}{CHECKOUT}"}
        run(*BUILDS[EMPTY_FLOW], environment=plain)  # makes Prefect's database
        meter.costs[FIRST] = run(*BUILD, environment=plain)
        for title, command in BUILDS.items():
            meter.costs[title] = run(*command, environment=changed if title.endswith("instruction changed") else plain)
        sample = _sample(plain)
        for title, command in SMALL.items():
            arguments = (*MEDINST, *(command or ("--help",)), *((sample,) if title == "why" else ()))
            meter.costs[title] = min(
                (run(*arguments, environment=plain) for _ in range(TIMES)), key=lambda cost: cost.wall
            )


def _sample(environment: dict[str, str]) -> str:
    """The id of a sample, for `medinst why`."""
    query = "SELECT id FROM samples ORDER BY id LIMIT 1"
    command = [sys.executable, *MEDINST, "sql", "--json", query]
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.split('"id": "')[1].split('"')[0]


def run(*arguments: str, environment: dict[str, str]) -> Cost:
    """What a command costs with all processes that it starts and waits for."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [sys.executable, *arguments], cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False
    )
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)} failed:\n{done.stderr[-4000:]}")
    return Cost(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall, 0)


if __name__ == "__main__":
    answer(work)
