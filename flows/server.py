"""The Prefect server of a command: the one that is configured, else a temporary one that lives as long as the command.

Prefect would start a temporary server itself, but as a part of the terminal's process group. Ctrl-C then ends the
server before the flow can report to it, and a command that is killed leaves its server behind.
"""

import http.client
import os
import resource
import socket
import subprocess
import sys
import tempfile
import tomllib
from contextlib import ExitStack
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from flows.lifeline import GRACE, end, start_module
from flows.quiet import quiet
from schemas.errors import MedinstError

HOST = "127.0.0.1"
START = 180.0
"""Seconds that a temporary server may take to answer."""

PATIENCE = 5.0
"""Seconds that a configured server may take to answer."""

_GATEWAY = (502, 503, 504)
"""What a proxy or gateway says for a server that it does not reach."""
FILES, FEWEST = 4096, 256
"""Files that a command may have open at once: what it asks for, and without which it does not begin."""

REPORT = 3.0
"""Seconds that Prefect may take to send its last reports."""


class PrefectServer:
    """A context in which flows have a server. It is entered at once; `ready` waits until the server answers.

    So what comes in between (imports, checks, planning) overlaps with the start of the server.

    Args:
        verbose: show Prefect's log.
    """

    def __init__(self, verbose: bool = False) -> None:
        self._verbose = verbose
        self._settings = ExitStack()
        self._process: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes] | None = None
        self._ready = False
        self.url = ""

    def __enter__(self) -> Self:
        """Start the server, unless one is configured.

        Raises:
            MedinstError: the configured server does not answer, or not to us; or this process may open too few files.
        """
        quiet(self._verbose)
        _allow_files()
        self.url = _configured() or ""
        if self.url:
            _refuse_silent(self.url)
            _refuse_stranger(self.url)
        else:
            self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the temporary server, once it knows all that Prefect has to report."""
        if self._process is None:
            return
        interrupted = error is not None and not isinstance(error, Exception)
        try:
            if self._ready and not interrupted:
                _report()
        finally:
            self._settings.close()
            end(self._process, 1.0 if interrupted else GRACE)
            assert self._errors is not None
            self._errors.close()
            self._process = None

    def ready(self) -> None:
        """Wait until flows can be run.

        Raises:
            MedinstError: the temporary server did not start.
        """
        if self._process is None or self._ready:
            return
        connection = http.client.HTTPConnection(self.url.removeprefix("http://").removesuffix("/api"), timeout=START)
        try:
            connection.request("GET", "/api/health")
            connection.getresponse().read()
        except (OSError, http.client.HTTPException) as error:
            raise MedinstError(f"Prefect's temporary server did not start.{self._said()}") from error
        finally:
            connection.close()
        from prefect.settings import PREFECT_API_URL, temporary_settings

        self._settings.enter_context(temporary_settings({PREFECT_API_URL: self.url}))
        self._ready = True

    def _start(self) -> None:
        _refuse_home()
        with socket.create_server((HOST, 0)) as listening:  # whoever connects now is answered when the server is up
            self.url = f"http://{HOST}:{listening.getsockname()[1]}/api"
            self._errors = tempfile.TemporaryFile()  # noqa: SIM115  closed at the end
            self._process = start_module(
                "flows.prefect_api",
                str(listening.fileno()),
                env=os.environ | _SERVER,
                keep=(listening.fileno(),),
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
            )
        os.environ["PREFECT_API_URL"] = self.url
        self._settings.callback(os.environ.pop, "PREFECT_API_URL", None)

    def _said(self) -> str:
        assert self._errors is not None
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        return f" It said: {lines[-1]}" if lines else ""


RECORDER = {
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
}
"""Task runs are written many at a time. One by one, as is the default, the server is far behind when a flow ends.

The interval is in whole seconds: Prefect rounds it down, and at 0 its server keeps a processor busy all the time.
"""

_SERVER = {
    "PREFECT_UI_ENABLED": "0",
    "PREFECT__SERVER_EPHEMERAL": "1",  # the services that a server of one command needs, and no others
    "PREFECT__SERVER_FINAL": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED": "false",
    **RECORDER,
}


def _configured() -> str | None:
    """The address that the user has set: in the environment, or with `prefect config set PREFECT_API_URL=…`."""
    if url := os.environ.get("PREFECT_API_URL"):
        return url
    if settings := sys.modules.get("prefect.settings"):
        return settings.PREFECT_API_URL.value()
    home = _home()
    path = Path(os.environ.get("PREFECT_PROFILES_PATH") or home / "profiles.toml")
    try:
        kept = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None  # Prefect itself says what is wrong with it
    name = os.environ.get("PREFECT_PROFILE") or kept.get("active")
    return kept.get("profiles", {}).get(name, {}).get("PREFECT_API_URL")


def _allow_files() -> None:
    """Raise the number of files that this process may have open as far as it may: with too few, servers hang."""
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if most == resource.RLIM_INFINITY else min(FILES, most)
    if allowed != resource.RLIM_INFINITY and allowed < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
    if wanted < FEWEST:
        raise MedinstError(
            f"Expected that a process may have at least {FEWEST} files open, found {wanted}. Raise the limit of this "
            "shell, then run the same command again: ulimit -n 4096"
        )


def _home() -> Path:
    """Where Prefect keeps its database."""
    return Path(os.environ.get("PREFECT_HOME") or "~/.prefect").expanduser()


def _refuse_home() -> None:
    """Refuse a home that cannot be written to, which a server finds out after a minute."""
    try:
        home = _home()
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            pass
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise MedinstError(
            f"Prefect keeps its database in {os.environ.get('PREFECT_HOME') or '~/.prefect'}: expected a folder to "
            f"write to, found none ({reason}). Name another: export PREFECT_HOME=FOLDER"
        ) from error


def _refuse_silent(url: str) -> None:
    """Refuse a server that does not answer. Any answer will do, but none in its place by a proxy or gateway.

    Raises:
        MedinstError: it does not answer.
    """
    import httpx

    from tasks.base.network.client import http_client
    from tasks.build.fetch.address import redact

    try:
        with http_client(timeout=PATIENCE) as client:
            answer = client.get(f"{url.rstrip('/')}/health")
        found = f"{answer.status_code} {answer.reason_phrase}" if answer.status_code in _GATEWAY else ""
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        found = str(error) or type(error).__name__
    if found:
        raise MedinstError(
            f"Prefect's server {redact(url)} does not answer ({found}). Start it, or unset PREFECT_API_URL for a "
            "temporary one."
        )


def _refuse_stranger(url: str) -> None:
    """See that a server that asks for a password knows ours; only then Prefect itself is imported, for seconds."""
    from tasks.base.network.client import http_client

    place = f"{url.rstrip('/')}/admin/version"
    with http_client(timeout=PATIENCE) as client:
        if client.get(place).status_code != HTTPStatus.UNAUTHORIZED:
            return
        from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_KEY

        secret = PREFECT_API_AUTH_STRING.value()
        known = secret.partition(":")[::2] if secret else None
        if PREFECT_API_KEY.value() or (known and client.get(place, auth=known).is_success):
            return
    said = "refuses the password in PREFECT_API_AUTH_STRING" if secret else "asks for a password"
    raise MedinstError(f"Prefect's server {url} {said}. Set PREFECT_API_AUTH_STRING=user:password, then run it again.")


def _report() -> None:
    """Have Prefect send what it has not sent yet: logs, and the events by which the server knows of task runs."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    for worker in (EventsWorker, APILogWorker):
        worker.drain_all(timeout=REPORT)
