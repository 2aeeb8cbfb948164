"""A build does what its plan says and no more, and gives the bytes of a build from nothing."""

import json
import os
from pathlib import Path

import httpx
import pytest

from tests.support.killing import done, run_and_kill
from tests.support.medinst import Medinst, releases, run_medinst
from tests.support.places import CHECKOUT

pytestmark = pytest.mark.slow

QUICK = ("build", "meqsum", "mqp", "verspoor_2013", "--mirror", "demo", "--json")

MANY = (
    *("build", "anem", "bc5cdr", "biosses", "chemprot", "mediqa_rqe", "mlee", "mqp", "nlm_gene", "scifact"),
    *("--mirror", "demo", "--json"),
)

CHANGED = """
import sources
known = sources.instruction
sources.instruction = lambda task: known(task) + " Think twice." * (task.name == "MQP")
"""
"""What Python runs first in every process of a program with another instruction of one task."""


@pytest.fixture
def changed(prefect_server: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """The environment of that program."""
    (tmp_path / "changed").mkdir()
    (tmp_path / "changed" / "sitecustomize.py").write_text(CHANGED)
    return {**prefect_server, "PYTHONPATH": f"{tmp_path / 'changed'}{os.pathsep}{CHECKOUT}"}


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


def test_one_instruction_changed_does_its_work_alone(built: Path, changed: dict[str, str], tmp_path: Path) -> None:
    planned = run_medinst(changed, built, *QUICK, "--dry-run")
    due = {f"{each['stage']} {each['subject']}": each["reason"] for each in json.loads(planned.stdout)["due"]}
    assert due["render MQP"] == "instruction changed"
    done = run_medinst(changed, built, *QUICK)
    assert done.returncode == 0, done.stderr
    assert steps(changed["PREFECT_API_URL"], built) == [
        "audit near duplicates and leaks",
        "deduplicate mqp",
        "index mqp",
        "judge and publish",
        "render mqp",
    ]
    anew = run_medinst(changed, tmp_path / "anew", *QUICK)
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
    assert run_and_kill(prefect_server, root, list(MANY), done(6))
    kept = {(path.parts[-4], path.parts[-3]) for path in root.glob("*/*/*/_done.json")}
    planned = json.loads(medinst("plan", *MANY[1:], root=root).stdout)
    read = {each["source"] for each in planned["due"] if each["stage"] == "read"}
    rendered = {each["subject"] for each in planned["due"] if each["stage"] == "render"}
    assert read.isdisjoint(name for kind, name in kept if kind == "records")
    assert rendered.isdisjoint(name for kind, name in kept if kind == "samples")
    assert read | rendered, "something is missing"
    assert [each["stage"] for each in planned["due"] if not each["source"]] == ["audit", "judge", "publish"]
    assert medinst(*MANY, root=root).returncode == 0
    after = json.loads(medinst("plan", *MANY[1:], root=root).stdout)
    assert after == {"due": [], "unchanged": sorted(MANY[1:-3]), "withheld": {}}
