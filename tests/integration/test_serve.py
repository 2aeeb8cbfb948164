"""`medinst serve`: one command gives the server, the UI, the schedules and a worker, and takes all of them with it."""

import json
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import httpx
import psutil
import pytest

from flows.serve import refuse_taken
from schemas.errors import MedinstError
from tests.support.medinst import free_port
from tests.support.places import DEMO
from tests.support.prefect_site import (
    MEDINST,
    Api,
    clean_environment,
    family_of,
    running,
    wait_for,
)


class Site(NamedTuple):
    process: subprocess.Popen[bytes]
    api: Api
    url: str
    root: Path
    log: Path


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder, port = tmp_path_factory.mktemp("serve"), free_port()
    environment = clean_environment(PREFECT_HOME=str(folder / "prefect"), MEDINST_ROOT="somewhere/else")
    command = [str(MEDINST), "serve", "--port", str(port), "--root", "data"]
    url, log = f"http://127.0.0.1:{port}", folder / "log"
    with ExitStack() as stack:
        process = stack.enter_context(running(command, log, environment, cwd=folder))
        api = Api(f"{url}/api")
        stack.callback(api.client.close)
        wait_for("worker", lambda: True if "started!" in log.read_text() else None, log, process)
        yield Site(process, api, url, folder / "data", log)


@pytest.mark.slow
def test_its_deployments_are_scheduled(site: Site) -> None:
    found = site.api.deployments()
    schedules = {name: [one["schedule"] for one in each["schedules"]] for name, each in found.items()}
    cron = {"timezone": "UTC", "day_or": True}
    assert schedules == {
        "nightly": [{"cron": "15 2 * * *", **cron}],
        "weekly-full": [{"cron": "15 20 * * 6", **cron}],
        "weekly-urls": [{"cron": "15 8 * * 1", **cron}],
        "publish-open": [],
    }
    assert {name: each["entrypoint"] for name, each in found.items()} == {
        "nightly": "flows/build.py:build",
        "weekly-full": "flows/build.py:build",
        "weekly-urls": "flows/urls.py:urls",
        "publish-open": "flows/publish.py:publish",
    }
    assert {name: each["global_concurrency_limit"]["limit"] for name, each in found.items()} == dict.fromkeys(found, 1)
    assert found["nightly"]["concurrency_options"]["collision_strategy"] == "CANCEL_NEW"
    assert found["weekly-full"]["parameters"]["fresh"] is True
    assert all(each["description"] and each["work_pool_name"] == "medinst" for each in found.values())


@pytest.mark.slow
def test_its_schedules_plan_runs(site: Site) -> None:
    """A schedule that Prefect stores but cannot compute, as with an unfit version of whenever, plans none."""
    wanted = {"nightly", "weekly-full", "weekly-urls"}
    wait_for("planned runs", lambda: True if site.api.planned() >= wanted else None, site.log, site.process)
    assert site.api.planned() == wanted


@pytest.mark.slow
def test_its_deployments_name_no_folder_of_this_machine(site: Site) -> None:
    assert str(DEMO.parent) not in json.dumps(site.api.deployments())


@pytest.mark.slow
def test_its_ui_answers(site: Site) -> None:
    page = httpx.get(site.url, headers={"accept": "text/html"}, follow_redirects=True)
    assert page.is_success
    assert page.headers["content-type"].startswith("text/html")
    assert httpx.get(f"{site.url}/ui-settings").json()["api_url"] == f"{site.url}/api"


@pytest.mark.slow
def test_its_worker_builds_a_release_and_one_signal_ends_all(site: Site) -> None:
    run = site.api.start("build/nightly", {"sources": ["mqp"], "mirrors": [str(DEMO)]})
    ended = wait_for("end of the build", lambda: site.api.ended(run), site.log, site.process)
    assert ended["state_type"] == "COMPLETED", site.log.read_text()[-3000:]
    assert ended["name"].startswith("build mqp · ")
    assert site.api.artifacts(run) >= {"sources", "report", "data-docs"}
    version = json.loads((site.root / "releases" / "latest.json").read_text())["version"]
    assert (site.root / "releases" / version / "data").is_dir()
    assert (site.root / "catalogue" / "catalogue.duckdb").is_file()

    second = site.api.start("build/nightly", {"sources": ["bc5cdr"], "mirrors": [str(DEMO)]})
    wait_for(
        "running build",
        lambda: True if site.api.run(second)["state_type"] == "RUNNING" else None,
        site.log,
        site.process,
    )
    family = family_of(site.process.pid)
    assert len(family) >= 3, "a server, a worker and a flow run"
    site.process.send_signal(signal.SIGTERM)
    assert site.process.wait(45) == 128 + signal.SIGTERM, site.log.read_text()[-3000:]
    assert "Crashed('Execution was aborted by a termination signal.')" in site.log.read_text()
    _, left = psutil.wait_procs(family, timeout=5)
    assert not [process for process in left if process.status() != psutil.STATUS_ZOMBIE]


def test_one_that_dies_takes_the_others_with_it(tmp_path: Path) -> None:
    """The server dies at once of a setting that it cannot read."""
    environment = clean_environment(
        PREFECT_HOME=str(tmp_path / "prefect"),
        MEDINST_ROOT=str(tmp_path / "data"),
        PREFECT_SERVER_DATABASE_TIMEOUT="nonsense",
    )
    command = [str(MEDINST), "serve", "--port", str(free_port())]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1
    assert "Prefect's server exited unexpectedly (exit code 1), so all processes were stopped." in done.stderr


def test_a_taken_port_is_said_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        environment = clean_environment(PREFECT_HOME=str(tmp_path / "prefect"))
        command = [str(MEDINST), "serve", "--port", str(port)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert f"Port {port} is taken. Use another: medinst serve --port {port + 1}" in done.stderr
    assert not (tmp_path / "prefect").exists()


def test_a_port_that_is_free_is_not_refused() -> None:
    refuse_taken(free_port())


def test_the_last_port_has_no_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def taken(*_: object) -> None:
        raise OSError(98, "Address already in use")

    monkeypatch.setattr(socket.socket, "bind", taken)
    with pytest.raises(MedinstError, match="--port 4200"):
        refuse_taken(65535)
