"""What is said of a version in a line."""

from pathlib import Path

from tasks.base.store.root import Root
from tasks.base.versions.find import releases
from tests.support import manifests


def test_a_task_without_a_sample_is_not_counted(tmp_path: Path) -> None:
    root = Root(str(tmp_path))
    told = {"category": "QA", "source": "s", "language": "en", "licence": "cc-by-4.0"}
    tasks = {
        "Full": {**told, "rows": {"train": 2, "test": 0}},
        "Empty": {**told, "rows": {"train": 0}},
        "None": {**told, "rows": {}},
    }
    manifests.put(root, "releases/1", manifests.release("1", tasks=tasks, samples=2))
    found = releases(root).find("1")
    assert found is not None
    assert (found.receipt.tasks, found.receipt.samples) == (1, 2)
