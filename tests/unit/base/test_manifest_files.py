"""Which files a manifest lists."""

from pathlib import Path

from schemas.manifest import ExperimentManifest
from tasks.base.versions.manifest import seal


def test_hidden_files_are_left_out_at_every_depth(tmp_path: Path) -> None:
    """Other processes write them, and rename them a moment later."""
    for name in ("a.txt", ".lock", "rows/b.json", "rows/.b.json.7.part", ".hidden/c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    manifest = ExperimentManifest.model_construct(version="v", files={}, made_with={})
    assert set(seal(tmp_path, manifest).files) == {"a.txt", "rows/b.json"}
