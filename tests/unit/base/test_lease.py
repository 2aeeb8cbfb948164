"""The lock of a bucket: one holder, also where two begin at once, where one is dead, and where one was away long."""

import json
import os
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Self

import psutil
import pytest

from schemas.errors import RootInUse
from tasks.base.store import bucket as bucket_module
from tasks.base.store import holder, lease
from tasks.base.store.bucket import Bucket
from tasks.base.store.holder import Holder
from tasks.base.store.lease import Lease, leased
from tasks.base.store.root import Root
from tasks.build.builds.runs import LOCK, locked, refuse_unusable, still_held
from tests.support.buckets import Store, running_store

BUCKET = "medinst-lease"


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with running_store(BUCKET) as store:
        yield store


@pytest.fixture
def root(store: Store, request: pytest.FixtureRequest) -> Root:
    return Root(f"s3://{BUCKET}/{request.node.name.partition('[')[0]}")


def held(root: Root) -> dict[str, Any] | None:
    root.fs.invalidate_cache()
    return root.read_json(LOCK) if root.exists(LOCK) else None


def other(root: Root, **changes: object) -> Holder:
    """Another machine's hold, put there."""
    there = {"token": "t", "host": "elsewhere", "namespace": "", "boot": holder._boot(), "process": 7, "since": -3600.0}
    named = Holder.model_validate(there | changes)
    root.write_bytes(LOCK, named.model_dump_json().encode())
    return named


def test_a_bucket_without_a_prefix_is_held_and_given_back(store: Store) -> None:
    """Looking whether it can be written to lists it, before the lock is there."""
    root = Root(f"s3://{BUCKET}")
    root.write_bytes("a.txt", b"a")
    for _ in range(3):
        refuse_unusable(root)
    with locked(root):
        assert held(root)
    assert held(root) is None


def test_a_bucket_is_held_by_one(root: Root) -> None:
    with locked(root):
        assert (held(root) or {})["host"] == socket.gethostname()
        still_held(root)
        with pytest.raises(
            RootInUse, match=r"Another command \(process \d+ on .*, last heard of \d+ s ago\).*ends in \d+ s"
        ):
            refuse_unusable(root)
    assert held(root) is None
    with locked(root):
        pass


def test_of_many_that_begin_at_once_one_gets_it(root: Root, record_property: Callable[[str, object], None]) -> None:
    begin, over = threading.Barrier(6), threading.Event()

    def build(_: int) -> bool:
        begin.wait()
        try:
            with locked(root):
                over.wait(20)
                return True
        except RootInUse:
            over.set()
            return False

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(build, range(6))) == 1
    assert held(root) is None
    record_property("tried", begin.parties)


def test_the_lock_of_a_dead_machine_is_taken_over_when_it_is_stale(root: Root, monkeypatch: pytest.MonkeyPatch) -> None:
    other(root)
    with pytest.raises(RootInUse, match="process 7 on elsewhere"), locked(root):
        pass
    assert (held(root) or {})["host"] == "elsewhere", "a lock that is refused stays"
    monkeypatch.setattr(holder, "STALE", timedelta(seconds=-1))
    with locked(root):
        assert (held(root) or {})["host"] == socket.gethostname()


@pytest.mark.parametrize("process", [2**22 + 1, 1])
def test_the_lock_of_a_process_that_is_gone_here_is_taken_over_at_once(root: Root, process: int) -> None:
    """One has no process of its number any more, the other's number belongs to a later process."""
    other(root, host=socket.gethostname(), namespace=holder._namespace(), process=process)
    with locked(root):
        assert (held(root) or {})["process"] != process


def test_the_lock_of_this_machine_before_it_was_started_anew_is_taken_over_at_once(root: Root) -> None:
    other(root, host=socket.gethostname(), namespace=holder._namespace(), boot="before", process=os.getpid())
    with locked(root):
        assert (held(root) or {})["boot"] == holder._boot()


