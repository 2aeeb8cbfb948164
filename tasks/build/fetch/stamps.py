"""Stamps: whether a file of a mirror on this machine is still the one that was read, told without reading it.

A stamp is made of what the file system says of a file, or of each file of a folder that stands for an archive. The
root remembers the stamps of its last builds with the sha256 that was found then.
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path

from schemas.state import State
from tasks.base.store.fingerprint import code_of, fingerprint
from tasks.base.store.root import Root
from tasks.build.fetch.lock import LockLine

FILE = "files.json"
SETTLED = 2.0
"""Seconds after which a change of a file surely shows in its times, which the system does not count more finely."""

Stamped = dict[str, dict[str, tuple[str, str, int]]]
"""Source -> file -> its stamp, its sha256 and its size."""


def stamp(path: Path) -> str:
    """What changes when a file or folder does; empty where that cannot be said, or it has just changed."""
    try:
        found = list(_found(path, ""))
    except OSError:
        return ""
    if any(max(changed, modified) > (time.time() - SETTLED) * 1e9 for *_, modified, changed in found):
        return ""
    return fingerprint(sorted(found), code_of("tasks.build.fetch.pack") if path.is_dir() else "")


def _found(path: Path, name: str) -> Iterator[tuple[str, int, int, int, int, int]]:
    about = path.stat()
    yield name, about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns
    if path.is_dir():
        with os.scandir(path) as entries:
            for entry in entries:
                yield from _found(Path(entry.path), f"{name}/{entry.name}")


def stamped(root: Root) -> Stamped:
    """What a root remembers; nothing where it does not say."""
    uri = root.uri("catalogue", FILE)
    kept = root.read_json(uri) if root.exists(uri) else {}
    return {source: {name: tuple(said) for name, said in files.items()} for source, files in kept.items()}


def line_of(known: Stamped, source: str, name: str, now: str) -> LockLine | None:
    """The sha256 and size of a file whose stamp is known; None where it is another or none."""
    before, sha256, size = known.get(source, {}).get(name, ("", "", 0))
    return LockLine(sha256, size, "") if now and before == now else None


def remember(state: State) -> None:
    """Keep the stamps of a build, beside those of sources that it did not ask for."""
    root = Root(state.order.root)
    before = stamped(root)
    now: Stamped = {
        built.source: {
            blob.name: (built.fetched.stamps[blob.name], blob.sha256, blob.bytes)
            for blob in built.fetched.blobs
            if blob.name in built.fetched.stamps
        }
        for built in state.sources
        if built.fetched is not None
    }
    if (both := before | now) != before:
        root.write_json(root.uri("catalogue", FILE), both)
