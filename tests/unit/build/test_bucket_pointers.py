"""Pointers in a bucket: a partial release does not replace a full one, and a rollback moves back."""

import pytest

from tasks.base.store.root import Root
from tasks.base.versions.find import releases
from tasks.base.versions.manifest import as_text
from tasks.base.versions.pointers import point
from tasks.base.versions.rollback import choices, roll_back
from tests.support.manifests import release
from tests.unit.base.test_pointers import TASK


@pytest.mark.heavy
def test_pointers_in_a_bucket(bucket: str) -> None:
    root = Root(bucket)
    versions = releases(root)
    for version, tasks in (("r1", "AB"), ("r2", "A")):
        said = release(version, tasks=dict.fromkeys(tasks, TASK), partial=version == "r2")
        root.write_bytes(f"releases/{version}/manifest.json", as_text(said).encode())
        found = versions.find(version)
        assert found is not None
        point(versions, found)
    assert versions.latest == "r1"
    assert root.read_json("releases/latest-partial.json")["version"] == "r2"
    assert roll_back(root, "r2") == ("releases", "r1", "r2")
    assert versions.latest == "r2"
    assert [(each.found.version, each.latest) for each in choices(root)] == [("r1", False), ("r2", True)]
