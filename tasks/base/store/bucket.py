"""Buckets: S3 file systems that wait while the store is away, and say in one sentence what is wrong with it.

`tasks.base.store.root` registers this class with fsspec for `s3://`, so that whatever opens such an address goes
through it: roots, mirrors, DuckDB.
"""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from aiohttp import ClientConnectionError
from fsspec.asyn import sync_wrapper
from s3fs import S3FileSystem

from schemas.settings import Settings
from tasks.base.store.bucket_faults import Fault, fault_of

OLD = timedelta(days=1)
"""An upload in parts that was begun so long ago has no process any more that would end it."""

_PAUSE = 1.0
"""Seconds between two tries, on top of those that botocore's own five tries take."""


class Bucket(S3FileSystem):
    """S3, with patience: a store that has answered before may be away for `MEDINST_AWAY` seconds.

    One that has never answered is an error at once, since its address is probably wrong. One that was waited for in
    vain is not waited for again until it answers.

    Every method raises `BucketError` where the store is at fault, and otherwise what s3fs raises.

    Listings are not kept: other processes write, and a listing says other things of a file than the file itself.
    """

    _answered = False

    def __init__(self, *given: Any, **kwargs: Any) -> None:
        super().__init__(*given, **{"use_listings_cache": False, **kwargs})
        if (loop := self._loop) is not None:
            loop.call_soon_threadsafe(loop.set_exception_handler, _unawaited)

    async def _call_s3(self, method: str, *given: Any, **kwargs: Any) -> Any:
        until = time.monotonic() + Settings().away
        while True:
            try:
                answer = await super()._call_s3(method, *given, **kwargs)
            except Exception as error:
                fault = fault_of(error)
                self._answered = self._answered or (fault is not Fault.AWAY and fault is not Fault.UNUSABLE)
                if fault is None:
                    raise
                if not (fault.passes and self._answered and time.monotonic() < until):
                    self._answered = not fault.passes
                    raise fault.error(error, method, str(kwargs.get("Bucket", "")), self._endpoint()) from error
                await asyncio.sleep(_PAUSE)
            else:
                self._answered = True
                return answer

    call_s3: Any = sync_wrapper(_call_s3)

    async def _cat_file(self, path: str, *given: Any, **kwargs: Any) -> bytes:
        return await self._read(super()._cat_file, path, *given, **kwargs)

    async def _get_file(self, rpath: str, *given: Any, **kwargs: Any) -> None:
        await self._read(super()._get_file, rpath, *given, **kwargs)

    async def _read(self, read: Any, path: str, *given: Any, **kwargs: Any) -> Any:
        """Read a file; a connection that breaks in its middle is opened once more, and then waited for as any."""
        for last in (False, True):
            try:
                return await read(path, *given, **kwargs)
            except Exception as error:
                fault = fault_of(error)
                if fault is None or not fault.passes:
                    raise
                if last:
                    raise fault.error(error, "get_object", self.split_path(path)[0], self._endpoint()) from error
        raise AssertionError("the last try returns or raises")

    def _endpoint(self) -> str:
        client = self._s3
        return str(client.meta.endpoint_url) if client is not None else str(self.endpoint_url or "")

    def abort_old_uploads(self, uri: str) -> int:
        """Abort the uploads in parts below an address that were begun a day ago or earlier, and never ended.

        They show in no listing and are paid for. A store that does not list them, or does not let us, keeps them.

        Returns:
            how many were aborted.
        """
        bucket, prefix, _ = self.split_path(uri)
        place: dict[str, Any] = {"Bucket": bucket, "Prefix": f"{prefix.rstrip('/')}/" if prefix else ""}
        aborted = 0
        while True:
            try:
                found = self.call_s3("list_multipart_uploads", **place)
            except OSError:
                return aborted
            now = self.time_of(found)
            for upload in found.get("Uploads", ()):
                if now - upload["Initiated"] >= OLD:
                    self.call_s3(
                        "abort_multipart_upload", Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"]
                    )
                    aborted += 1
            if not found.get("IsTruncated"):
                return aborted
            place |= {"KeyMarker": found["NextKeyMarker"], "UploadIdMarker": found["NextUploadIdMarker"]}

    @staticmethod
    def time_of(answer: dict[str, Any]) -> datetime:
        """The store's own time when it gave an answer: its clock is the one that all its users share."""
        said = answer["ResponseMetadata"]["HTTPHeaders"].get("date")
        return parsedate_to_datetime(said) if said else datetime.now(UTC)


def _unawaited(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Say what a task failed with that nobody awaited, unless its connection broke: the request itself tells that."""
    if not isinstance(context.get("exception"), ConnectionError | ClientConnectionError):
        loop.default_exception_handler(context)
