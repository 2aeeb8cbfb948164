"""What is collected: what no build names, if it is old and bears a name of the pipeline's own."""

import json
import os
import time
from pathlib import Path

import pytest

from tasks.base.store.root import Root
from tasks.build.garbage.collect import collect, remove

DAY = 86_400
OLD, NEW, USED = "0" * 16, "1" * 16, "a" * 16
BLOB, PINNED, MIRRORED = "2" * 64, "3" * 64, "4" * 64
RELEASE = "2026.11.0-local-0123abcd"

OTHERS = {
    "releases/2026.11.0-local-0123abcd/manifest.json": "kept",
    "records/s/notes.txt": "of somebody",
    f"mine/{OLD}/data.parquet": "of somebody",
    "blobs/readme": "of somebody",
    f"catalogue/empty/Text/{OLD}/none-train.parquet": "ours, for views",
    f"models/{OLD}/x": "a model",
}
"""What no collection may touch."""


def fill(root: Root, old: float) -> None:
    """Files of each kind: needed, old and unneeded, new and unneeded."""
    for mark, days in ((OLD, old), (USED, old), (NEW, 0)):
        for place in (
            f"records/s/{mark}/main-train.parquet",
            f"records/s/{mark}/_done.json",
            f"samples/T/{mark}/train.parquet",
            f"rejects/read/s/{mark}.parquet",
            f"audit/T/{mark}/train.words.arrow",
            f"audit/all/{mark}/compared/texts.parquet",
            f"catalogue/measured/{mark}/_done.json",
            f"catalogue/diagnosed/{mark}/_done.json",
        ):
            write(root, place, "12345", days)
    for place in (f"blobs/{BLOB}", f"blobs/{PINNED}", f"blobs/{MIRRORED}", f"blobs/.partial-{OLD}"):
        write(root, place, "123", old)
    write(root, "catalogue/builds/2025.1.0-local-0123abcd.json", "{}", old)
    write(root, f"catalogue/builds/{RELEASE}.json", json.dumps({"place": f"samples/T/{USED}"}), old)
    write(root, "catalogue/build.json", json.dumps({"an": "older form", "place": f"records/s/{USED}"}), 0)
    write(root, "catalogue/files/s.json", json.dumps({"sha256": MIRRORED}), 0)
    write(root, "sources.lock", f"{PINNED}  3  2026-11-30  https://example.org/x\n", 0)
    for place, text in OTHERS.items():
        write(root, place, text, old)


def write(root: Root, place: str, text: str, days: float) -> None:
    root.write_bytes(place, text.encode())
    if root.is_local and days:
        then = time.time() - days * DAY
        os.utime(root.uri(place), (then, then))


EXPECTED = {
    f"records/s/{OLD}",
    f"samples/T/{OLD}",
    f"rejects/read/s/{OLD}.parquet",
    f"audit/T/{OLD}",
    f"audit/all/{OLD}",
    f"catalogue/measured/{OLD}",
    f"catalogue/diagnosed/{OLD}",
    f"blobs/{BLOB}",
    f"blobs/.partial-{OLD}",
    "catalogue/builds/2025.1.0-local-0123abcd.json",
}


def places(found, name: str = "garbage") -> set[str]:
    return {unit.place for each in found for unit in getattr(each, name)}


def test_what_no_build_names_is_garbage_once_it_is_old(tmp_path: Path) -> None:
    root = Root(str(tmp_path))
    fill(root, 10)
    found = collect(root, 7)
    assert places(found) == EXPECTED
    assert places(found, "young") == {
        place.replace(OLD, NEW) for place in EXPECTED if OLD in place and "blob" not in place
    }
    by_kind = {each.kind: each for each in found}
    assert by_kind["records"].used == 10
    assert [unit.bytes for unit in by_kind["records"].garbage] == [10]
    assert by_kind["blobs"].used == 6
    assert places(collect(root, 11)) == set()


def test_what_is_removed_is_gone_and_all_else_is_there(tmp_path: Path) -> None:
    root = Root(str(tmp_path))
    fill(root, 10)
    Path(root.url, "records", "link").symlink_to(tmp_path / "records" / "s")
    before = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    for each in collect(root, 7):
        for unit in each.garbage:
            remove(root, unit)
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {
        path for path in before if not any(path == gone or path.startswith(f"{gone}/") for gone in EXPECTED)
    }
    assert left >= {*OTHERS}
    assert places(collect(root, 7)) == set()


def test_a_stage_is_incomplete_before_the_rest_of_it_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A collection that is killed leaves no stage that says it is whole."""
    root = Root(str(tmp_path))
    fill(root, 10)
    (unit,) = (unit for each in collect(root, 7) for unit in each.garbage if unit.place == f"records/s/{OLD}")
    gone: list[str] = []
    monkeypatch.setattr(root, "remove", gone.append)
    remove(root, unit)
    assert gone == [f"records/s/{OLD}/_done.json", f"records/s/{OLD}"]


@pytest.mark.heavy
def test_a_bucket_is_collected_alike(bucket: str) -> None:
    root = Root(bucket)
    fill(root, 0)
    assert places(collect(root, 1)) == set()
    found = collect(root, 0)
    assert places(found) == EXPECTED | {
        place.replace(OLD, NEW) for place in EXPECTED if OLD in place and "blob" not in place
    }
    for unit in (unit for each in found for unit in each.garbage):
        remove(root, unit)
    assert places(collect(root, 0)) == set()
    assert all(root.exists(place) for place in OTHERS)
    assert root.exists(f"records/s/{USED}/_done.json")
