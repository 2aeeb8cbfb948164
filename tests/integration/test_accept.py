"""A person meets the drift gate: refused, looked at, accepted, published, shown in the Prefect UI."""

import json
import shutil
from pathlib import Path

import httpx
import pytest

from tests.support.medinst import Medinst
from tests.support.places import DEMO

pytestmark = pytest.mark.slow


def artifacts(environment: dict[str, str], key: str) -> list[str]:
    """The artifacts of one kind, newest first."""
    asked = {"sort": "CREATED_DESC", "artifacts": {"key": {"any_": [key]}}}
    found = httpx.post(f"{environment['PREFECT_API_URL']}/artifacts/filter", json=asked, timeout=30).json()
    return [each["data"] for each in found]


def test_a_loss_is_refused_looked_at_accepted_and_published(
    medinst: Medinst, prefect_server: dict[str, str], tmp_path: Path
) -> None:
    mirror, root = tmp_path / "mirror", tmp_path / "root"
    shutil.copytree(DEMO / "mqp", mirror / "mqp")
    shutil.copy(DEMO / "mirror.json", mirror)
    build = ("build", "mqp", "--mirror", str(mirror))
    assert medinst(*build).returncode == 0
    assert "Nothing is waiting" in medinst("accept").stdout
    first = json.loads((root / "releases" / "latest.json").read_text())["version"]

    path = mirror / "mqp" / "mqp.csv"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:6]))
    refused = medinst(*build)
    assert refused.returncode == 1
    assert 'medinst accept MQP:train --why "…"' in refused.stderr
    looked = json.loads(medinst("diff", "latest", "build", "--json").stdout)
    assert [(each["task"], each["removed"]) for each in looked["splits"]] == [("MQP", 4)]
    waiting = json.loads(medinst("accept", "--json").stdout)["waiting"]
    assert ("MQP:train", "lost", 9, 5) in [
        (each["name"], each["measure"], each["before"], each["after"]) for each in waiting
    ]

    for wrong, words in ((("MQP",), "Say it: --why"), (("MQQ", "--why", "x"), "did you mean `MQP`?")):
        done = medinst("accept", *wrong)
        assert done.returncode == 1
        assert words in done.stderr
    accepted = medinst("accept", "MQP", "--why", "half  was\nwithdrawn", "--by", "ada")
    assert accepted.returncode == 0, accepted.stderr
    assert "Build again" in accepted.stdout
    told = medinst("sql", "--json", "SELECT who, why FROM accepted WHERE measure = 'lost'")
    assert json.loads(told.stdout) == [{"who": "ada", "why": "half was withdrawn"}]

    published = medinst(*build)
    assert published.returncode == 0, published.stderr
    second = json.loads((root / "releases" / "latest.json").read_text())["version"]
    assert f"Changes: {first} → {second}: 0 rows added, 4 removed" in published.stdout
    assert (root / "diffs" / second / f"{first}.html").exists()
    (shown, *_) = artifacts(prefect_server, "diff")
    assert "| MQP | train | 9 | 5 | 4 removed: file mqp.csv changed |" in shown
    assert f"diffs/{second}/{first}.html" in shown
    previous = json.loads(medinst("diff", "--json").stdout)
    assert (previous["before"], previous["after"]) == (first, second)