@pytest.mark.parametrize("days", [-400, 400])
def test_a_clock_that_is_set_while_it_is_held_frees_no_lock(
    root: Root, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    """Ages are told by the store, and beginnings of processes from when the machine was started."""
    moved = timedelta(days=days)

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:  # pyright: ignore[reportIncompatibleMethodOverride]
            return super().now(tz) + moved  # pyright: ignore[reportReturnType]

    with locked(root):
        boot = psutil.boot_time()
        monkeypatch.setattr(psutil._pslinux, "boot_time", lambda: boot + moved.total_seconds())
        monkeypatch.setattr(bucket_module, "datetime", Clock)
        began = datetime.fromtimestamp(psutil.Process().create_time(), UTC)
        assert abs(began - datetime.now(UTC) - moved) < timedelta(days=1), "the clock has been set"
        seen = Lease(Bucket(), root.uri(LOCK), lambda _: RootInUse("busy"))._seen()
        assert seen is not None
        assert not seen.is_stale
        with pytest.raises(RootInUse), locked(root):
            pass
        still_held(root)
    assert held(root) is None


def test_a_process_of_another_container_of_this_name_is_not_taken_for_gone(root: Root) -> None:
    other(root, host=socket.gethostname(), namespace="pid:[1]", process=2**22 + 1)
    with pytest.raises(RootInUse), locked(root):
        pass


def test_of_many_that_take_over_one_gets_it(root: Root, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holder, "STALE", timedelta(seconds=-1))
    other(root)
    leases = [Lease(Bucket(), root.uri(LOCK), lambda seen: RootInUse("busy")) for _ in range(2)]
    found = leases[0]._seen()
    for one in leases:
        monkeypatch.setattr(one, "_seen", iter([found, *[None] * 9]).__next__)
    assert found is not None
    assert [one._put(IfMatch=found.etag) for one in leases] == [True, False]


def test_a_holder_that_was_taken_over_is_told_before_it_publishes(root: Root) -> None:
    with locked(root):
        mine = held(root)
        other(root)
        with pytest.raises(RootInUse, match="process 7 on elsewhere"):
            still_held(root)
        with pytest.raises(RootInUse):
            still_held(root)
    assert held(root) != mine
    assert (held(root) or {})["host"] == "elsewhere", "what is another's is not removed"


def test_a_lock_that_somebody_removed_is_made_again(root: Root) -> None:
    with locked(root):
        root.remove(LOCK)
        still_held(root)
        assert held(root) is not None


def test_it_is_renewed(root: Root, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "RENEW", 0.01)
    renewed = threading.Event()
    check = Lease.check

    def watched(one: Lease) -> None:
        check(one)
        renewed.set()

    monkeypatch.setattr(Lease, "check", watched)
    with locked(root):
        assert renewed.wait(60)


def test_another_object_in_its_place_is_said(root: Root) -> None:
    root.write_bytes(LOCK, json.dumps({"by": "hand"}).encode())
    with pytest.raises(RootInUse, match="of another program or version"), locked(root):
        pass


def test_a_store_without_conditions_lets_the_first_give_way(root: Root, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "SETTLED", 0.0)
    asked = Bucket.call_s3

    def call(fs: Bucket, method: str, **given: Any) -> Any:
        return asked(fs, method, **{name: value for name, value in given.items() if name not in CONDITIONS})

    monkeypatch.setattr(Bucket, "call_s3", call)
    with locked(root):
        with pytest.raises(RootInUse), locked(root):
            pass
        still_held(root)

    late = Lease(Bucket(), root.uri(LOCK), lambda seen: RootInUse(str(seen.holder)))
    monkeypatch.setattr(lease.time, "sleep", lambda _: other(root))  # the other writes after us
    with pytest.raises(RootInUse, match="elsewhere"):
        late.take()


CONDITIONS = {"IfNoneMatch", "IfMatch"}


def test_the_lock_is_not_held_after_an_error(root: Root) -> None:
    with pytest.raises(ValueError, match="no"), leased(Bucket(), root.uri(LOCK), lambda _: RootInUse("busy")):
        raise ValueError("no")
    assert held(root) is None
