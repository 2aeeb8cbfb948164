"""Work pools: Prefect's own job templates, with the image and what a run needs to know, and without secrets."""

import json

import pytest
from prefect.workers.process import ProcessWorker

from flows.pools import template
from schemas.errors import MedinstError

GIVEN = {
    "MEDINST_ROOT": "s3://medinst/data",
    "MEDINST_RUNNER": "dask",
    "MEDINST_DASK": "tcp://medinst-dask:8786",
    "AWS_SECRET_ACCESS_KEY": "s1secret",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "PREFECT_API_AUTH_STRING": "medinst:s1secret",
}


def test_a_pool_of_processes_is_as_prefect_has_it() -> None:
    found = template("process", "medinst:1", GIVEN)
    assert found["job_configuration"] == ProcessWorker.get_default_base_job_template()["job_configuration"]
    assert "s3://" not in json.dumps(found)


@pytest.mark.parametrize("kind", ["kubernetes", "ecs"])
def test_a_cluster_knows_the_image_and_the_root_and_no_secret(kind: str) -> None:
    found = template(kind, "registry.example/medinst:1", GIVEN)
    variables = found["variables"]["properties"]
    assert variables["image"]["default"] == "registry.example/medinst:1"
    assert variables["env"]["default"] == {
        name: value for name, value in GIVEN.items() if name.startswith("MEDINST_") or name == "AWS_DEFAULT_REGION"
    }
    assert "{{ image }}" in json.dumps(found["job_configuration"])
    assert "s1secret" not in json.dumps(found)


def test_a_job_of_kubernetes_reads_its_secrets_there() -> None:
    manifest = template("kubernetes", "medinst:1", {})["job_configuration"]["job_manifest"]
    (container,) = manifest["spec"]["template"]["spec"]["containers"]
    assert container["envFrom"] == [{"secretRef": {"name": "medinst", "optional": True}}]


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(MedinstError, match=r"no work pool of type `nomad`\. One of: azure-container-instance, .*ecs"):
        template("nomad", "medinst:1", {})
