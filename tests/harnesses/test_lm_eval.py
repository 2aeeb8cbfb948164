"""The tasks of the wheel in lm-evaluation-harness, without this project."""

import json
from pathlib import Path

import pytest

from tests.harnesses.conftest import User

pytestmark = pytest.mark.slow


def test_it_runs_the_tests_that_the_benchmark_has(user: User, benchmark: Path, tmp_path: Path) -> None:
    folder = user("medinst_eval", "lm-eval").stdout.strip()
    tests = user("medinst_eval", "lm-eval-tests").stdout.strip()
    names = tests.split(",")
    assert len(names) == len({path.name.removesuffix("-zs") for path in (benchmark / "data").glob("*-zs")})
    command = ("--model", "dummy", "--include_path", folder, "--limit", "2", "--output_path", tmp_path)
    user("lm_eval", *command, "--tasks", f"{tests},medinst32_biosses_zs")
    (results,) = tmp_path.rglob("results_*.json")
    said = json.loads(results.read_text())
    assert set(said["results"]) == {*names, "medinst32_biosses_zs"}
    for name, found in said["results"].items():
        assert {"strict,none", "paper,none", "unread,none"} <= set(found), name
    biosses = said["results"]["medinst32_biosses"]
    assert biosses["paper,none"] == 25.0, "an answer without a number is wrong by 5"
    assert biosses["unread,none"] == 1.0
    assert said["higher_is_better"]["medinst32_biosses"] == {"strict": False, "paper": False, "unread": False}
    assert said["higher_is_better"]["medinst32_anem"] == {"strict": True, "paper": True, "unread": False}
