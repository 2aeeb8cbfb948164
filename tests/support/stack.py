"""The services of docker-compose.yml without containers: by its commands and environment, on loopback.

PostgreSQL is started from its own binaries; the bucket is moto's.
"""

import os
import pwd
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.support.buckets import Store, running_store
from tests.support.compose import Compose, read, substituted
from tests.support.medinst import free_port
from tests.support.places import CHECKOUT
from tests.support.prefect_site import Api, clean_environment, running, wait_for

SECRETS = {
    "POSTGRES_PASSWORD": "b7f3postgres",
    "MEDINST_PASSWORD": "p4ssword",
    "MEDINST_S3_KEY": "k1key",
    "MEDINST_S3_SECRET": "s1secret",
}
START = 600.0
"""Seconds that a service may take to start where many things run at once."""


def postgres_folder() -> Path | None:
    """Where PostgreSQL's programs are: Debian keeps its server's from the path."""
    places = [Path("/usr/lib/postgresql/15/bin"), *map(Path, os.environ.get("PATH", "").split(":"))]
    return next((place for place in places if (place / "initdb").exists() and (place / "postgres").exists()), None)


class Postgres:
    """PostgreSQL with the user, database and password of the service; it refuses to run as root."""

    def __init__(self, folder: Path, compose: Compose, port: int) -> None:
        self.port, self._folder, self._log = port, folder, folder / "log"
        self._asked = compose.services["postgres"].environment
        self._programs = postgres_folder() or Path()
        self._env = {"PATH": os.environ["PATH"], "PGPASSWORD": SECRETS["POSTGRES_PASSWORD"]}
        self._as = _unprivileged()
        self._process: subprocess.Popen[bytes] | None = None
        secret = folder / "password"
        secret.write_text(SECRETS["POSTGRES_PASSWORD"])
        for path in (folder, secret):
            os.chown(path, self._as.get("user", -1), self._as.get("group", -1))
        initdb = ["initdb", "-D", str(folder / "data"), "-U", str(self._asked["POSTGRES_USER"]), f"--pwfile={secret}"]
        done = self._run(*initdb, "--no-sync", *str(self._asked["POSTGRES_INITDB_ARGS"]).split(), **self._as)
        assert done.returncode == 0, done.stderr

    def start(self) -> None:
        options = ["-p", str(self.port), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
        command = [str(self._programs / "postgres"), "-D", str(self._folder / "data"), *options]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "-c", f"unix_socket_directories={self._folder}"],
                **{"env": self._env, "cwd": self._folder, "stdout": log, "stderr": log, **self._as},
            )
        wait_for("database", self._answers, self._log, self._process, START)

    def create(self) -> None:
        done = self._run("createdb", *self._on(), str(self._asked["POSTGRES_DB"]))
        assert done.returncode == 0, done.stderr

    def stop(self) -> None:
        """End it as `docker stop` does the image's: those who are connected are cut off."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(60)
            self._process = None

    def _answers(self) -> bool | None:
        """By the health check of the service."""
        _, program, *options = read().services["postgres"].healthcheck.test  # pyright: ignore[reportOptionalMemberAccess]
        return True if self._run(program, *options, f"--port={self.port}").returncode == 0 else None

    def _on(self) -> list[str]:
        return ["-h", "127.0.0.1", "-p", str(self.port), "-U", str(self._asked["POSTGRES_USER"])]

    def _run(self, program: str, *options: str, **more: Any) -> "subprocess.CompletedProcess[str]":
        command = [str(self._programs / program), *options]
        return subprocess.run(
            command, capture_output=True, text=True, check=False, env=self._env, cwd=self._folder, **more
        )


def _unprivileged() -> dict[str, Any]:
    """Whose the database is, if we are root."""
    if os.geteuid():
        return {}
    known = {account.pw_name: account for account in pwd.getpwall()}
    account = known.get("postgres") or known["nobody"]
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": ()}


class Stack:
    """The services, and what reaches them.

    Attributes:
        api: Prefect's API, with the password.
        url: Prefect's server.
        reports: the pages of the bucket.
        store: the bucket's.
        root: where the builds go.
    """

    def __init__(self, folder: Path, postgres: Postgres, store: Store, stack: ExitStack) -> None:
        self.compose, self.postgres, self.store = read(), postgres, store
        self._folder, self._stack = folder, stack
        self._ports = {port: free_port() for port in ("4200", "4201", "8080")}
        self.url = f"http://127.0.0.1:{self._ports['4200']}"
        self.reports = f"http://127.0.0.1:{self._ports['4201']}"
        self.api = Api(f"{self.url}/api", ("medinst", SECRETS["MEDINST_PASSWORD"]))
        self.root = self.environment("worker")["MEDINST_ROOT"]
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        stack.callback(self.api.client.close)

    def environment(self, name: str) -> dict[str, str]:
        """A service's environment as compose gives it, and what the image says, with this machine's addresses."""
        given = self.compose.services[name].environment
        said = {variable: self._here(substituted(value, SECRETS)) for variable, value in given.items()}
        image = {"PREFECT_HOME": str(self._folder / "prefect"), "MEDINST_HOME": str(CHECKOUT), "DO_NOT_TRACK": "1"}
        return clean_environment(**image, **said)

    def command(self, name: str) -> list[str]:
        """A service's command, by this environment's interpreter, listening on loopback only."""
        return self._by_us(self.compose.services[name].command)

    def start(self, name: str) -> None:
        """Start a service, and wait until it is healthy by its own health check."""
        command, log = self.command(name), self.log(name)
        self._processes[name] = self._stack.enter_context(
            running(command, log, self.environment(name), cwd=self._folder)
        )
        check = self.compose.services[name].healthcheck
        assert check is not None
        asked = self._by_us(check.test[1:])

        def is_healthy() -> bool | None:
            return True if subprocess.run(asked, capture_output=True, check=False).returncode == 0 else None

        self.wait(f"health of {name}", is_healthy, name)

    def run(self, name: str) -> "subprocess.CompletedProcess[str]":
        """Run a service that ends."""
        return subprocess.run(
            self.command(name),
            cwd=CHECKOUT,
            env=self.environment(name),
            capture_output=True,
            text=True,
            check=False,
        )

    def wait(self, what: str, ask: Any, name: str = "worker") -> Any:
        """Wait for something, as long as a service runs."""
        return wait_for(what, ask, self.log(name), self._processes[name], START)

    def log(self, name: str) -> Path:
        return self._folder / f"{name}.log"

    def _here(self, text: str) -> str:
        database, server = f"127.0.0.1:{self.postgres.port}", f"127.0.0.1:{self._ports['4200']}"
        hosts = {"postgres:5432": database, "server:4200": server, "127.0.0.1:4200": server}
        hosts |= {"http://s3:8333": self.store.url}
        hosts |= {f"127.0.0.1:{port}": f"127.0.0.1:{self._ports[port]}" for port in ("4201", "8080")}
        for host, here in hosts.items():
            text = re.sub(rf"{re.escape(host)}(?!\d)", here, text)
        return str(self._ports.get(text, text))

    def _by_us(self, command: list[str]) -> list[str]:
        program, *rest = command
        module = ["-m", "prefect"] if program == "prefect" else []
        assert program in ("prefect", "python")
        return [sys.executable, *module, *("127.0.0.1" if word == "0.0.0.0" else self._here(word) for word in rest)]


@contextmanager
def running_stack(folder: Path) -> Iterator[Stack]:
    """All services, started in the order of compose."""
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="medinst-postgres-")))
        postgres = Postgres(place, read(), free_port())
        stack.callback(postgres.stop)
        postgres.start()
        postgres.create()
        store = stack.enter_context(running_store())
        services = Stack(folder, postgres, store, stack)
        services.start("server")
        done = services.run("deploy")
        assert done.returncode == 0, done.stdout + done.stderr
        services.start("worker")
        services.start("reports")
        yield services
