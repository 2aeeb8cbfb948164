"""docker-compose.yml: what it promises, and its commands run without containers.

No engine is needed: PostgreSQL is started from its own binaries, the bucket is moto's, and server, `deploy` and worker
run with the commands and the environment of docker-compose.yml, in which only the host names are replaced.
"""

import json
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import fsspec
import pytest
import yaml

from tests.support.medinst import free_port
from tests.support.places import CHECKOUT, DEMO
from tests.support.prefect_site import (
    Api,
    clean_environment,
    is_healthy,
    running,
    wait_for,
)

COMPOSE: dict[str, Any] = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
EXAMPLE = (CHECKOUT / "deployments" / "env.example").read_text()
DOCKERFILE = (CHECKOUT / "deployments" / "Dockerfile").read_text()
ONE_SHOT = {"deploy"}
SECRET = re.compile(r"PASSWORD|SECRET|_KEY", re.IGNORECASE)
REFERENCE = re.compile(r"\$\{(\w+)(?::?[-?]([^}]*))?\}")


def examples() -> dict[str, str]:
    lines = (line for line in EXAMPLE.splitlines() if line and not line.startswith("#"))
    return dict(line.split("=", 1) for line in lines)


each_service = pytest.mark.parametrize("name", sorted(SERVICES))


@each_service
def test_images_are_pinned(name: str) -> None:
    image = SERVICES[name]["image"]
    assert re.search(r":\d+(\.\d+)+[\w.-]*(@sha256:[0-9a-f]{64})?$", image), image
    assert "latest" not in image


@each_service
def test_services_are_watched_and_come_back(name: str) -> None:
    service = SERVICES[name]
    if name in ONE_SHOT:
        assert service["restart"] == "on-failure:3"
    else:
        assert service["restart"] == "unless-stopped"
        assert set(service["healthcheck"]) == {"test", "interval", "timeout", "retries", "start_period"}


@each_service
def test_ports_are_this_machines_only(name: str) -> None:
    assert all(str(port).startswith("127.0.0.1:") for port in SERVICES[name].get("ports", ()))


@each_service
def test_dependencies_exist_and_are_waited_for(name: str) -> None:
    for other, how in SERVICES[name].get("depends_on", {}).items():
        expected = "service_completed_successfully" if other in ONE_SHOT else "service_healthy"
        assert how["condition"] == expected, f"{name} → {other}"
        assert other in SERVICES


@each_service
def test_volumes_are_declared(name: str) -> None:
    assert {volume.split(":")[0] for volume in SERVICES[name].get("volumes", ())} <= set(COMPOSE["volumes"])


@each_service
def test_secrets_come_from_the_environment(name: str) -> None:
    for variable, value in SERVICES[name].get("environment", {}).items():
        if SECRET.search(variable):
            assert REFERENCE.fullmatch(str(value)), f"{variable} is written out"
        assert not re.search(r"://[^/@$]+:[^$/@][^/@]*@", str(value)), f"{variable} holds a password"


@pytest.mark.parametrize("name", ["server", "deploy", "worker"])
def test_ours_run_without_privileges(name: str) -> None:
    assert SERVICES[name]["cap_drop"] == ["ALL"]
    assert SERVICES[name]["security_opt"] == ["no-new-privileges:true"]
    assert (CHECKOUT / SERVICES[name]["build"]["dockerfile"]).is_file()


def test_the_image_has_the_version_of_the_project() -> None:
    version = re.search(r'^version = "(.+)"$', (CHECKOUT / "pyproject.toml").read_text(), re.MULTILINE)
    assert version is not None
    assert {SERVICES[name]["image"] for name in ("server", "deploy", "worker")} == {f"medinst:{version[1]}"}


def test_every_reference_has_an_example_with_the_same_default() -> None:
    references = dict(REFERENCE.findall(json.dumps(COMPOSE, ensure_ascii=False)))
    found = examples()
    assert set(references) == set(found)
    required = {name for name, default in references.items() if "env.example" in default}
    assert {name for name, value in found.items() if not value} == required
    assert {name: references[name] for name in set(references) - required} == {
        name: value for name, value in found.items() if value
    }


