"""What the tests of a running Prefect server share: processes that are surely ended, and its HTTP API."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx
import psutil

from tests.support.places import CHECKOUT

MEDINST = CHECKOUT / ".venv" / "bin" / "medinst"
ENDED = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}
PATIENCE = 300.0
_T = TypeVar("_T")


def clean_environment(**given: str) -> dict[str, str]:
    """This process's environment without what would lead to another server, root or bucket."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "MEDINST_", "AWS_"))}
    return kept | {"PREFECT_WORKER_QUERY_SECONDS": "1", "COLUMNS": "200"} | given


@contextmanager
def running(
    command: Sequence[str], log: Path, env: dict[str, str], **options: Any
) -> Iterator[subprocess.Popen[bytes]]:
    """A process whose whole family is gone at the end."""
    with log.open("wb") as file:
        process = subprocess.Popen(command, env=env, stdout=file, stderr=file, stdin=subprocess.DEVNULL, **options)
    try:
        yield process
    finally:
        family = family_of(process.pid)
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for member in [*family, *family_of(process.pid)]:
            if member.is_running():
                member.kill()


def family_of(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def wait_for(
    what: str, ask: Callable[[], _T | None], log: Path, process: subprocess.Popen[bytes], seconds: float = PATIENCE
) -> _T:
    end = time.monotonic() + seconds
    while (found := ask()) is None:
        said = log.read_text(errors="replace")[-3000:]
        assert process.poll() is None, f"ended with {process.returncode} before {what}:\n{said}"
        assert time.monotonic() < end, f"no {what} after {seconds} s:\n{said}"
        time.sleep(0.3)
    return found


def is_healthy(url: str) -> bool | None:
    try:
        return httpx.get(url, timeout=5).is_success or None
    except httpx.TransportError:
        return None


class Api:
    """Prefect's HTTP API, as little of it as the tests need."""

    def __init__(self, url: str, auth: tuple[str, str] | None = None) -> None:
        self.client = httpx.Client(base_url=url, timeout=120, auth=auth)

    def deployments(self) -> dict[str, dict[str, Any]]:
        return {one["name"]: one for one in self._post("/deployments/filter", {})}

    def workers(self) -> list[dict[str, Any]]:
        return self._post("/work_pools/medinst/workers/filter", {})

    def start(self, deployment: str, parameters: dict[str, Any]) -> str:
        found = self._ask("GET", f"/deployments/name/{deployment}")
        return str(self._post(f"/deployments/{found['id']}/create_flow_run", {"parameters": parameters})["id"])

    def schedule(self, deployment: str, cron: str, parameters: dict[str, Any]) -> None:
        """Give a deployment a schedule more."""
        found = self._ask("GET", f"/deployments/name/{deployment}")
        asked = {
            "schedule": {"cron": cron, "timezone": "UTC"},
            "active": True,
            "slug": "test",
            "parameters": parameters,
        }
        self._post(f"/deployments/{found['id']}/schedules", [asked])

    def runs(self, **filters: Any) -> list[dict[str, Any]]:
        """Flow runs, the oldest first."""
        return self._post("/flow_runs/filter", {"flow_runs": filters, "sort": "START_TIME_ASC"})

    def planned(self) -> set[str]:
        """The names of the deployments for which the scheduler has planned runs."""
        state = {"state": {"type": {"any_": ["SCHEDULED"]}}}
        runs = {one["deployment_id"] for one in self._post("/flow_runs/filter", {"flow_runs": state})}
        return {name for name, one in self.deployments().items() if one["id"] in runs}

    def run(self, run: str) -> dict[str, Any]:
        return self._ask("GET", f"/flow_runs/{run}")

    def ended(self, run: str) -> dict[str, Any] | None:
        found = self.run(run)
        return found if found["state_type"] in ENDED else None

    def cancel(self, run: str) -> None:
        """What the button `Cancel` does."""
        self._post(f"/flow_runs/{run}/set_state", {"state": {"type": "CANCELLING", "name": "Cancelling"}})

    def artifacts(self, run: str) -> dict[str, dict[str, Any]]:
        """The artifacts of a flow run by their keys."""
        found = self._post("/artifacts/filter", {"flow_runs": {"id": {"any_": [run]}}})
        return {one["key"]: one for one in found}

    def task_runs(self, run: str) -> list[str]:
        """The names of the completed task runs of a flow run."""
        found = self._post("/task_runs/filter", {"flow_runs": {"id": {"any_": [run]}}})
        return [one["name"] for one in found if one["state_type"] == "COMPLETED"]

    def automations(self) -> list[dict[str, Any]]:
        return self._post("/automations/filter", {})

    def open_task_runs(self, run: str) -> int:
        """How many task runs of a flow run have no end."""
        found = self._post("/task_runs/filter", {"flow_runs": {"id": {"any_": [run]}}})
        return sum(one["state_type"] not in ENDED for one in found)

    def _post(self, path: str, body: Any) -> Any:
        return self._ask("POST", path, json=body)

    def _ask(self, method: str, path: str, **more: Any) -> Any:
        """Ask, again while the server is busy: on SQLite it says 503 when a build writes, as its own client knows."""
        for _ in range(10):
            answer = self.client.request(method, path, **more)
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                break
            time.sleep(1)
        return answer.raise_for_status().json()
