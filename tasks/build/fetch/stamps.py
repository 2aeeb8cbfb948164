"""Stamps: whether a file of a mirror on this machine is still the one that was read, told without reading it.

A stamp is made of what the file system says of a file, or of each file of a folder that stands for an archive. A root
remembers, of each source, the stamps with the sha256 that was found then.
"""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from schemas.errors import Damaged
from schemas.receipts import Fetched
from schemas.state import State
from tasks.base.store.fingerprint import code_of, fingerprint
from tasks.base.store.listing import Listing
from tasks.base.store.root import Root

FOLDER = "catalogue/files"
"""Folder of a root with `<source>.json`: what was fetched of a source, as far as stamps are known of it."""

SETTLED = 2.0
"""Seconds after which a change of a file surely shows in its times, which the system does not count more finely."""


def stamp(path: Path) -> str:
    """What changes when a file or folder does; empty where that cannot be said, or it has just changed."""
    try:
        found = list(_found(path, ""))
    except OSError:
        return ""
    if any(max(modified, changed) > (time.time() - SETTLED) * 1e9 for *_, modified, changed in found):
        return ""
    return fingerprint(sorted(found), code_of("tasks.build.fetch.pack") if path.is_dir() else "")


def _found(path: Path, name: str) -> Iterator[tuple[str, int, int, int, int, int]]:
    about = path.stat()
    yield name, about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns
    if path.is_dir():
        with os.scandir(path) as entries:
            for entry in entries:
                yield from _found(Path(entry.path), f"{name}/{entry.name}")


def remember(root: Root, fetched: Fetched) -> None:
    """Keep the stamps of what was fetched of a source."""
    place = _place(fetched.source)
    said = fetched.model_dump_json(indent=1).encode()
    if fetched.stamps and not (root.exists(place) and root.read_bytes(place) == said):
        root.write_bytes(place, said)


def _place(source: str) -> str:
    return f"{FOLDER}/{source}.json"


class Stamps:
    """What was fetched under which stamp: in the last build, or in one before it.

    Args:
        listing: of the root.
        last: the newest build of the root.
    """

    def __init__(self, listing: Listing, last: State | None) -> None:
        self._listing = listing
        self._last = {built.source: built.fetched for built in (last.sources if last else ()) if built.fetched}

    def find(self, source: str, name: str, now: str) -> tuple[str, int] | None:
        """The sha256 and size of a file that has a stamp; None where it had none or another."""
        for fetched in self._kept(source):
            if now and fetched.stamps.get(name) == now:
                return next(((blob.sha256, blob.bytes) for blob in fetched.blobs if blob.name == name), None)
        return None

    def knows(self, source: str, name: str) -> bool:
        """Whether a file was ever fetched under a stamp."""
        return any(name in fetched.stamps for fetched in self._kept(source))

    def _kept(self, source: str) -> Iterator[Fetched]:
        if source in self._last:
            yield self._last[source]
        if self._listing.has(_place(source)):
            with suppress(Damaged):  # then the file is compared by its bytes
                yield self._listing.root.read_model(_place(source), Fetched)
