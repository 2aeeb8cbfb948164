"""`medinst serve`: one command gives the server, the UI, the schedules and a worker, and takes all of them with it."""

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import httpx
import psutil
import pytest

from flows.serve import refuse_taken
from schemas.errors import MedinstError
from tasks.base.store.root import Root
from tasks.build.builds.runs import Run, runs
from tests.support.medinst import free_port
from tests.support.places import CHECKOUT, DEMO
from tests.support.prefect_site import (
    MEDINST,
    Api,
    clean_environment,
    family_of,
    running,
    wait_for,
)
from tests.support.receiver import Receiver, receiving

_T = TypeVar("_T")


SECRET = "/services/T0/B0/not-for-logs"


class Site(NamedTuple):
    process: subprocess.Popen[bytes]
    api: Api
    url: str
    reports: str
    root: Path
    log: Path
    receiver: Receiver

    def wait(self, what: str, ask: Callable[[], _T | None]) -> _T:
        return wait_for(what, ask, self.log, self.process)

    def build(self, *sources: str) -> str:
        return self.api.start("build/nightly", {"sources": sources, "mirrors": [str(DEMO)]})

    def end(self, run: str) -> dict[str, Any]:
        return self.wait("end of the build", lambda: self.api.ended(run))

    def begun(self, run: str) -> psutil.Process:
        """The process of a run that is at work."""
        self.wait("a step of the build", lambda: True if self.api.task_runs(run) else None)
        living = [one for one in family_of(self.process.pid) if one.status() != psutil.STATUS_ZOMBIE]
        (found,) = [one for one in living if "prefect.engine" in one.cmdline()]
        return found

    def record(self, run: str) -> Run:
        return next(each for each in runs(Root(str(self.root))) if each.run == run)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder, port, reports = tmp_path_factory.mktemp("serve"), free_port(), free_port()
    url, log = f"http://127.0.0.1:{port}", folder / "log"
    with ExitStack() as stack:
        receiver = stack.enter_context(receiving())
        environment = clean_environment(
            PREFECT_HOME=str(folder / "prefect"),
            MEDINST_ROOT="somewhere/else",
            MEDINST_WEBHOOK_URL=f"{receiver.url}{SECRET}",
        )
        command = [str(MEDINST), "serve", "--port", str(port), "--reports-port", str(reports), "--root", "data"]
        process = stack.enter_context(running(command, log, environment, cwd=folder))
        api = Api(f"{url}/api")
        stack.callback(api.client.close)
        wait_for("worker", lambda: True if "started!" in log.read_text() else None, log, process)
        yield Site(process, api, url, f"http://127.0.0.1:{reports}", folder / "data", log, receiver)


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
@pytest.mark.timeout(600)
def test_its_worker_builds_a_release_whose_pages_open(site: Site) -> None:
    run = site.build("mqp")
    ended = site.end(run)
    assert ended["state_type"] == "COMPLETED", site.log.read_text()[-3000:]
    assert re.fullmatch(r"nightly \d{4}-\d\d-\d\d \d\d:\d\d · mqp · local", ended["name"])
    assert {"medinst", "build", "local", "thread", "mirror", "some sources", "partial"} <= {*ended["tags"]}
    version = json.loads((site.root / "releases" / "latest.json").read_text())["version"]
    assert (site.root / "releases" / version / "data").is_dir()
    assert (site.root / "catalogue" / "catalogue.duckdb").is_file()

    shown = site.api.artifacts(run)
    assert {*shown} >= {"plan", "progress", "sources", "verdicts", "parity", "report", "data-docs"}
    assert shown["progress"]["data"] == 100.0
    assert json.loads(shown["sources"]["data"])[0]["change"] == "new"
    for key in ("report", "data-docs"):
        (link,) = re.findall(r"\((http[^)]+)\)", shown[key]["data"])
        assert link.startswith(f"{site.reports}/releases/{version}/")
        assert httpx.get(link).headers["content-type"] == "text/html; charset=utf-8"
    assert version in httpx.get(site.reports).text
    assert httpx.get(f"{site.reports}/releases/{version}/manifest.json").status_code == 404


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_cancelled_stays_cancelled_and_crashed_keeps_its_reason(site: Site) -> None:
    cancelled = site.build()
    process = site.begun(cancelled)
    family = [process, *process.children(recursive=True)]
    site.api.cancel(cancelled)
    assert site.end(cancelled)["state_type"] == "CANCELLED"
    _, left = psutil.wait_procs(family, timeout=10)
    assert not [one for one in left if one.status() != psutil.STATUS_ZOMBIE], "the run and its processes are gone"
    assert site.record(cancelled).state == "cancelled"

    killed = site.build()
    site.begun(killed).kill()
    crashed = site.end(killed)
    assert crashed["state_type"] == "CRASHED"
    reason = crashed["state"]["message"]
    assert "-9" in reason, "Prefect says how the process ended"
    assert site.record(killed).state == "running", "nobody could write it down"
    assert site.api.open_task_runs(killed) > 0

    assert site.end(site.build("mqp"))["state_type"] == "COMPLETED", "the next build goes on"
    assert site.api.run(cancelled)["state_type"] == "CANCELLED"
    assert site.api.run(killed)["state"]["message"] == reason
    assert (site.record(killed).state, site.record(killed).message) == ("crashed", reason)
    assert (site.api.open_task_runs(cancelled), site.api.open_task_runs(killed)) == (0, 0)

    told = site.wait("a message of the recovery", lambda: _about(site, "Published") or None)
    assert "after 1 run that did not (crashed on" in told[0]
    assert _about(site, ": Crashed")
    assert {path for path, _ in site.receiver.posts} == {SECRET}
    assert not [text for text in site.receiver.texts if "Cancelled" in text or DEMO.as_posix() in text]


def _about(site: Site, words: str) -> list[str]:
    return [text for text in site.receiver.texts if words in text]


@pytest.mark.slow
def test_messages_that_a_person_has_paused_stay_paused(site: Site) -> None:
    """Also where the address comes from the block alone."""
    named = {one["name"]: one for one in site.api.automations()}
    assert {*named} == {"MedINST: a run ended badly", "MedINST: news of a build"}
    paused = named["MedINST: news of a build"]["id"]
    site.api.client.patch(f"/automations/{paused}", json={"enabled": False}).raise_for_status()
    again = "from flows.automations import deploy_automations; print(deploy_automations())"
    environment = clean_environment(PREFECT_API_URL=f"{site.url}/api", PREFECT_HOME=str(site.log.parent / "other"))
    done = subprocess.run(
        [sys.executable, "-c", again], cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "True"
    assert {one["id"]: one["enabled"] for one in site.api.automations()} == {
        one["id"]: one["id"] != paused for one in named.values()
    }


@pytest.mark.slow
def test_the_address_of_the_webhook_is_nowhere_to_be_read(site: Site) -> None:
    assert SECRET not in site.log.read_text()
    for listed in ("/flow_runs/filter", "/artifacts/filter", "/automations/filter", "/block_documents/filter"):
        assert SECRET not in site.api.client.post(listed, json={}).raise_for_status().text
    assert not [path for path in site.root.rglob("*.json") if SECRET in path.read_text()]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_one_signal_ends_all(site: Site) -> None:
    second = site.build("bc5cdr")
    site.wait("running build", lambda: True if site.api.run(second)["state_type"] == "RUNNING" else None)
    family = family_of(site.process.pid)
    assert len(family) >= 4, "a server, the reports, a worker and a flow run"
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
