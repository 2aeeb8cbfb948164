"""Pins: what the committed lock can say of files that have just come."""

from schemas.receipts import Fetched
from schemas.source import Source
from tasks.build.fetch.address import redact
from tasks.build.fetch.lock import LockLine, today
from tasks.build.fetch.source import lock_key


def pins(source: Source, fetched: Fetched) -> dict[str, LockLine]:
    """The lock lines of files that have just come, by the address under which the locks know each.

    A file that came from one of its addresses was downloaded; one from anywhere else is noted as a mirror's.
    """
    return {
        lock_key(source, blob.name): LockLine(
            blob.sha256, blob.bytes, today(), "" if blob.url in map(redact, source.urls(blob.name)) else "mirror"
        )
        for blob in fetched.blobs
        if blob.original and blob.trust != "copy"
    }
