"""`medinst publish --to hf://…` as a user runs it, against a stand-in of the Hub."""

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
