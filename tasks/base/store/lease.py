"""The lock of a bucket: an object that one process holds alone, and must renew.

A store has no locks, but S3 has conditional writes: an object is created only if it is not there (`If-None-Match: *`)
and replaced only if it is still the one that was read (`If-Match`). So of several processes exactly one gets the lock,
and of several that take over a stale one too. It is stale when its holder has not renewed it for minutes, by the
store's own clock; of a process of this machine that is gone, at once.

What it guarantees: two builds that begin while the store answers never both hold the root. A holder that could not
renew for so long that another took over is told at `check`, which a build asks before it publishes. Nothing rests on
the lock alone: what both would write has names that say its content, and a version that is there is never written
again.

A store that knows no conditions is read again after a moment, so that of two builds that begin at once the first gives
way; only there do builds that begin within the same instant remain possible.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from schemas.errors import BucketError, MedinstError
from tasks.base.store.holder import Holder, Seen

if TYPE_CHECKING:
    from tasks.base.store.bucket import Bucket

RENEW = 30.0
"""Seconds between two renewals."""
SETTLED = 2.0
"""Seconds after which a write to a store without conditions is seen by all."""
Busy = Callable[[Seen], MedinstError]
_held: dict[str, "Lease"] = {}
_guard = threading.Lock()


@contextmanager
def leased(fs: "Bucket", uri: str, busy: Busy) -> Iterator["Lease"]:
    """Hold an object of a bucket, and renew it until the end.

    Args:
        fs: the bucket's file system.
        uri: the object.
        busy: makes the error to raise where another holds it.
    """
    lease = Lease(fs, uri, busy)
    lease.take()
    with _guard:
        _held[uri] = lease
    try:
        with lease.renewing():
            yield lease
    finally:
        with _guard:
            del _held[uri]
        lease.release()


def check(uri: str) -> None:
    """Make sure that this process still holds an object that it took, before an action reserved for the holder.

    Raises:
        MedinstError: another has taken it over.
    """
    lease = _held.get(uri)
    if lease is not None:
        lease.check()


class Lease:
    """One hold of one object."""

    def __init__(self, fs: "Bucket", uri: str, busy: Busy) -> None:
        self._fs, self._uri, self._busy = fs, uri, busy
        self._bucket, self._key, _ = fs.split_path(uri)
        self._me = Holder.me()
        self._lost: Seen | None = None
        self._over = threading.Event()

    def take(self) -> None:
        """Create the object, or replace one that is stale.

        Raises:
            MedinstError: another holds it.
        """
        seen = self._seen()
        if seen is not None and not seen.is_stale:
            raise self._busy(seen)
        self._put(**({"IfNoneMatch": "*"} if seen is None else {"IfMatch": seen.etag}))
        if not self._is_kept():
            time.sleep(SETTLED)
        self._refuse_other()

    def _is_kept(self) -> bool:
        """Whether the store refuses to create what is there, as one that knows conditions does."""
        return not self._put(IfNoneMatch="*")

    def _refuse_other(self) -> None:
        seen = self._seen()
        if seen is None or seen.holder != self._me:
            raise self._busy(seen or _nobody())

    @contextmanager
    def renewing(self) -> Iterator[None]:
        """Renew it in the background."""
        thread = threading.Thread(target=self._renew, name="lease", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()

    def check(self) -> None:
        """Make sure that it is still held, and renew it.

        Raises:
            MedinstError: another has taken it over.
        """
        if self._lost is None:
            seen = self._seen()
            kept = (
                self._put(IfNoneMatch="*") if seen is None else seen.holder == self._me and self._put(IfMatch=seen.etag)
            )
            self._lost = None if kept else self._seen() or _nobody()
        if self._lost is not None:
            raise self._busy(self._lost)

    def _renewed(self) -> Seen | None:
        """Renew it; what was found in its place, if it is another's."""
        seen = self._seen()
        if seen is not None and seen.holder != self._me:
            return seen
        condition = {"IfNoneMatch": "*"} if seen is None else {"IfMatch": seen.etag}
        return None if self._put(**condition) else self._seen() or _nobody()

    def release(self) -> None:
        """Remove the object, if it is ours still."""
        with suppress(BucketError):  # it is stale in a while
            if self._lost is None and (seen := self._seen()) is not None and seen.holder == self._me:
                self._fs.call_s3("delete_object", Bucket=self._bucket, Key=self._key)

    def _renew(self) -> None:
        while not self._over.wait(RENEW):
            with suppress(MedinstError):  # the store is away, or the hold is lost: `check` says so
                self.check()

    def _put(self, **condition: str) -> bool:
        """Write the object under a condition; False where that does not hold."""
        body = self._me.model_dump_json(indent=1).encode()
        try:
            self._fs.call_s3("put_object", Bucket=self._bucket, Key=self._key, Body=body, **condition)
        except (FileExistsError, FileNotFoundError):
            return False
        except OSError as error:
            status = _status(error)
            if status == HTTPStatus.NOT_IMPLEMENTED and condition:
                return self._put()
            if status not in (HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED):
                raise
            return False
        return True

    def _seen(self) -> Seen | None:
        """The lock as it is now; None if there is none."""
        try:
            head = self._fs.call_s3("head_object", Bucket=self._bucket, Key=self._key)
            said: Any = self._fs.cat_file(self._uri)
        except FileNotFoundError:
            return None
        changed: datetime = head["LastModified"]
        return Seen(Holder.read(said), str(head["ETag"]), self._fs.time_of(head) - changed)


def _nobody() -> Seen:
    return Seen(None, "", timedelta())


def _status(error: BaseException) -> int | None:
    response: Any = getattr(error.__cause__, "response", None) or {}
    return response.get("ResponseMetadata", {}).get("HTTPStatusCode")
