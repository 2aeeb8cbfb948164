"""What is known about the files of sources before anything is fetched, and which files must be fetched to find out."""

from functools import cached_property
from typing import NamedTuple

from schemas.receipts import ORIGIN, Blob, Fetched, Order
from schemas.settings import Settings
from schemas.source import Source
from schemas.state import State
from tasks.base.store.listing import Listing
from tasks.build.fetch import outages
from tasks.build.fetch.blobs import blob_place
from tasks.build.fetch.lock import LockLine, committed_lock, root_lock
from tasks.build.fetch.mirror import Mirror, open_mirror
from tasks.build.fetch.source import blob_of, lock_key, reason, wanted
from tasks.build.fetch.stamps import Stamps
from tasks.build.fetch.trust import Level, copies

NEVER = "never fetched"
FRESH = "--fresh"
UNPINNED = "not pinned, which --frozen refuses"


class Unknown(Exception):
    """A file must be fetched; the message says why."""


class Known(NamedTuple):
    """What is known of the files of a source.

    Attributes:
        fetched: the files that are here, and those that are withheld.
        unknown: name of a file that must be fetched -> why.
    """

    fetched: Fetched
    unknown: dict[str, str]


class Files:
    """Looks up files by the locks, the stamps of mirrors and the blobs of a root; nothing is read, sent or written.

    Args:
        order: what is asked for.
        listing: of the root.
        last: the newest build of the root.
        settings: how to look into mirrors.
    """

    def __init__(self, order: Order, listing: Listing, last: State | None, settings: Settings) -> None:
        self._order, self._listing = order, listing
        self._mirrors = [None if url == ORIGIN else open_mirror(url, settings) for url in order.mirrors]
        self._committed, self._own = committed_lock(), root_lock(listing.root)
        self._stamps = Stamps(listing, last)
        self._blobs = frozenset(listing.names("blobs"))

    def of(self, source: Source) -> Known:
        """What is known of the files of a source."""
        blobs: list[Blob] = []
        withheld: dict[str, str] = {}
        stamps: dict[str, str] = {}
        unknown: dict[str, str] = {}
        for name in wanted(source, blobs, unknown):
            try:
                blob = self._file(source, name, stamps)
            except Unknown as why:
                unknown[name] = str(why)
                continue
            if blob is None:
                withheld[name] = reason(source, name, any(self._mirrors))
            else:
                blobs.append(blob)
        return Known(Fetched(source=source.id, blobs=tuple(blobs), withheld=withheld, stamps=stamps), unknown)

    def _file(self, source: Source, name: str, stamps: dict[str, str]) -> Blob | None:
        """A file in the first place that has it; None if none has."""
        for mirror in self._mirrors:
            if mirror is None:
                blob = self._from_origin(source, name)
            elif mirror.is_local:
                blob = self._from_folder(source, name, mirror, stamps)
            else:
                blob = self._from_afar(source, name, mirror)
            if blob is not None:
                return blob
        return None

    def _from_origin(self, source: Source, name: str) -> Blob | None:
        if source.access != "open" or not source.urls(name):
            return None
        if self._order.frozen and lock_key(source, name) not in self._committed:
            raise Unknown(UNPINNED)
        return self._pinned(source, name)

    def _from_afar(self, source: Source, name: str, mirror: Mirror) -> Blob | None:
        if not mirror.original:
            raise Unknown("its mirror does not tell whether it has changed")
        return self._pinned(source, name)

    def _pinned(self, source: Source, name: str) -> Blob:
        """The blob that a lock names."""
        key = lock_key(source, name)
        line, level = self._line(key)
        if self._order.fresh:
            raise Unknown(FRESH)
        if line is None:
            raise Unknown(NEVER)
        if since := self._unavailable(source, name):
            raise Unknown(f"unavailable since {since}")
        if line.sha256 not in self._blobs:
            raise Unknown(f"the bytes that the lock pins are not here (sha256 {line.sha256[:8]}…)")
        return blob_of(name, key, line, blob_place(line.sha256), level)

    def _unavailable(self, source: Source, name: str) -> str:
        """The day since when a file could not be fetched from afar."""
        there = f"{source.id}.json" in self._failed
        return outages.Outages(self._listing.root, source.id).since(name) if there else ""

    @cached_property
    def _failed(self) -> frozenset[str]:
        """What is kept of outages; a bucket is asked for it only where files come from afar."""
        return frozenset(self._listing.names(outages.FOLDER))

    def _from_folder(self, source: Source, name: str, mirror: Mirror, stamps: dict[str, str]) -> Blob | None:
        if not mirror.has(source.id, name):
            return None
        if self._order.fresh:
            raise Unknown(FRESH)
        now = mirror.stamp(source.id, name)
        known = self._stamps.find(source.id, name, now)
        if known is None:
            raise Unknown("new or changed" if self._stamps.knows(source.id, name) else NEVER)
        found = LockLine(*known, "")
        if found.sha256 not in self._blobs:
            raise Unknown(f"its bytes are not here (sha256 {found.sha256[:8]}…)")
        level = self._level(source, name, found) if mirror.original else None
        stamps[name] = now
        return blob_of(name, mirror.place(source.id, name), found, blob_place(found.sha256), level)

    def _level(self, source: Source, name: str, found: LockLine) -> Level:
        """Who vouches for a file; one that the locks contradict or do not list is fetched, which reports it."""
        if found.sha256 in copies(source, self._order.frozen):
            return "copy"
        key = lock_key(source, name)
        line, level = self._line(key)
        if self._order.frozen and key not in self._committed:
            raise Unknown(UNPINNED)
        if line is None or line.sha256 != found.sha256:
            raise Unknown("not what the lock pins" if line else NEVER)
        return level

    def _line(self, key: str) -> tuple[LockLine | None, Level]:
        if key in self._committed:
            return self._committed[key], "locked"
        return self._own.get(key), "first-use"