def test_the_dockerfile_is_pinned_and_not_root() -> None:
    assert re.findall(r"^FROM (.+)$", DOCKERFILE, re.MULTILINE) == [
        found for found in re.findall(r"^FROM (python:3\.11\.\d+-slim-\w+)$", DOCKERFILE, re.MULTILINE) if found
    ]
    assert "--require-hashes --requirement requirements.lock" in DOCKERFILE
    assert re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE) == ["medinst"]
    assert "ARG" not in DOCKERFILE


def test_the_image_gets_all_that_runs_and_no_secret() -> None:
    ignored = (CHECKOUT / ".dockerignore").read_text().splitlines()
    assert {".env", ".git", ".venv", "data"} <= set(ignored)
    needed = {"flows", "tasks", "schemas", "sources", "expectations", "deployments", "demo", "pyproject.toml"}
    assert not needed & set(ignored)


def has_compose() -> bool:
    docker = shutil.which("docker")
    if docker is None:
        return False
    return subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not has_compose(), reason="no `docker compose` here")
def test_docker_compose_accepts_it(tmp_path: Path) -> None:
    env = tmp_path / "env"
    env.write_text("".join(f"{name}={value or 'x'}\n" for name, value in examples().items()))
    command = ["docker", "compose", "--env-file", str(env), "config", "--quiet"]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


SECRETS = {"POSTGRES_PASSWORD": "b7f3postgres", "MEDINST_S3_KEY": "k1key", "MEDINST_S3_SECRET": "s1secret"}


def environment_of(name: str, hosts: dict[str, str]) -> dict[str, str]:
    """A service's environment as compose gives it, with other hosts."""

    def value(found: re.Match[str]) -> str:
        return SECRETS.get(found[1]) or found[2]

    written = {key: REFERENCE.sub(value, str(text)) for key, text in SERVICES[name]["environment"].items()}
    for host, here in hosts.items():
        written = {key: text.replace(host, here) for key, text in written.items()}
    return written


POSTGRES = Path("/usr/lib/postgresql/15/bin")


@contextmanager
def postgres(port: int) -> Iterator[None]:
    """PostgreSQL with the user, database and password of the service; it refuses to run as root."""
    name = next((one for one in ("postgres", "nobody") if os.geteuid() == 0 and _is_user(one)), None)
    account = pwd.getpwnam(name) if name else None
    options: dict[str, Any] = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": ()} if account else {}
    asked = SERVICES["postgres"]["environment"]
    with tempfile.TemporaryDirectory(prefix="medinst-postgres-") as folder, ExitStack() as stack:
        home, data, log = Path(folder), str(Path(folder, "data")), Path(folder, "log")
        secret = home / "password"
        secret.write_text(SECRETS["POSTGRES_PASSWORD"])
        if account:
            os.chown(home, account.pw_uid, account.pw_gid)
            os.chown(secret, account.pw_uid, account.pw_gid)
        initdb = [str(POSTGRES / "initdb"), "-D", data, "-U", asked["POSTGRES_USER"], f"--pwfile={secret}", "--no-sync"]
        initdb += asked["POSTGRES_INITDB_ARGS"].split()
        subprocess.run(initdb, check=True, capture_output=True, env={"PATH": os.environ["PATH"]}, cwd=home, **options)
        command = [str(POSTGRES / "postgres"), "-D", data, "-p", str(port), "-c", "listen_addresses=127.0.0.1"]
        command += ["-c", f"unix_socket_directories={folder}", "-c", "fsync=off"]
        process = stack.enter_context(running(command, log, {"PATH": os.environ["PATH"]}, cwd=home, **options))
        on = ["-h", "127.0.0.1", "-p", str(port), "-U", asked["POSTGRES_USER"]]
        env = {"PATH": os.environ["PATH"], "PGPASSWORD": SECRETS["POSTGRES_PASSWORD"]}

        def create() -> bool | None:
            command = [str(POSTGRES / "createdb"), *on, asked["POSTGRES_DB"]]
            done = subprocess.run(command, capture_output=True, env=env, check=False)
            return True if done.returncode == 0 else None

        wait_for("database", create, log, process)
        yield


