"""A build does what its plan says and no more, and gives the bytes of a build from nothing."""

import json
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.integration.conftest import Medinst, releases, run_medinst
from tests.integration.test_resume import BUILD, SOURCES, _done, _run_and_kill
from tests.support.places import CHECKOUT

pytestmark = pytest.mark.slow

QUICK = ("build", "meqsum", "mqp", "verspoor_2013", "--mirror", "demo", "--json")

CHANGED = """
import sys
import sources
known = sources.instruction
sources.instruction = lambda task: known(task) + " Think twice." * (task.name == "MQP")
from flows.cli import app
app(sys.argv[1:])
"""
"""The program with another instruction of one task."""


@pytest.fixture(scope="module")
def built(prefect_server: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("built")
    done = run_medinst(prefect_server, root, *QUICK)
    assert done.returncode == 0, done.stderr
    return root


def steps(api: str, root: Path) -> list[str]:
    """The names of the Prefect task runs of the newest build of a root."""
    runs = [json.loads(path.read_text()) for path in (root / "catalogue" / "runs").iterdir()]
    newest = max(runs, key=lambda run: run["finished"])["run"]
    asked = {"flow_runs": {"id": {"any_": [newest]}}}
    return sorted(
        run["name"] for run in httpx.post(f"{api}/task_runs/filter", json=asked, timeout=30).raise_for_status().json()
    )


def changed(environment: dict[str, str], root: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", CHANGED, *arguments],
        cwd=CHECKOUT,
        env={**environment, "MEDINST_ROOT": str(root)},
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )


def test_nothing_changed_costs_no_step_but_the_last(built: Path, prefect_server: dict[str, str]) -> None:
    first = json.loads((built / "releases" / "latest.json").read_text())
    before = releases(built)
    again = run_medinst(prefect_server, built, *QUICK)
    assert again.returncode == 0, again.stderr
    told = json.loads(again.stdout)
    assert told["release"]["version"] == first["version"]
    assert {row["outcome"] for row in told["sources"]} == {"built"}
    assert releases(built) == before
    api = prefect_server["PREFECT_API_URL"]
    assert steps(api, built) == ["judge and publish"]
    found = httpx.post(f"{api}/artifacts/filter", json={"sort": "CREATED_DESC"}, timeout=30).json()
    newest = next(artifact for artifact in found if artifact["key"] == "plan")
    assert "3 sources unchanged; nothing to audit, judge or publish" in newest["description"]
    states = run_medinst(prefect_server, built, "sql", "--json", "SELECT state FROM runs")
    assert [row["state"] for row in json.loads(states.stdout)] == ["completed", "completed"]


def test_one_instruction_changed_does_its_work_alone(
    built: Path, prefect_server: dict[str, str], tmp_path: Path
) -> None:
    planned = changed(prefect_server, built, *QUICK, "--dry-run")
    due = {f"{each['stage']} {each['subject']}": each["reason"] for each in json.loads(planned.stdout)["due"]}
    assert due["render MQP"] == "instruction changed"
    done = changed(prefect_server, built, *QUICK)
    assert done.returncode == 0, done.stderr
    assert steps(prefect_server["PREFECT_API_URL"], built) == [
        "audit near duplicates and leaks",
        "deduplicate mqp",
        "index mqp",
        "judge and publish",
        "render mqp",
    ]
    anew = changed(prefect_server, tmp_path / "anew", *QUICK)
    assert anew.returncode == 0, anew.stderr
    version = json.loads(done.stdout)["release"]["version"]
    assert releases(tmp_path / "anew").keys() == {
        name for name in releases(built) if name.startswith(version) or name == "latest.json"
    }
    assert all(releases(built)[name] == data for name, data in releases(tmp_path / "anew").items())


def test_after_a_kill_the_plan_says_what_is_missing(
    prefect_server: dict[str, str], medinst: Medinst, tmp_path: Path
) -> None:
    root = tmp_path / "root"
    assert _run_and_kill(prefect_server, root, _done(20))
    done = {path.parent.parent.name for path in root.glob("records/*/*/_done.json")}
    planned = json.loads(medinst("plan", *BUILD[1:], "--json", root=root).stdout)
    due = {each["source"] for each in planned["due"]} - {""}
    assert due == set(SOURCES.split())
    assert done
    assert medinst(*BUILD, root=root).returncode == 0
    after = json.loads(medinst("plan", *BUILD[1:], "--json", root=root).stdout)
    assert after == {"due": [], "unchanged": sorted(SOURCES.split()), "withheld": {}}
