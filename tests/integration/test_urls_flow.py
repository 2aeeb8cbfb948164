"""The flow `urls` behind a proxy: what its run shows in the UI."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sources import find
from tests.support.places import CHECKOUT
from tests.support.published import miniatures
from tests.support.publishers import running_publishers
from tests.support.servers import missing

SCRIPT = """
import json, sys
from flows.server import PrefectServer
with PrefectServer() as server:
    from flows.urls import urls
    server.ready()
    found = urls(["mqp", "biosses"], sys.argv[1])
    from prefect.client.orchestration import get_client
    with get_client(sync_client=True) as client:
        artifacts = {one.key: one.data for one in client.read_artifacts()}
print(json.dumps([found, artifacts]))
"""


@pytest.mark.slow
def test_the_run_shows_what_needs_a_person(tmp_path: Path, prefect_server: dict[str, str]) -> None:
    sources = [find("mqp"), find("biosses")]
    (gone,) = find("mqp").urls(next(iter(find("mqp").files)))
    with running_publishers(tmp_path, miniatures(sources)) as publishers:
        publishers.plan = {gone: missing}
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(tmp_path / "root")],
            cwd=CHECKOUT,
            env={**prefect_server, **publishers.environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=280,
        )
    assert done.returncode == 0, done.stderr
    found, artifacts = json.loads(done.stdout.splitlines()[-1])
    assert found["gone"] == 1
    (row,) = (row for row in json.loads(artifacts["links"]) if row["verdict"] == "gone")
    assert (row["source"], row["address"]) == ("mqp", gone)
    page = artifacts["link-report"].split("`")[1]
    assert gone in (tmp_path / "root" / page).read_text()
