"""A build as a receiver of OpenLineage events hears of it, held against what the build made."""

import json
from pathlib import Path

import pytest

from tests.support.lineage import receiving, valid
from tests.support.medinst import run_medinst

pytestmark = pytest.mark.slow


def test_a_build_is_told(prefect_server: dict[str, str], tmp_path: Path) -> None:
    root = tmp_path / "root"
    with receiving() as receiver:
        environment = {**prefect_server, "OPENLINEAGE_URL": receiver.url, "OPENLINEAGE_NAMESPACE": "ours"}
        assert run_medinst(environment, root, "build", "meqsum", "mqp", "--mirror", "demo").returncode == 0
    assert set(receiver.paths) == {"/api/v1/lineage"}
    start, complete = map(valid, receiver.events)
    assert (start.eventType, complete.eventType, start.run.runId) == ("START", "COMPLETE", complete.run.runId)
    assert (root / "catalogue" / "runs" / f"{start.run.runId}.json").exists()

    (place,) = (root / "releases").glob("*/manifest.json")
    manifest = json.loads(place.read_text())
    files = [file for files in manifest["sources"].values() for file in files]
    assert {each.facets.version.datasetVersion for each in complete.inputs} == {file["sha256"] for file in files}
    assert {f"{each.namespace}/{each.name}" for each in complete.inputs} == {file["url"] for file in files}
    rows = {each.name: each.facets.dataQualityMetrics.rowCount for each in complete.outputs}
    assert rows == {name: sum(task["rows"].values()) for name, task in manifest["tasks"].items()}
    assert {each.facets.version.datasetVersion for each in complete.outputs} == {manifest["version"]}
    assert all(len(each.facets.dataQualityAssertions.assertions) > 10 for each in complete.outputs)
    assert str(tmp_path) not in json.dumps(receiver.events)
