"""`medinst publish --to hf://…` as a user runs it, against a stand-in of the Hub."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.hub import TOKEN, running_hub
from tests.support.medinst import releases, run_medinst

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

TO = ("--to", "hf://datasets/lab/medinst", "--profile", "open")


def test_a_release_goes_to_the_hub(prefect_server: dict[str, str], tmp_path: Path) -> None:
    root = tmp_path / "root"

    def run(*arguments: str, **variables: str):
        done = run_medinst({**prefect_server, "HF_ENDPOINT": hub.url, **variables}, root, *arguments)
        assert TOKEN not in done.stdout + done.stderr
        return done

    with running_hub() as hub:
        assert run("build", "meqsum", "--mirror", "demo").returncode == 0
        early = run("publish", *TO, "--dry-run", HF_TOKEN=TOKEN)
        assert early.returncode == 1
        assert "medinst publish --profile open" in early.stderr, "that release is not made yet"
        without = run("publish", *TO)
        assert (without.returncode, "HF_TOKEN is not set" in without.stderr) == (1, True)
        local = run("publish", *TO[:2], "--profile", "local", HF_TOKEN=TOKEN)
        assert (local.returncode, "must not leave this machine" in local.stderr) == (1, True)
        assert not hub.commits

        assert run("publish", *TO, HF_TOKEN=TOKEN).returncode == 0
        (tag,) = hub.tags["lab/medinst"]
        released = {
            name.removeprefix(f"releases/{tag}/").removeprefix(f"{tag}/"): data
            for name, data in releases(root).items()
            if f"{tag}/" in name
        }
        assert hub.files("lab/medinst", tag).items() >= released.items()
        assert len(hub.files("lab/medinst", tag)) == len(released) + 1, "and .gitattributes"

        hub.asked.clear()
        again = run("publish", *TO, "--dry-run", HF_TOKEN=TOKEN)
        assert "nothing to send" in again.stdout
        assert not hub.sent


def test_a_benchmark_goes_to_the_hub_and_is_loaded_from_what_is_there(
    prefect_server: dict[str, str], tmp_path: Path
) -> None:
    root, there = tmp_path / "root", ("--to", "hf://datasets/lab/medinst32", "--benchmark")

    def run(*arguments: str):
        return run_medinst({**prefect_server, "HF_ENDPOINT": hub.url, "HF_TOKEN": TOKEN}, root, *arguments)

    with running_hub() as hub:
        assert run("build", "anem", "mqp", "--mirror", "demo").returncode == 0
        early = run("publish", *there)
        assert (early.returncode, "Make one from the newest build: medinst benchmark" in early.stderr) == (1, True)
        assert run("benchmark", "--profile", "open").returncode == 0
        dry = run("publish", *there, "--dry-run")
        assert (dry.returncode, "Benchmark:" in dry.stdout, hub.sent) == (0, True, [])
        done = run("publish", *there)
        assert done.returncode == 0, done.stderr
        (tag,) = hub.tags["lab/medinst32"]
        assert f"Benchmark {tag} (open): 3 tests" in done.stdout
        for name, data in hub.files("lab/medinst32", tag).items():
            (tmp_path / "seen" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "seen" / name).write_bytes(data)
    script = (
        "import sys; from datasets import load_dataset\n"
        "found = [load_dataset(sys.argv[1], name)['test'] for name in ('AnEM', 'AnEM-zs')]\n"
        "print(*map(len, found))\n"
    )
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path), "HF_DATASETS_CACHE": str(tmp_path)}
    command = [sys.executable, "-W", "ignore", "-c", script, str(tmp_path / "seen")]
    loaded = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=200)
    assert loaded.stdout.split() == ["4", "4"], loaded.stderr
