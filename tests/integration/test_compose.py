"""docker-compose.yml and deployments/Dockerfile: what they promise. `test_stack.py` runs their commands."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from tests.support.compose import FILE, REFERENCE, Compose, examples, read
from tests.support.places import CHECKOUT

COMPOSE = read()
SERVICES = COMPOSE.services
DOCKERFILE = (CHECKOUT / "deployments" / "Dockerfile").read_text()
OURS = ("server", "deploy", "worker", "reports")
ONE_SHOT = {"deploy"}
SECRET = re.compile(r"PASSWORD|SECRET|_KEY|AUTH_STRING", re.IGNORECASE)

each_service = pytest.mark.parametrize("name", sorted(SERVICES))


@each_service
def test_images_are_pinned(name: str) -> None:
    image = SERVICES[name].image
    assert re.search(r":\d+(\.\d+)+[\w.-]*(@sha256:[0-9a-f]{64})?$", image), image
    assert "latest" not in image


@each_service
def test_services_are_watched_and_come_back(name: str) -> None:
    service = SERVICES[name]
    if name in ONE_SHOT:
        assert service.restart == "on-failure:3"
    else:
        assert service.restart == "unless-stopped"
        assert service.healthcheck is not None


@each_service
def test_ports_are_this_machines_only_unless_told(name: str) -> None:
    assert all(port.startswith("${MEDINST_BIND:-127.0.0.1}:") for port in SERVICES[name].ports)


@each_service
def test_dependencies_exist_and_are_waited_for(name: str) -> None:
    for other, how in SERVICES[name].depends_on.items():
        expected = "service_completed_successfully" if other in ONE_SHOT else "service_healthy"
        assert how.condition == expected, f"{name} → {other}"
        assert other in SERVICES


@each_service
def test_volumes_are_declared(name: str) -> None:
    assert {volume.split(":")[0] for volume in SERVICES[name].volumes} <= set(COMPOSE.volumes)


@each_service
def test_secrets_come_from_the_environment(name: str) -> None:
    for variable, value in SERVICES[name].environment.items():
        if SECRET.search(variable):
            assert REFERENCE.fullmatch(str(value).removeprefix("medinst:")), f"{variable} is written out"
        assert not re.search(r"://[^/@$]+:[^$/@][^/@]*@", str(value)), f"{variable} holds a password"


@pytest.mark.parametrize("name", OURS)
def test_ours_run_without_privileges(name: str) -> None:
    service = SERVICES[name]
    assert service.cap_drop == ["ALL"]
    assert service.security_opt == ["no-new-privileges:true"]
    assert service.build is not None
    assert (CHECKOUT / service.build.dockerfile).is_file()


def test_the_server_asks_for_the_password_that_its_clients_know() -> None:
    asked = SERVICES["server"].environment["PREFECT_SERVER_API_AUTH_STRING"]
    assert asked
    assert {SERVICES[name].environment["PREFECT_API_AUTH_STRING"] for name in ("deploy", "worker")} == {asked}


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (("restart: unless-stopped", "restart: often"), "restart"),
        (("interval: 5s", "interval: 5 seconds"), "interval"),
        (("retries: 12", "retries: many"), "retries"),
        (("stop_grace_period", "stop_grace"), "stop_grace"),
        (("condition: service_healthy", "condition: healthy"), "condition"),
        (("s3:/data", "s3"), "volumes"),
    ],
)
def test_what_compose_would_refuse_is_refused(change: tuple[str, str], where: str) -> None:
    said = FILE.read_text()
    assert change[0] in said
    wrong = yaml.safe_load(said.replace(*change))
    with pytest.raises(ValidationError, match=where):
        Compose.model_validate({name: part for name, part in wrong.items() if not name.startswith("x-")})


def test_the_image_has_the_version_of_the_project() -> None:
    version = re.search(r'^version = "(.+)"$', (CHECKOUT / "pyproject.toml").read_text(), re.MULTILINE)
    assert version is not None
    assert {SERVICES[name].image for name in OURS} == {f"medinst:{version[1]}"}


def test_every_reference_has_an_example_with_the_same_default() -> None:
    references = dict(REFERENCE.findall(json.dumps(COMPOSE.model_dump(), ensure_ascii=False)))
    found = examples()
    assert set(references) == set(found)
    required = {name for name, default in references.items() if "env.example" in default}
    assert {found[name] for name in required} == {""}, "a password that is in an example is nobody's secret"
    assert {name: references[name] for name in set(references) - required} == {
        name: value for name, value in found.items() if name not in required
    }


def test_the_dockerfile_is_pinned_and_not_root() -> None:
    assert re.findall(r"^FROM (.+)$", DOCKERFILE, re.MULTILINE) == [
        found for found in re.findall(r"^FROM (python:3\.11\.\d+-slim-\w+)$", DOCKERFILE, re.MULTILINE) if found
    ]
    assert "--require-hashes --requirement deployments/requirements.lock" in DOCKERFILE
    assert re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE) == ["medinst"]
    assert "ARG" not in DOCKERFILE


def test_the_image_gets_all_that_runs_and_no_secret() -> None:
    ignored = (CHECKOUT / ".dockerignore").read_text().splitlines()
    assert {".env", ".git", ".venv", "data"} <= set(ignored)
    code = {"flows", "medinst_eval", "tasks", "schemas", "sources", "expectations"}
    needed = code | {"deployments", "demo", "pyproject.toml"}
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
