"""Two commands that write into one bucket: one is told to wait, nothing is lost, a reader always finds a release."""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from flows.benchmark import benchmark
from flows.commands.export import export
from flows.commands.gc import gc
from flows.mix import mix
from flows.publish import _found, _sent
from schemas.errors import RootInUse
from schemas.mixture import Recipe
from tasks.base.store.locks import LOCK
from tasks.base.store.root import Root
from tasks.base.versions import copy as copying
from tasks.base.versions.find import releases
from tasks.build.builds.runs import locked, refuse_unusable_target, writing
from tests.unit.build.test_garbage import OLD, OTHERS, fill
from tests.unit.build.test_hub import release

pytestmark = pytest.mark.heavy  # moto, s3fs and Prefect

IN_USE = r"Another command \(process \d+ on .*\) is writing into s3://.* Wait for it, or name another place"


@contextmanager
def reading(bucket: Root) -> Iterator[list[str]]:
    """A reader that follows `latest.json` over and over: the versions that it found, each of them whole."""
    seen: list[str] = []
    over = threading.Event()

    def follow() -> None:
        while not over.is_set():
            bucket.fs.invalidate_cache()
            if version := releases(bucket).latest:
                found = releases(bucket).find(version)
                assert found is not None
                assert all(bucket.exists(f"{found.folder}/{name}") for name in found.manifest.files)
                seen.append(version)

    with ThreadPoolExecutor(1) as thread:
        future = thread.submit(follow)
        try:
            yield seen
        finally:
            over.set()
        future.result()


def test_of_two_that_publish_at_once_one_is_refused_and_nothing_is_lost(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = Root(bucket)
    found = [release(tmp_path / version, version) for version in ("r0", "r1", "r2")]
    roots = [Root(str(tmp_path / version)) for version in ("r0", "r1", "r2")]

    def publish(number: int) -> str:
        try:
            return _sent(_found(roots[number], found[number].receipt), roots[number], bucket, False).version
        except RootInUse as error:
            return str(error)

    assert publish(0) == "r0"
    begun, go_on = threading.Event(), threading.Event()
    upload = copying.upload

    def slow(*given: object) -> None:
        begun.set()
        assert go_on.wait(60)
        upload(*given)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(copying, "upload", slow)
    with reading(target) as seen, ThreadPoolExecutor(1) as thread:
        first = thread.submit(publish, 1)
        assert begun.wait(60)
        refused = publish(2)
        go_on.set()
        assert first.result() == "r1"
        assert publish(2) == "r2"
    assert "is writing into s3://" in refused
    assert {*seen} <= {"r0", "r1", "r2"}
    assert seen
    target.fs.invalidate_cache()
    assert [version.version for version in releases(target).all()] == ["r0", "r1", "r2"]
    assert releases(target).latest == "r2"
    assert not target.exists(LOCK)


def test_of_two_collections_one_is_refused_and_nothing_needed_goes(bucket: str) -> None:
    root = Root(bucket)
    fill(root, 0)
    with locked(root), pytest.raises(RootInUse, match=IN_USE):
        gc(yes=True, keep_days=0, root=bucket)
    root.fs.invalidate_cache()
    assert root.exists(f"records/s/{OLD}/_done.json"), "who is refused removes nothing"
    begin = threading.Barrier(2)

    def collect(_: int) -> bool:
        begin.wait()
        try:
            gc(yes=True, keep_days=0, root=bucket)
        except RootInUse:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        assert any(threads.map(collect, range(2)))
    root.fs.invalidate_cache()
    assert not root.exists(f"records/s/{OLD}/_done.json")
    assert all(root.exists(place) for place in OTHERS)
    assert not root.exists(LOCK)


def commands(bucket: str, folder: Path) -> dict[str, Callable[[], object]]:
    """What writes into a bucket, each as its command does."""
    release(folder)
    os.environ["PREFECT_LOGGING_LEVEL"] = "CRITICAL"
    root, recipe = str(folder), Recipe(name="small")
    return {
        "benchmark": lambda: benchmark.fn(root=bucket),
        "mix into the root": lambda: mix.fn(recipe, root=bucket),
        "mix --out": lambda: mix.fn(recipe, root=root, out=bucket),
        "export --out": lambda: export(f"{root}/releases/r1", "messages", folder=bucket, root=root),
        "publish --to": lambda: refuse_unusable_target(Root(bucket)),
        "gc": lambda: gc(yes=True, root=bucket),
    }


def test_every_command_that_writes_into_a_bucket_waits_for_the_other(bucket: str, tmp_path: Path) -> None:
    with locked(Root(bucket)):
        for name, run in commands(bucket, tmp_path).items():
            with pytest.raises(RootInUse, match=IN_USE):
                run()
            assert Root(bucket).exists(LOCK), name


def test_what_is_held_already_and_folders_are_not_held_again(bucket: str, tmp_path: Path) -> None:
    root = Root(bucket)
    with locked(root), writing(root, root):
        pass
    with writing(Root(str(tmp_path))):
        assert not (tmp_path / LOCK).exists()
