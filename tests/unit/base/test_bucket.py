"""Buckets: what is wrong is one sentence, what passes is waited for, and broken uploads are cleared away."""

import asyncio
import gc
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from aiohttp import ServerDisconnectedError
from s3fs import S3FileSystem

from schemas.errors import BucketDenied, BucketError, Damaged
from schemas.receipts import Order
from tasks.base.store import bucket as buckets
from tasks.base.store.access import refuse_unwritable
from tasks.base.store.bucket import Bucket
from tasks.base.store.bucket_faults import Fault, fault_of
from tasks.base.store.leftovers import sweep
from tasks.base.store.root import Root
from tasks.build.pipeline import steps
from tests.support.buckets import Store, answers, no_connection, running_store

BUCKET = "medinst-bucket"


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with running_store(BUCKET) as store:
        yield store


class Plan:
    """What happens at the next requests: errors to raise, and None for what the store itself answers."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.methods: list[str] = []
        self.plan: list[Exception | None] = []
        asked = S3FileSystem._call_s3

        async def call(fs: S3FileSystem, method: str, *given: Any, **kwargs: Any) -> Any:
            self.methods.append(method)
            error = self.plan.pop(0) if self.plan else None
            if error is not None:
                raise error
            return await asked(fs, method, *given, **kwargs)

        patch.setattr(S3FileSystem, "_call_s3", call)
        patch.setattr(buckets, "_PAUSE", 0.01)


@pytest.fixture
def plan(monkeypatch: pytest.MonkeyPatch) -> Plan:
    return Plan(monkeypatch)


@pytest.mark.parametrize(
    ("error", "fault", "says"),
    [
        (no_connection(), Fault.AWAY, "does not answer (Could not connect to the endpoint URL)"),
        (TimeoutError(), Fault.AWAY, "does not answer (TimeoutError)"),
        (answers("SlowDown", "Please reduce your request rate."), Fault.BUSY, "SlowDown: Please reduce your request"),
        (answers("503"), Fault.BUSY, "--workers 1"),
        (answers("InternalError"), Fault.BROKEN, "the store's own log"),
        (answers("NoSuchBucket"), Fault.MISSING, "aws s3 mb s3://medinst"),
        (answers("AccessDenied", "Access Denied."), Fault.DENIED, "refuses `put_object` (AccessDenied: Access Denied)"),
        (answers("InvalidAccessKeyId"), Fault.DENIED, "AWS_ACCESS_KEY_ID"),
        (answers("QuotaExceeded"), Fault.REFUSES, "quota"),
    ],
)
def test_a_fault_is_one_sentence_with_what_to_do(error: Exception, fault: Fault, says: str) -> None:
    found = fault_of(error)
    assert found is fault
    said = found.error(error, "put_object", "medinst", "http://key:secret@127.0.0.1:8333")
    assert says in str(said)
    assert str(said).startswith("The bucket `medinst` of 127.0.0.1:8333 ")
    assert str(said).endswith(", then run the same command again.")
    assert "secret" not in str(said)
    assert "\n" not in str(said)
    assert isinstance(said, BucketError)
    assert isinstance(said, PermissionError) == (fault is Fault.DENIED)


@pytest.mark.parametrize("error", [answers("NoSuchKey"), answers("PreconditionFailed"), ValueError("no"), OSError(28)])
def test_an_answer_is_no_fault(error: Exception) -> None:
    assert fault_of(error) is None


@pytest.mark.usefixtures("store")
def test_a_store_that_was_there_is_waited_for(plan: Plan) -> None:
    root = Root(f"s3://{BUCKET}/waited")
    root.write_bytes("a", b"1")
    plan.plan = [no_connection(), answers("SlowDown"), TimeoutError(), None]
    root.write_bytes("a", b"2")
    assert plan.plan == []
    assert root.read_bytes("a") == b"2"


@pytest.mark.usefixtures("store")
def test_a_store_that_never_answered_is_an_error_at_once(plan: Plan) -> None:
    fs = Bucket(skip_instance_cache=True)
    plan.plan = [no_connection()] * 9
    with pytest.raises(BucketError, match="does not answer"):
        fs.call_s3("list_objects_v2", Bucket=BUCKET)
    assert len(plan.plan) == 8


@pytest.mark.usefixtures("store")
def test_waiting_ends_and_is_not_begun_anew(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDINST_AWAY", "0.05")
    fs = Bucket(skip_instance_cache=True)
    fs.call_s3("list_objects_v2", Bucket=BUCKET)
    plan.plan = [no_connection()] * 1000
    with pytest.raises(BucketError, match="does not answer"):
        fs.call_s3("list_objects_v2", Bucket=BUCKET)
    left = len(plan.plan)
    assert left < 999
    with pytest.raises(BucketError, match="does not answer"):
        fs.call_s3("list_objects_v2", Bucket=BUCKET)
    assert len(plan.plan) == left - 1


@pytest.mark.usefixtures("store")
def test_what_does_not_pass_is_not_waited_for(plan: Plan) -> None:
    root = Root(f"s3://{BUCKET}/denied")
    root.write_bytes("a", b"1")
    plan.plan = [answers("AccessDenied")]
    with pytest.raises(BucketDenied, match="refuses `put_object`"):
        root.write_bytes("a", b"2")
    assert root.read_bytes("a") == b"1"


@pytest.mark.usefixtures("store")
def test_a_bucket_that_is_not_there_is_said_before_anything_begins() -> None:
    with pytest.raises(BucketError, match=r"The bucket `medinst-nowhere` of .* is not there\. Create it"):
        refuse_unwritable(Root("s3://medinst-nowhere/x"))
    with pytest.raises(BucketError, match="is not there"):
        Root("s3://medinst-nowhere/x").write_bytes("a", b"")


@pytest.mark.usefixtures("store")
def test_credentials_that_are_missing_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    fs = Bucket(skip_instance_cache=True)
    with pytest.raises(BucketError, match="Unable to locate credentials"):
        fs.ls(BUCKET)


@pytest.mark.usefixtures("store")
def test_a_large_file_whose_upload_breaks_leaves_no_parts(plan: Plan, tmp_path: Path) -> None:
    fs = Bucket()
    large = tmp_path / "large"
    large.write_bytes(b"x" * (11 * 2**20))
    plan.plan = [None, answers("AccessDenied")]
    with pytest.raises(BucketDenied):
        fs.put_file(str(large), f"s3://{BUCKET}/broken/large", chunksize=5 * 2**20, max_concurrency=1)
    assert plan.methods == ["create_multipart_upload", "upload_part", "abort_multipart_upload"]
    assert uploads(fs) == []
    assert not fs.exists(f"{BUCKET}/broken/large")


def uploads(fs: Bucket) -> list[str]:
    found = fs.call_s3("list_multipart_uploads", Bucket=BUCKET)
    return sorted(upload["Key"] for upload in found.get("Uploads", ()))


@pytest.mark.usefixtures("store")
def test_a_damaged_table_in_a_bucket_is_named_by_the_step_that_reads_it() -> None:
    """A step knows which files it has copied; the sound ones beside it are left."""
    root = Root(f"s3://{BUCKET}/damaged")
    frame = pl.DataFrame({"text": [f"text {number}" * 9 for number in range(999)]})
    for name in ("dev", "train"):
        with root.writing(f"records/mqp/0123/main-{name}.parquet") as path:
            frame.write_parquet(path)
            data = bytearray(path.read_bytes())
            if name == "train":
                data[-40] ^= 255
            path.write_bytes(data)

    def work(order: Order) -> int:
        paths = [Root(order.root).local(f"records/mqp/0123/main-{name}.parquet") for name in ("dev", "train")]
        return pl.read_parquet(paths).height

    place = f"{root.url}/records/mqp/0123"
    with pytest.raises(Damaged, match=f"{place}/main-train.parquet: .*: aws s3 rm --recursive {place}; medinst build"):
        steps.done(work, Order(root=root.url), small=False)


@pytest.mark.usefixtures("store")
def test_uploads_that_a_killed_build_left_are_aborted_a_day_later(monkeypatch: pytest.MonkeyPatch) -> None:
    fs = Bucket()
    for key in ("swept/root/blobs/a", "swept/rooted/b", "elsewhere/c"):
        fs.call_s3("create_multipart_upload", Bucket=BUCKET, Key=key)
    root = Root(f"s3://{BUCKET}/swept/root")
    with monkeypatch.context() as patch:
        patch.setattr(buckets, "OLD", timedelta(days=36500))  # moto says of all uploads that they began in 2010
        sweep(root)
        assert len(uploads(fs)) == 3, "they may be another's that runs"
    sweep(root)
    assert uploads(fs) == ["elsewhere/c", "swept/rooted/b"]


def test_a_store_that_is_busy_is_asked_at_a_pace(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses are counted, not waited for: each refusal costs a third of a second on average."""
    pauses: list[float] = []
    sleep = asyncio.sleep

    async def count(seconds: float, *given: Any) -> None:
        pauses.append(seconds)
        if len(pauses) > 30:
            throttle.rate = 1e9
        await sleep(0, *given)

    root = Root(f"s3://{BUCKET}/busy")
    root.write_bytes("a", b"1")
    with store.throttled(burst=1, rate=0.0) as throttle:
        monkeypatch.setattr(asyncio, "sleep", count)
        for number in range(3):
            root.write_bytes(f"b{number}", b"2")
        monkeypatch.undo()
    assert [root.read_bytes(f"b{number}") for number in range(3)] == [b"2"] * 3
    assert throttle.refused >= 10
    assert sum(pauses) > throttle.refused / 3


@pytest.mark.parametrize(
    ("error", "told"),
    [(ConnectionResetError("closing"), False), (ServerDisconnectedError(), False), (OSError(28, "no space"), True)],
)
def test_a_task_that_nobody_awaits_is_told_unless_its_connection_broke(error, told, caplog):
    """When a store goes away, aiohttp leaves such tasks behind, and the request says the same."""
    loop = Bucket(skip_instance_cache=True).loop

    async def fail() -> None:
        raise error

    async def leave() -> None:
        task = asyncio.get_running_loop().create_task(fail())
        await asyncio.sleep(0.01)
        assert task.done()

    asyncio.run_coroutine_threadsafe(leave(), loop).result(10)
    gc.collect()
    assert ("never retrieved" in caplog.text) == told
