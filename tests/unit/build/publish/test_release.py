"""Publication: what a release folder holds, and that it appears whole and once."""

import json
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest

from schemas.errors import PublishError
from schemas.sample import SAMPLE_COLUMNS
from tasks.base.store.root import Root
from tasks.base.versions.find import releases
from tasks.base.versions.pointers import point
from tasks.build.pipeline import finish
from tasks.build.publish.manifest import manifest
from tasks.build.publish.release import write_release
from tests.support import manifests
from tests.support.released import VERSION, content_of, tree


def names(root: Root) -> list[str]:
    return sorted(entry.name for entry in Path(root.url, "releases").iterdir())


def test_layout(release, root):
    folder = Path(release.uri)
    assert sorted(tree(folder)) == [
        "NOTICE.md",
        "README.md",
        "catalogue/columns.parquet",
        "catalogue/conflicts.parquet",
        "catalogue/instructions.parquet",
        "catalogue/parity.parquet",
        "catalogue/sources.parquet",
        "catalogue/tasks.parquet",
        "croissant.json",
        "data/ALPHA/dev.parquet",
        "data/ALPHA/test.parquet",
        "data/ALPHA/train.parquet",
        "data/BETA-1.x/test.parquet",
        "manifest.json",
        "quality/pages/one.html",
        "references.bib",
        "report.html",
    ]
    assert folder == Path(root.url) / "releases" / VERSION
    assert (release.tasks, release.samples, release.partial, release.profile) == (2, 63, True, "open")
    assert names(root) == [VERSION, "latest-partial.json", "latest.json"]


def test_rows_are_the_kept_samples_in_their_order(release, root):
    before = pl.read_parquet(root.local(content_of(root).tasks[0].splits["train"].samples[0]))
    after = pl.read_parquet(f"{release.uri}/data/ALPHA/train.parquet")
    kept = [row for row in range(50) if row not in (3, 7)]
    assert after.equals(before.select(SAMPLE_COLUMNS)[kept])


def test_latest_names_the_version(release, root):
    latest = root.read_json("releases/latest.json")
    assert latest["version"] == VERSION
    assert latest["manifest_sha256"] == release.manifest_sha256


def test_manifest_verifies(release):
    folder = Path(release.uri)
    text = (folder / "manifest.json").read_bytes()
    manifests.check(folder, "release")
    assert sha256(text).hexdigest() == release.manifest_sha256
    said = json.loads(text)
    there = {name: {"bytes": len(data), "sha256": sha256(data).hexdigest()} for name, data in tree(folder).items()}
    del there["manifest.json"]
    assert said["files"] == there
    assert said["tasks"]["ALPHA"]["rows"] == {"train": 48, "dev": 4, "test": 6}
    assert said["withheld"] == {"GAMMA": "an agreement\nmust be signed"}
    assert said["sources"]["alpha"][0]["trust"] == "first-use"
    assert "place" not in said["sources"]["alpha"][0]
    assert said["sources"]["beta"][0]["url"] == "https://example.org/beta/a.tsv"  # not that of the mirror
    assert set(said["made_with"]) == {"medinst", "polars", "great-expectations"}


def test_a_version_never_changes(release, root):
    before = {path: path.stat().st_mtime_ns for path in Path(root.url, "releases").rglob("*")}
    again = write_release(content_of(root), root, {"report.html": b"another"})
    assert again == release
    assert {path: path.stat().st_mtime_ns for path in Path(root.url, "releases").rglob("*")} == before


def test_latest_moves_and_moves_back(release, root, extras):
    newer = write_release(content_of(root, version="2026.12.0-open-ff"), root, extras)
    pointer = "releases/latest.json"
    assert root.read_json(pointer)["version"] == newer.version
    root.remove(pointer)
    assert write_release(content_of(root), root, extras) == release
    assert root.read_json(pointer)["version"] == VERSION


def test_an_error_midway_leaves_no_trace(release, root, extras, monkeypatch):
    before = tree(Path(root.url, "releases"))

    def fail(*_):
        raise RuntimeError("out of paper")

    monkeypatch.setattr("tasks.build.publish.release.manifest", fail)
    with pytest.raises(RuntimeError, match="out of paper"):
        write_release(content_of(root, version="2026.12.0-open-ff"), root, extras)
    assert tree(Path(root.url, "releases")) == before
    assert names(root) == [VERSION, "latest-partial.json", "latest.json"]


def test_what_dead_runs_left_is_removed(root, extras):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    releases = Path(root.url, "releases")
    for process in (dead.pid, os.getppid()):
        (releases / f".1.0.0-open-a.part-{process}" / "data").mkdir(parents=True)
    write_release(content_of(root), root, extras)
    assert names(root) == [f".1.0.0-open-a.part-{os.getppid()}", VERSION, "latest-partial.json", "latest.json"]


def test_a_folder_without_manifest_is_not_overwritten(root, extras):
    strange = Path(root.url, "releases", VERSION)
    strange.mkdir(parents=True)
    (strange / "mine.txt").write_text("mine")
    with pytest.raises(PublishError, match=r"no manifest.json.*medinst publish"):
        write_release(content_of(root), root, extras)
    assert tree(strange) == {"mine.txt": b"mine"}


def test_a_wrong_number_of_rows_is_an_error(root, extras):
    content = content_of(root)
    alpha = content.tasks[0]
    wrong = alpha.splits["train"].model_copy(update={"rows": 50})
    content = content.model_copy(update={"tasks": (alpha.model_copy(update={"splits": {"train": wrong}}),)})
    with pytest.raises(PublishError, match=r"ALPHA train: expected 50 rows .* 48 were written") as caught:
        write_release(content, root, extras)
    assert (caught.value.facts["expected"], caught.value.facts["found"]) == (50, 48)
    assert names(root) == []


def test_samples_without_a_column_are_an_error(root, extras):
    content = content_of(root)
    path = root.local(content.tasks[0].splits["dev"].samples[0])
    pl.read_parquet(path).drop("licence").write_parquet(path)
    with pytest.raises(PublishError, match="expected samples with the columns"):
        write_release(content, root, extras)


@pytest.mark.parametrize("name", ["../outside", "/outside", "README.md", "manifest.json", "data/ALPHA"])
def test_extras_stay_in_their_place(root, name):
    with pytest.raises(PublishError, match="expected a relative path"):
        write_release(content_of(root), root, {name: b""})


def test_the_profile_is_kept(root):
    content = content_of(root)
    unknown = content.tasks[0].model_copy(update={"source": "gamma", "licence": "unknown"})
    with pytest.raises(PublishError, match="only what may be redistributed"):
        write_release(content.model_copy(update={"tasks": (unknown,)}), root, {})


def test_an_empty_release_is_a_release(root):
    release = write_release(content_of(root).model_copy(update={"tasks": ()}), root, {})
    assert (release.tasks, release.samples) == (0, 0)


def test_listing_releases_does_not_move_the_pointer(tmp_path):
    root = Root(str(tmp_path))
    for version in ("2026.1-local-aa", "2026.1-local-zz"):
        said = manifest(content_of(root, version=version), {}).model_dump(mode="json")
        root.write_json(f"releases/{version}/manifest.json", said)
    versions = releases(root)
    found = versions.find("2026.1-local-aa")
    assert found is not None
    point(versions, found)
    listed = {release.version: latest for release, latest in finish.releases(root)}
    assert listed == {"2026.1-local-aa": True, "2026.1-local-zz": False}
    assert versions.latest == "2026.1-local-aa"
