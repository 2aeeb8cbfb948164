"""Which Prefect server a command uses."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest
from prefect.settings import PREFECT_API_AUTH_STRING, temporary_settings

from flows.server import RECORDER, PrefectServer
from schemas.errors import MedinstError
from tests.support.medinst import free_port
from tests.support.servers import Visit, running_site

ASK = "from flows.server import PrefectServer\nwith PrefectServer() as server: print(server.url)"


def url_of(*, fail: bool = False, **environment: str) -> str:
    """What a command that has not imported Prefect finds configured."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    done = subprocess.run(
        [sys.executable, "-c", ASK], env=kept | environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert bool(done.returncode) is fail, done.stderr
    return done.stderr if fail else done.stdout.strip()


def test_a_configured_server_that_is_silent_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"http://127.0.0.1:{free_port()}/api"
    monkeypatch.setenv("PREFECT_API_URL", url)
    with pytest.raises(MedinstError, match=rf"{url} does not answer .* unset PREFECT_API_URL"):
        PrefectServer().__enter__()


def test_the_server_of_the_active_profile_counts(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}/api"
    profiles = f'active = "mine"\n[profiles.mine]\nPREFECT_API_URL = "{url}"\n[profiles.other]\n'
    (tmp_path / "profiles.toml").write_text(profiles)
    assert f"{url} does not answer" in url_of(fail=True, PREFECT_HOME=str(tmp_path))
    assert url_of(PREFECT_HOME=str(tmp_path), PREFECT_PROFILE="other").startswith("http://127.0.0.1:")


@pytest.mark.parametrize(
    ("given", "says"),
    [("", "asks for a password. Set PREFECT_API_AUTH_STRING"), ("me:guess", "refuses the password"), ("me:word", "")],
)
def test_a_server_that_asks_for_a_password(monkeypatch: pytest.MonkeyPatch, given: str, says: str) -> None:
    def answer(visit: Visit) -> None:
        known = visit.headers.get("Authorization") == "Basic " + base64.b64encode(b"me:word").decode()
        visit.reply(200 if known or visit.path.endswith("/health") else 401)

    with running_site() as site, temporary_settings({PREFECT_API_AUTH_STRING: given or None}):
        for path in ("/api/health", "/api/admin/version"):
            site.on(path, answer)
        monkeypatch.setenv("PREFECT_API_URL", f"{site.url}/api")
        if not says:
            with PrefectServer() as server:
                assert server.url == f"{site.url}/api"
            return
        with pytest.raises(MedinstError, match=says):
            PrefectServer().__enter__()


@pytest.mark.slow
def test_the_server_of_a_command_is_reached_without_a_proxy(tmp_path: Path) -> None:
    script = (
        "import os, urllib.request\nfrom flows.server import PrefectServer\n"
        "with PrefectServer() as server: server.ready()\n"
        "assert urllib.request.proxy_bypass('127.0.0.1') and not urllib.request.proxy_bypass('example.org')"
    )
    proxies = {"http_proxy": f"http://127.0.0.1:{free_port()}", "PREFECT_HOME": str(tmp_path)}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    subprocess.run([sys.executable, "-c", script], env=kept | proxies, check=True, timeout=250)


@pytest.mark.heavy  # imports the server
def test_the_server_rests_between_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Prefect rounds the interval down to whole seconds, and waits in a busy loop where none is left."""
    from prefect.server.services.task_run_recorder import TaskRunRecorder

    for name, value in RECORDER.items():
        monkeypatch.setenv(name, value)
    assert int(TaskRunRecorder.service_settings().flush_interval) >= 1
