"""Killed with -9 at ten different moments and run again: the release has the same bytes as that of a quiet run."""

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.support.medinst import Medinst, releases, running_medinst

pytestmark = pytest.mark.slow

SOURCES = (
    "anem ask_a_patient bc5cdr bioinfer bionlp_2011_id biored biosses chemprot medical_data mediqa_rqe meqsum mlee mqp "
    "ncbi_disease nlm_gene pubmedqa scicite scielo scifact"
)
"""Enough for every kind of stage, few enough for eleven builds."""

BUILD = ["build", *SOURCES.split(), "--mirror", "demo"]


def _done(least: int) -> Callable[[Path], bool]:
    return lambda root: sum(len(list(root.glob(f"{kind}/*/*/_done.json"))) for kind in ("records", "samples")) >= least


MOMENTS: dict[str, Callable[[Path], bool]] = {
    "the first blob": lambda root: any((root / "blobs").glob("*")),
    "one stage done": _done(1),
    "8 stages done": _done(8),
    "20 stages done": _done(20),
    "35 stages done": _done(35),
    "50 stages done": _done(50),
    "65 stages done": _done(65),
    "all stages done": _done(90),
    "the state kept": lambda root: (root / "catalogue" / "build.json").exists(),
    "the release begun": lambda root: (
        any((root / "releases").glob(".*")) or (root / "releases" / "latest.json").exists()
    ),
}


def test_the_bytes_are_those_of_a_quiet_run(prefect_server, medinst: Medinst, tmp_path):
    quiet = medinst(*BUILD, root=tmp_path / "quiet")
    assert quiet.returncode == 0, quiet.stderr
    root = tmp_path / "killed"
    killed = 0
    for moment in MOMENTS.values():
        killed += _run_and_kill(prefect_server, root, moment)
    assert killed >= 9, "most runs must have been killed before their end"
    assert medinst(*BUILD, root=root).returncode == 0
    assert releases(root) == releases(tmp_path / "quiet")
    assert not [path for path in root.rglob(".*") if path.name != ".lock"], "nothing half made stays"
    _the_killed_are_marked(prefect_server, medinst, root, killed)


def _run_and_kill(environment: dict[str, str], root: Path, moment: Callable[[Path], bool]) -> bool:
    """Start a build, kill it and all its processes at a moment; False if it was over before."""
    started = time.time()
    with running_medinst(environment, root, *BUILD, pools=True) as (process, _):
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


def _the_killed_are_marked(environment: dict[str, str], medinst: Medinst, root: Path, killed: int) -> None:
    asked = medinst("sql", "--json", "SELECT run, state FROM runs", root=root)
    states = {row["run"]: row["state"] for row in json.loads(asked.stdout)}
    assert sum(state == "crashed" for state in states.values()) == killed
    crashed = next(run for run, state in states.items() if state == "crashed")
    shown = httpx.get(f"{environment['PREFECT_API_URL']}/flow_runs/{crashed}", timeout=30).json()
    assert shown["state_type"] == "CRASHED"
