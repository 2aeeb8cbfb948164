"""Killed with -9 at ten different moments and run again: the release has the same bytes as that of a quiet run."""

import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.support.killing import done, run_and_kill
from tests.support.medinst import Medinst, releases, run_medinst

pytestmark = pytest.mark.slow

SOURCES = (
    "anem ask_a_patient bc5cdr bioinfer bionlp_2011_id biored biosses chemprot medical_data mediqa_rqe meqsum mlee mqp "
    "ncbi_disease nlm_gene pubmedqa scicite scielo scifact"
)
"""Enough for every kind of stage, few enough for eleven builds."""

BUILD = ["build", *SOURCES.split(), "--mirror", "demo"]


MOMENTS: dict[str, Callable[[Path], bool]] = {
    "the first blob": lambda root: any((root / "blobs").glob("*")),
    "one stage done": done(1),
    "8 stages done": done(8),
    "20 stages done": done(20),
    "35 stages done": done(35),
    "50 stages done": done(50),
    "65 stages done": done(65),
    "all stages done": done(90),
    "the state kept": lambda root: (root / "catalogue" / "build.json").exists(),
    "the release begun": lambda root: (
        any((root / "releases").glob(".*")) or (root / "releases" / "latest.json").exists()
    ),
}


def test_the_bytes_are_those_of_a_quiet_run(
    prefect_server, medinst: Medinst, tmp_path, record_property: Callable[[str, object], None]
):
    quiet = medinst(*BUILD, root=tmp_path / "quiet")
    assert quiet.returncode == 0, quiet.stderr
    root = tmp_path / "killed"
    killed = 0
    for moment in MOMENTS.values():
        killed += run_and_kill(prefect_server, root, BUILD, moment)
    assert killed >= 9, "most runs must have been killed before their end"
    assert medinst(*BUILD, root=root).returncode == 0
    assert releases(root) == releases(tmp_path / "quiet")
    assert not [path for path in root.rglob(".*") if path.name != ".lock"], "nothing half made stays"
    _the_killed_are_marked(prefect_server, medinst, root, killed)
    record_property("tried", len(MOMENTS))


def _the_killed_are_marked(environment: dict[str, str], medinst: Medinst, root: Path, killed: int) -> None:
    asked = medinst("sql", "--json", "SELECT run, state FROM runs", root=root)
    states = {row["run"]: row["state"] for row in json.loads(asked.stdout)}
    assert sum(state == "crashed" for state in states.values()) == killed
    crashed = next(run for run, state in states.items() if state == "crashed")
    shown = httpx.get(f"{environment['PREFECT_API_URL']}/flow_runs/{crashed}", timeout=30).json()
    assert shown["state_type"] == "CRASHED"


PIECES = {"MEDINST_STEP_ROWS": "3"}
CUT = ["build", "bc5cdr", "mqp", "scifact", "--mirror", "demo"]
HALFWAY: dict[str, Callable[[Path], bool]] = {
    "a piece indexed": lambda root: any((root / "audit").glob("*/*/train-0000?-of-*/_done.json")),
    "a piece of the audit": lambda root: any((root / "audit" / "all").glob("*/pieces/*/found-*")),
}


def test_large_splits_go_on_with_the_pieces_that_are_missing(prefect_server, tmp_path):
    environment = {**prefect_server, **PIECES}
    quiet = run_medinst(environment, tmp_path / "quiet", *CUT)
    assert quiet.returncode == 0, quiet.stderr
    root = tmp_path / "killed"
    assert sum(run_and_kill(environment, root, CUT, moment) for moment in HALFWAY.values()) == len(HALFWAY)
    again = run_medinst(environment, root, *CUT)
    assert again.returncode == 0, again.stderr
    assert releases(root) == releases(tmp_path / "quiet")
    assert not [*root.glob("audit/all/*/pieces")]
