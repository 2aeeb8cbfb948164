"""A version in a bucket appears whole or not at all, whatever write fails, and nobody's is taken away."""

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from s3fs import S3FileSystem

from schemas.errors import MedinstError
from schemas.manifest import ReleaseManifest
from tasks.base.store.root import Root
from tasks.base.versions.copy import copy
from tasks.base.versions.find import MANIFEST, Found, releases
from tasks.base.versions.write import write
from tests.support import manifests
from tests.support.buckets import Store, answers, running_store

BUCKET = "medinst-versions"
NAMES = ("README.md", "data/a/train.parquet", "data/b/test.parquet")
WRITES = {"put_object", "create_multipart_upload", "upload_part", "complete_multipart_upload", "delete_objects"}


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with running_store(BUCKET) as store:
        yield store


@pytest.fixture
def root(store: Store, request: pytest.FixtureRequest) -> Root:
    return Root(f"s3://{BUCKET}/{request.node.name.replace('[', '-').rstrip(']')}")


def fill(version: str) -> Callable[[Path], ReleaseManifest]:
    def filled(folder: Path) -> ReleaseManifest:
        for name in NAMES:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(f"{version} {name}".encode() * 9)
        return manifests.release(version)

    return filled


def publish(root: Root, version: str) -> Found[ReleaseManifest]:
    return write(releases(root), version, fill(version))


def seen(root: Root) -> str | None:
    """What a reader of `latest.json` finds, which must be whole."""
    reader = Root(root.url)
    reader.fs.invalidate_cache()
    version = releases(reader).latest
    if version is None:
        return None
    found = releases(reader).find(version)
    assert found is not None, f"latest.json names {version}, which is not there"
    assert sorted(found.manifest.files) == sorted(NAMES)
    for name, told in found.manifest.files.items():
        assert hashlib.sha256(reader.read_bytes(f"{found.folder}/{name}")).hexdigest() == told.sha256
    return version


class Crash:
    """The nth write fails: before it reaches the store, or after the store has done it."""

    def __init__(self, patch: pytest.MonkeyPatch, number: int, done: bool) -> None:
        self.left = number
        asked = S3FileSystem._call_s3

        async def call(fs: S3FileSystem, method: str, *given: Any, **kwargs: Any) -> Any:
            if method not in WRITES:
                return await asked(fs, method, *given, **kwargs)
            self.left -= 1
            fails = self.left == 0  # kept, since several are under way at once
            if fails and not done:
                raise answers("AccessDenied")
            answer = await asked(fs, method, *given, **kwargs)
            if fails:
                raise answers("AccessDenied")
            return answer

        patch.setattr(S3FileSystem, "_call_s3", call)


@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("number", range(1, len(NAMES) + 3))
def test_whatever_write_fails_readers_have_a_whole_version(root: Root, number: int, done: bool) -> None:
    publish(root, "1")
    with pytest.MonkeyPatch.context() as patch:
        crash = Crash(patch, number, done)
        with pytest.raises(MedinstError, match="refuses `put_object`"):
            publish(root, "2")
        assert crash.left <= 0
    manifest_is_there = number > len(NAMES) + 1 or (number == len(NAMES) + 1 and done)
    pointer_is_there = number == len(NAMES) + 2 and done
    assert seen(root) == ("2" if pointer_is_there else "1")
    assert (releases(root).find("2") is not None) == manifest_is_there
    publish(root, "2")
    assert seen(root) == "2"


def test_what_an_older_upload_left_is_removed_only_where_no_version_is(root: Root) -> None:
    root.write_bytes("releases/1/stray.txt", b"left")
    publish(root, "1")
    assert root.names("releases/1") == ["README.md", "data", MANIFEST]
    root.write_bytes("releases/1/note.txt", b"put there by a person")
    publish(root, "1")
    assert "note.txt" in root.names("releases/1")


@pytest.mark.heavy
def test_readers_in_a_loop_always_find_the_release(root: Root) -> None:
    publish(root, "0")
    over = threading.Event()

    def read() -> set[str | None]:
        found: set[str | None] = set()
        while not over.is_set():
            found.add(seen(root))
        return found

    with ThreadPoolExecutor(2) as threads:
        readers = [threads.submit(read) for _ in range(2)]
        try:
            for version in "12345":
                publish(root, version)
        finally:
            over.set()
        assert all(None not in reader.result() for reader in readers)
    assert seen(root) == "5"


def test_two_builders_of_one_version_do_not_disturb_each_other(root: Root) -> None:
    """Without any lock: one that begins while the other uploads removes nothing of it."""
    begin = threading.Barrier(2)

    def build(_: int) -> str:
        begin.wait()
        return publish(root, "1").digest

    with ThreadPoolExecutor(2) as threads:
        assert len(set(threads.map(build, range(2)))) == 1
    assert seen(root) == "1"


def test_a_copy_into_a_bucket_appears_whole(root: Root, tmp_path: Path) -> None:
    here = publish(Root(str(tmp_path)), "1")
    with pytest.MonkeyPatch.context() as patch:
        Crash(patch, 2, done=False)
        with pytest.raises(MedinstError, match=r"could not be uploaded to .*refuses `put_object`.*no manifest was"):
            copy(here, releases(root))
    assert seen(root) is None
    assert copy(here, releases(root)).digest == here.digest
    assert seen(root) == "1"
    assert json.loads(root.read_bytes("releases/latest.json"))["version"] == "1"
