"""The wheel medinst-eval works where nothing but what it declares is installed, and says what the pipeline says."""

import ast
import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from medinst_eval.definitions import definitions
from medinst_eval.measure import measure
from tests.support.places import CHECKOUT
from tests.support.wheels import build_wheel, empty, install, run

PROJECT = CHECKOUT / "deployments" / "medinst-eval"
DECLARED = ("numpy", "rapidfuzz", "rouge-score", "nltk", "sacrebleu")
HEAVY = ("prefect", "polars", "duckdb", "pydantic", "pyarrow", "tasks", "schemas", "sources")
ADAPTERS = {"medinst_eval.inspect_tasks": "inspect_ai", "medinst_eval.verifiers_taskset": "verifiers"}
"""Modules that need a harness, which whoever uses them has."""

ANSWERS = {
    "BC5CDR-RE": ("[<aspirin> <induces> <ulcer>]", "[<aspirin> <induces> <ulcer>], [<zinc> <induces> <ulcer>]"),
    "NCBI-disease": ("Velt [B] fever [I] is [O]", "Velt [B] fever [I] is [O]"),
    "SciFact": ("I would say support.", "support"),
    "BIOSSES": ("3", "4"),
    "ParaMed": ("the otter sleeps in the reeds", "an otter slept in the reeds"),
    "MedQA": ("none of these", "willow bark"),
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(PROJECT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment with the wheel and what it declares."""
    folder = empty(tmp_path_factory.mktemp("elsewhere") / "venv", *DECLARED)
    install(wheel, folder)
    return folder / "bin" / "python"


def told(python: Path, cwd: Path, program: str, *arguments: str) -> object:
    """What a program prints as its last line."""
    done = run(python, "-c", program, *arguments, cwd=cwd)
    assert done.returncode == 0, done.stderr
    return ast.literal_eval(done.stdout.strip().splitlines()[-1])


def test_it_is_the_package_as_it_is(wheel: Path) -> None:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", "medinst_eval"]
    listed = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout
    wanted = {name for name in listed.split("\0") if name and (CHECKOUT / name).is_file()}
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        said = archive.read(next(name for name in names if name.endswith("/METADATA"))).decode()
    assert {name for name in names if ".dist-info/" not in name} == wanted | {"medinst_eval/LICENSE"}
    required = [
        line.split()[1] for line in said.splitlines() if line.startswith("Requires-Dist") and "extra" not in line
    ]
    assert {name.partition(">=")[0] for name in required} == set(DECLARED)


@pytest.mark.heavy
def test_every_module_is_imported_with_what_is_declared(python: Path, tmp_path: Path) -> None:
    program = """
import importlib, importlib.util, pkgutil, sys, medinst_eval
failed = {}
for each in pkgutil.walk_packages(medinst_eval.__path__, "medinst_eval."):
    try:
        importlib.import_module(each.name)
    except ImportError as error:
        failed[each.name] = error.name
there = [name for name in sys.argv[1:] if importlib.util.find_spec(name)]
print((medinst_eval.__file__, failed, there))
"""
    file, failed, there = told(python, tmp_path, program, *HEAVY)  # type: ignore[misc]
    assert Path(file).is_relative_to(python.parents[1])
    assert failed == ADAPTERS
    assert there == []


@pytest.mark.heavy
def test_it_measures_as_the_pipeline_does(python: Path, tmp_path: Path) -> None:
    program = """
import json, sys
from medinst_eval.definitions import definitions
from medinst_eval.measure import measure
found = {}
for task, (answer, gold) in json.loads(sys.argv[1]).items():
    for each in measure(definitions()[task], [answer], [gold]):
        found[task, each.kind] = [(metric.name, metric.value) for metric in each.metrics], each.unread
print(found)
"""
    found = told(python, tmp_path, program, json.dumps(ANSWERS))
    here = {
        (task, each.kind): ([(metric.name, metric.value) for metric in each.metrics], each.unread)
        for task, (answer, gold) in ANSWERS.items()
        for each in measure(definitions()[task], [answer], [gold])
    }
    assert found == here
    assert here["BC5CDR-RE", "strict"] == ([("micro F1", 2 / 3), ("macro F1", 2 / 3)], 0.0)
    assert here["SciFact", "strict"][0][1] == ("accuracy", 1.0)


def test_it_is_imported_in_no_time(python: Path, tmp_path: Path) -> None:
    program = """
import sys, time
before = time.process_time()
import medinst_eval
from medinst_eval.definitions import definitions
definitions()
print((time.process_time() - before, "numpy" in sys.modules))
"""
    seconds, numpy = min(told(python, tmp_path, program) for _ in range(3))  # type: ignore[type-var]
    assert seconds < 0.5
    assert not numpy


def test_its_command_says_what_harnesses_need(python: Path, tmp_path: Path) -> None:
    def say(*arguments: str, **environment: str) -> str:
        done = run(python.parent / "medinst-eval", *arguments, cwd=tmp_path, **environment)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    tests = {name for name, task in definitions().items() if task.held_out}
    folder = Path(say("lm-eval"))
    assert folder.is_relative_to(python.parents[1])
    files = {f"{name}.yaml" for name in say("lm-eval-tests").split(",")}
    assert len(files) == len(tests) == 32
    assert files < {path.name for path in folder.iterdir()}
    assert "medinst_eval/bc5cdr_re" in say("inspect-tests").split()
    assert len(say("tasks").splitlines()) == len(definitions())
    (tmp_path / "data" / "AnEM").mkdir(parents=True)
    (tmp_path / "data" / "AnEM" / "test.parquet").touch()
    assert say("inspect-tests", MEDINST_BENCHMARK=str(tmp_path)) == "medinst_eval/anem"
