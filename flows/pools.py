"""Work pools: where the runs of a deployment go, a process of the worker's machine or a job of a cluster.

The job templates are Prefect's own, which its package brings for every kind of worker. What is set in them is the image
and what a run needs to know of its surroundings. Secrets are not: whoever reads the pool would see them.
"""

import json
import os
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from schemas.errors import MedinstError

POOL = "medinst"
IMAGE = "medinst:0.1.0"
PROCESS = "process"

_SURROUNDINGS = ("MEDINST_ROOT", "MEDINST_WORKERS", "MEDINST_RUNNER", "MEDINST_DASK", "MEDINST_AWAY")
_STORE = ("AWS_ENDPOINT_URL", "AWS_DEFAULT_REGION")
_TEMPLATES = ("collections_data", "views", "aggregate-worker-metadata.json")


def create_pool(kind: str = PROCESS, image: str = IMAGE) -> None:
    """Create the work pool, if it is not there; one that a person has changed stays as it is.

    Args:
        kind: Prefect's name of the kind of worker, such as `process`, `kubernetes` or `ecs`.
        image: where a cluster finds the image.

    Raises:
        MedinstError: Prefect knows no such kind.
    """
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.exceptions import ObjectNotFound

    wanted = template(kind, image, os.environ)
    with get_client(sync_client=True) as client:
        try:
            client.read_work_pool(POOL)
        except ObjectNotFound:
            client.create_work_pool(WorkPoolCreate(name=POOL, type=kind, base_job_template=wanted))


def template(kind: str, image: str, environment: Mapping[str, str]) -> dict[str, Any]:
    """The base job template of a pool.

    Raises:
        MedinstError: Prefect knows no such kind.
    """
    known = _known()
    if kind not in known:
        raise MedinstError(f"Prefect knows no work pool of type `{kind}`. One of: {', '.join(sorted(known))}")
    made = known[kind]
    if kind != PROCESS:
        said = {name: environment[name] for name in (*_SURROUNDINGS, *_STORE) if environment.get(name)}
        variables = made["variables"]["properties"]
        variables["image"]["default"] = image
        variables["env"]["default"] = said
    if kind == "kubernetes":
        _add_secrets(made["job_configuration"]["job_manifest"]["spec"]["template"]["spec"])
    return made


def _add_secrets(pod: dict[str, Any]) -> None:
    """Have the job read its secrets, such as the bucket's keys, from the secret `medinst` of its namespace, if any."""
    pod["containers"][0]["envFrom"] = [{"secretRef": {"name": POOL, "optional": True}}]


def _known() -> dict[str, dict[str, Any]]:
    """Prefect's templates, by the kind of worker."""
    collections = json.loads(files("prefect.server.api").joinpath(*_TEMPLATES).read_text(encoding="utf-8"))
    workers = (worker for collection in collections.values() for worker in collection.values())
    return {worker["type"]: worker["default_base_job_configuration"] for worker in workers}
