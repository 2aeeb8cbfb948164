"""The services of docker-compose.yml at work, without containers: a schedule fires, and a bad hour loses nothing."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from schemas.errors import RootInUse
from tasks.base.store.root import Root
from tasks.base.versions.find import releases
from tasks.build.builds.runs import refuse_unusable
from tests.support.places import CHECKOUT, DEMO
from tests.support.stack import START, Stack, postgres_folder, running_stack

pytestmark = [
    pytest.mark.stack,
    pytest.mark.slow,
    pytest.mark.timeout(3 * START),
    pytest.mark.skipif(postgres_folder() is None, reason="PostgreSQL is not installed (Debian: postgresql-15)"),
]

NIGHTLY = {"sources": ["mqp"], "mirrors": [str(DEMO)]}
EVENING = NIGHTLY | {"sources": ["mqp", "scifact", "anem", "bc5cdr", "ddi", "chia"], "fresh": False}
"""Of a deployment that waits while the nightly runs, which is cancelled where it collides with itself."""
AWAY = 20.0
"""Seconds that the bucket is away."""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_stack(tmp_path_factory.mktemp("stack")) as stack:
        yield stack


def test_the_server_asks_who_is_there(stack: Stack) -> None:
    def status(**how: Any) -> int:
        return httpx.post(f"{stack.url}/api/deployments/filter", json={}, timeout=60, **how).status_code

    assert status() == 401
    assert status(auth=("medinst", "guessed")) == 401
    assert httpx.get(f"{stack.url}/api/health", timeout=60).status_code == 200
    assert {"nightly", "weekly-full", "weekly-urls", "publish-open"} <= set(stack.api.deployments())


def test_a_schedule_fires_and_its_release_appears_in_the_bucket(stack: Stack) -> None:
    stack.api.schedule("build/nightly", "* * * * *", NIGHTLY)
    run = stack.wait("a build that the schedule began", lambda: completed(stack, 1))
    assert run["auto_scheduled"]
    release = whole_release(stack, run)
    assert set(release.manifest.tasks) == {"MQP"}
    assert "Traceback" not in stack.log("server").read_text()


def test_the_reports_of_the_bucket_are_served(stack: Stack) -> None:
    release = whole_release(stack, ended_well(stack)[-1])
    assert release.version in httpx.get(stack.reports, timeout=60).text
    page = httpx.get(f"{stack.reports}/releases/{release.version}/report.html", timeout=60)
    assert page.status_code == 200
    assert "MQP" in page.text
    assert httpx.get(f"{stack.reports}/releases/{release.version}/manifest.json", timeout=60).status_code == 404


def test_the_catalogue_opens_from_the_bucket_read_only(stack: Stack) -> None:
    said = sql(stack, "SELECT count(*) AS n FROM samples")
    assert json.loads(said.stdout) == [{"n": whole_release(stack, ended_well(stack)[-1]).manifest.samples}], said.stderr
    refused = sql(stack, "DELETE FROM tasks")
    assert refused.returncode == 1
    assert "Expected one SELECT" in refused.stderr


def test_the_bucket_away_and_the_database_restarted_lose_nothing(stack: Stack) -> None:
    root, run = Root(stack.root), stack.api.start("build/weekly-full", EVENING)
    stack.wait("records of the build", lambda: True if len(root.names("records")) > 1 else stack.api.ended(run))
    assert stack.api.ended(run) is None, "the build was over before anything could go wrong"
    with pytest.raises(RootInUse, match=r"Another command \(process \d+ on "):
        refuse_unusable(root)
    back = stack.store.away_for(AWAY)
    stack.postgres.stop()
    stack.postgres.start()
    back.join()
    ended = stack.wait("end of the build", lambda: stack.api.ended(run))
    if ended["state_type"] != "COMPLETED":
        message = ended["state"]["message"]
        assert "then run the same command again" in message, message + stack.log("worker").read_text()[-6000:]
        assert len(message.splitlines()) == 1
        again = stack.api.start("build/weekly-full", EVENING)
        ended = stack.wait("end of the next build", lambda: stack.api.ended(again))
    assert ended["state_type"] == "COMPLETED", ended["state"]["message"] + stack.log("worker").read_text()[-6000:]
    assert {told.source for told in whole_release(stack, ended).manifest.tasks.values()} == set(EVENING["sources"])


def test_schedules_fire_after_that_too(stack: Stack) -> None:
    before = len(ended_well(stack))
    stack.wait("a build after the bad hour", lambda: completed(stack, before + 1))


def completed(stack: Stack, number: int) -> dict[str, Any] | None:
    """The last of so many builds that have ended well; None while there are fewer."""
    found = ended_well(stack)
    return found[-1] if len(found) >= number else None


def ended_well(stack: Stack) -> list[dict[str, Any]]:
    return stack.api.runs(state={"type": {"any_": ["COMPLETED"]}})


def whole_release(stack: Stack, run: dict[str, Any]) -> Any:
    """The release of a build, every file of which has the bytes that its manifest tells."""
    root = Root(stack.root)
    version = root.read_json(f"catalogue/runs/{run['id']}.json")["version"]
    found = releases(root).find(version)
    assert found is not None
    told = {name: file.sha256 for name, file in found.manifest.files.items()}
    assert {name: hashlib.sha256(root.read_bytes(f"{found.folder}/{name}")).hexdigest() for name in told} == told
    return found


def sql(stack: Stack, query: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "flows", "sql", "--json", query]
    return subprocess.run(
        command, cwd=CHECKOUT, env=stack.environment("worker"), capture_output=True, text=True, check=False
    )
