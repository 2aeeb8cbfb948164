"""A build does what its plan says and no more, and gives the bytes of a build from nothing."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from sources import find
from tests.support.killing import done, run_and_kill
from tests.support.medinst import Medinst, releases, run_medinst
from tests.support.places import CHECKOUT

pytestmark = pytest.mark.slow

QUICK = ("build", "meqsum", "mqp", "verspoor_2013", "--mirror", "demo", "--json")

MANY = (
    *("build", "anem", "bc5cdr", "biosses", "chemprot", "mediqa_rqe", "mlee", "mqp", "nlm_gene", "scifact"),
    *("--mirror", "demo", "--json"),
)

Changed = Callable[..., "subprocess.CompletedProcess[str]"]
CHANGED = """
import sources
known = sources.instruction
sources.instruction = lambda task, *wording: known(task, *wording) + " Think twice." * (task.name == "MQP")
"""
"""What Python runs first in every process of a program with another instruction of one task."""


@pytest.fixture(scope="module")
def built(prefect_server: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("built")
    done = run_medinst(prefect_server, root, *QUICK)
    assert done.returncode == 0, done.stderr
    return root


@pytest.fixture
def changed(prefect_server: dict[str, str], tmp_path: Path) -> Changed:
    """Run that program, in processes that start from nothing."""
    (tmp_path / "changed").mkdir()
    (tmp_path / "changed" / "sitecustomize.py").write_text(CHANGED)
    path = f"{tmp_path / 'changed'}{os.pathsep}{CHECKOUT}"

    def run(root: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "flows", *arguments],
            cwd=CHECKOUT,
            env={**prefect_server, "PYTHONPATH": path, "MEDINST_ROOT": str(root)},
            capture_output=True,
            text=True,
            check=False,
            timeout=280,
        )

    return run


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


def test_one_instruction_changed_does_its_work_alone(
    built: Path, changed: Changed, prefect_server: dict[str, str], tmp_path: Path
) -> None:
    planned = changed(built, *QUICK, "--dry-run")
    due = {f"{each['stage']} {each['subject']}": each["reason"] for each in json.loads(planned.stdout)["due"]}
    assert due["render MQP"] == "instruction changed"
    done = changed(built, *QUICK)
    assert done.returncode == 0, done.stderr
    assert steps(prefect_server["PREFECT_API_URL"], built) == [
        "audit near duplicates and leaks",
        "deduplicate mqp",
        "index mqp",
        "judge and publish",
        "render mqp",
    ]
    anew = changed(tmp_path / "anew", *QUICK)
    assert anew.returncode == 0, anew.stderr
    version = json.loads(done.stdout)["release"]["version"]
    assert releases(tmp_path / "anew").keys() == {
        name for name in releases(built) if name.startswith(version) or name.startswith("latest")
    }
    assert all(releases(built)[name] == data for name, data in releases(tmp_path / "anew").items())


def test_after_a_kill_the_plan_says_what_is_missing(
    prefect_server: dict[str, str], medinst: Medinst, tmp_path: Path
) -> None:
    root = tmp_path / "root"
    assert run_and_kill(prefect_server, root, list(MANY), done(6))
    receipts = [json.loads(path.read_text()) for path in root.glob("*/*/*/_done.json")]
    planned = json.loads(medinst("plan", *MANY[1:], root=root).stdout)
    read = {(each["source"], each["subject"]) for each in planned["due"] if each["stage"] == "read"}
    was_read = {(receipt["source"], receipt["part"]) for receipt in receipts if "part" in receipt}
    rendered = {each["subject"] for each in planned["due"] if each["stage"] == "render"}
    was_rendered = {receipt["task"] for receipt in receipts if "withheld" in receipt and "task" in receipt}
    declared = [find(name) for name in MANY[1:-3]]
    assert read
    assert read.isdisjoint(was_read)
    assert read | was_read == {(source.id, part) for source in declared for part in source.parts}
    assert rendered.isdisjoint(was_rendered)
    assert rendered | was_rendered == {task.name for source in declared for task in source.tasks}
    assert [each["stage"] for each in planned["due"] if not each["source"]] == ["audit", "judge", "publish"]
    assert medinst(*MANY, root=root).returncode == 0
    after = json.loads(medinst("plan", *MANY[1:], root=root).stdout)
    assert after == {"due": [], "unchanged": sorted(MANY[1:-3]), "withheld": {}}
