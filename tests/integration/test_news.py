"""What people and receivers hear of real builds: a source is gone and comes back, samples change, the gate refuses.

The builds are runs of the flow on a Prefect server, whose automations post to the webhook.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.lineage import receiving as lineage
from tests.support.lineage import valid
from tests.support.medinst import run_medinst, wait_until
from tests.support.own_corpus import NOTES, put, table
from tests.support.places import CHECKOUT
from tests.support.receiver import Receiver, receiving
from tests.support.servers import data, missing, running_site

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

MORE = "A seal sat where the ferry lands"


@pytest.fixture
def webhook(prefect_server: dict[str, str]) -> Iterator[Receiver]:
    """A receiver to which the server's automations post."""
    with receiving() as receiver:
        command = [sys.executable, "-c", "from flows.automations import deploy_automations as d; assert d()"]
        environment = {**prefect_server, "MEDINST_WEBHOOK_URL": f"{receiver.url}/hook"}
        subprocess.run(command, env=environment, cwd=CHECKOUT, check=True, timeout=200)
        yield receiver
        with httpx.Client(base_url=prefect_server["PREFECT_API_URL"], timeout=60) as api:
            for each in api.post("/automations/filter", json={}).json():
                api.delete(f"/automations/{each['id']}")


def test_real_builds_are_told_of(
    prefect_server: dict[str, str], webhook: Receiver, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    root, mirror, folder = tmp_path / "root", tmp_path / "mirror", tmp_path / "own"

    def heard(words: str) -> None:
        wait_until(lambda: any(words in text for text in webhook.texts), f"{words!r} is heard, {webhook.texts}")

    with running_site() as site, lineage() as receiver:
        put(folder, f"{site.url}/tide.csv")
        environment = {**prefect_server, "OPENLINEAGE_URL": receiver.url}

        def build(*more: str) -> "subprocess.CompletedProcess[str]":
            return run_medinst(environment, root, "build", "tide", "--sources", str(folder), *more)

        site.on("/tide.csv", data(table(*NOTES)))
        first = build()
        assert first.returncode == 0, first.stdout + first.stderr
        site.on("/tide.csv", missing)
        assert build("--recheck").returncode == 1
        heard("Sources that need a look: tide (stale).")
        site.on("/tide.csv", data(table(*NOTES)))
        assert build("--recheck").returncode == 0
        heard("Available again: tide.")

        (mirror / "tide").mkdir(parents=True)
        (mirror / "mirror.json").write_text('{"original": false}', "utf-8")
        (mirror / "tide" / "tide.csv").write_bytes(table(*NOTES, MORE))
        assert build("--mirror", str(mirror)).returncode == 0
        heard("Samples changed in 1 split: TideNotes/train +1.")

        (mirror / "tide" / "tide.csv").write_bytes(table(*NOTES[:2]))
        refused = build("--mirror", str(mirror))
        assert (refused.returncode, "drift" in refused.stderr) == (1, True), refused.stderr
        heard(": Refused: ")

    told = [valid(event) for event in receiver.events]
    assert [event.eventType for event in told] == ["START", "COMPLETE"] * 4 + ["START", "FAIL"]
    last = told[-1]
    assert last.run.runId == told[-2].run.runId
    assert last.run.facets is not None
    assert last.run.facets.errorMessage.message.startswith("The gate refused the release: lost.")
    assert not last.outputs
    record_property("tried", len(told) // 2)
    said = " ".join(webhook.texts) + str(receiver.events)
    assert not [note for note in (*NOTES, MORE) if note in said], "no text of the data is told"
