"""docker-compose.yml as compose reads it: held against the part of the compose specification that it uses."""

import re
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from tests.support.places import CHECKOUT

FILE = CHECKOUT / "docker-compose.yml"
EXAMPLE = CHECKOUT / "deployments" / "env.example"
REFERENCE = re.compile(r"\$\{(\w+)(?::?[-?]([^}]*))?\}")

Duration = Annotated[str, StringConstraints(pattern=r"^(\d+(us|ms|s|m|h))+$")]
Text = Annotated[str, StringConstraints(min_length=1)]
Restart = Annotated[str, StringConstraints(pattern=r"^(no|always|unless-stopped|on-failure(:\d+)?)$")]
Port = Annotated[str, StringConstraints(pattern=r"^([\w.${}:-]+:)?[\w${}:-]+:\d+(/(tcp|udp))?$")]
Volume = Annotated[str, StringConstraints(pattern=r"^[\w.-]+:/[\w./-]+(:ro|:rw)?$")]
Variable = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$")]


class Part(BaseModel):
    """A mapping of the specification, which knows no other names (but `x-…`, which is taken out before)."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Build(Part):
    context: Text
    dockerfile: Text


class Logging(Part):
    driver: Text
    options: dict[str, str | int]


class Healthcheck(Part):
    test: Annotated[list[Text], Field(min_length=2)]
    interval: Duration
    timeout: Duration
    retries: Annotated[int, Field(ge=1)]
    start_period: Duration


class Dependency(Part):
    condition: Literal["service_started", "service_healthy", "service_completed_successfully"]


class Service(Part):
    image: Text
    build: Build | None = None
    command: list[Text] = []
    environment: dict[Variable, str | int | None] = {}
    ports: list[Port] = []
    volumes: list[Volume] = []
    healthcheck: Healthcheck | None = None
    depends_on: dict[str, Dependency] = {}
    restart: Restart
    logging: Logging
    init: bool = False
    cap_drop: list[Text] = []
    security_opt: list[Text] = []
    stop_grace_period: Duration | None = None


class Compose(Part):
    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    services: Annotated[dict[str, Service], Field(min_length=1)]
    volumes: dict[str, dict[str, Any]]


def read() -> Compose:
    """The file, with its anchors merged.

    Raises:
        ValidationError: compose would refuse it, or ignore what it says.
    """
    said = yaml.safe_load(FILE.read_text())
    return Compose.model_validate({name: part for name, part in said.items() if not name.startswith("x-")})


def examples() -> dict[str, str]:
    """The variables of env.example with their defaults."""
    lines = (line for line in EXAMPLE.read_text().splitlines() if line and not line.startswith("#"))
    return dict(line.split("=", 1) for line in lines)


def substituted(text: object, given: dict[str, str]) -> str:
    """A text as compose reads it, with the variables given and the defaults of the others."""
    return REFERENCE.sub(lambda found: given.get(found[1]) or found[2], str(text))