def _is_user(name: str) -> bool:
    return any(account.pw_name == name for account in pwd.getpwall())


@contextmanager
def bucket_server() -> Iterator[str]:
    server = pytest.importorskip("moto.server").ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    try:
        yield f"http://127.0.0.1:{server.get_host_and_port()[1]}"
    finally:
        server.stop()


def command_of(name: str, port: int) -> list[str]:
    """A service's command, by this environment's interpreter, listening on this machine only."""
    program, *rest = SERVICES[name]["command"]
    here = {"0.0.0.0": "127.0.0.1", "4200": str(port)}
    module = ["-m", "prefect"] if program == "prefect" else []
    return [sys.executable, *module, *(here.get(word, word) for word in rest)]


@pytest.mark.slow
@pytest.mark.skipif(not (POSTGRES / "initdb").exists(), reason=f"no PostgreSQL 15 in {POSTGRES}")
def test_the_services_build_into_a_bucket(tmp_path: Path) -> None:
    database, port, health = free_port(), free_port(), free_port()
    with ExitStack() as stack:
        stack.enter_context(postgres(database))
        s3 = stack.enter_context(bucket_server())
        hosts = {"postgres:5432": f"127.0.0.1:{database}", "server:4200": f"127.0.0.1:{port}", "http://s3:8333": s3}
        common = {"PREFECT_HOME": str(tmp_path / "prefect"), "MEDINST_HOME": str(CHECKOUT), "DO_NOT_TRACK": "1"}

        def environment(name: str, **more: str) -> dict[str, str]:
            return clean_environment(**common, **environment_of(name, hosts), **more)

        def begin(name: str, env: dict[str, str]) -> tuple[Path, subprocess.Popen[bytes]]:
            log = tmp_path / f"{name}.log"
            return log, stack.enter_context(running(command_of(name, port), log, env, cwd=tmp_path))

        server = begin("server", environment("server"))
        wait_for("health of the server", lambda: is_healthy(f"http://127.0.0.1:{port}/api/health"), *server)

        done = subprocess.run(
            command_of("deploy", port),
            cwd=CHECKOUT,
            env=environment("deploy"),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        api = Api(f"http://127.0.0.1:{port}/api")
        stack.callback(api.client.close)
        assert set(api.deployments()) == {"nightly", "weekly-full", "weekly-urls", "publish-open"}

        env = environment("worker") | {"PREFECT_WORKER_WEBSERVER_PORT": str(health)}
        worker = begin("worker", env)
        run = api.start("build/nightly", {"sources": ["mqp"], "mirrors": [str(DEMO)]})
        wait_for("health of the worker", lambda: is_healthy(f"http://127.0.0.1:{health}/health"), *worker)
        ended = wait_for("end of the build", lambda: api.ended(run), *worker)
        assert ended["state_type"] == "COMPLETED", ended["state"]["message"] + worker[0].read_text()[-6000:]

        fs = fsspec.filesystem("s3", key=env["AWS_ACCESS_KEY_ID"], secret=env["AWS_SECRET_ACCESS_KEY"], endpoint_url=s3)
        root = env["MEDINST_ROOT"]
        release = json.loads(fs.cat_file(f"{root}/releases/latest.json"))["version"]
        assert fs.ls(f"{root}/releases/{release}/data")
        assert fs.exists(f"{root}/releases/{release}/README.md")
        assert fs.exists(f"{root}/catalogue/catalogue.duckdb")
        wait_for("its task runs", lambda: len(api.task_runs(run)) == 7 or None, *server)
        assert "Traceback" not in server[0].read_text()
