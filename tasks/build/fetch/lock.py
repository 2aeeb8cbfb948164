"""The locks: which sha256 the bytes of an address must have.

The committed lock (`sources/sources.lock`) pins the publishers' files for everybody. A root's own lock
(`<root>/sources.lock`) remembers what an address without such a line gave the first time, so that it cannot
change unseen afterwards.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock as ThreadLock
from typing import NamedTuple

import sources
from schemas.errors import DeclarationError
from tasks.base.store.root import Root

COMMITTED = sources.FOLDER / "sources.lock"
_HEADER = (
    "# sha256  bytes  date  address; written by `medinst lock`\n"
    "# `record` before the address: from an independent public record, not downloaded for this file\n"
)
_LINE = re.compile(r"([0-9a-f]{64})  (\d+)  (\d{4}-\d\d-\d\d)  (?:(record)  )?(\S+)")
_one_writer = ThreadLock()


class LockLine(NamedTuple):
    """What an address gave.

    Attributes:
        sha256: of the bytes, in hexadecimal.
        bytes: their number.
        date: the day on which they were fetched or the record was read, as `YYYY-MM-DD`.
        record: whether this comes from an independent public record, such as another project's checksums, and nobody
            has fetched the file for this lock yet.
    """

    sha256: str
    bytes: int
    date: str
    record: bool = False


Lock = dict[str, LockLine]
"""Lines by address."""


def today() -> str:
    """The date of a line written now, in UTC."""
    return datetime.now(UTC).date().isoformat()


def read_lock(text_or_path: str | Path) -> Lock:
    """Read a lock.

    Args:
        text_or_path: its text, or the path of its file; a file that is not there is an empty lock.

    Raises:
        DeclarationError: a line is not a lock line; the message has its number.
    """
    if isinstance(text_or_path, Path):
        text = text_or_path.read_text(encoding="utf-8") if text_or_path.exists() else ""
        return _parsed(text, str(text_or_path))
    return _parsed(text_or_path, "lock")


def _parsed(text: str, place: str) -> Lock:
    lock: Lock = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None or match[5] in lock:
            problem = "a second line of one address" if match else repr(line)
            raise DeclarationError(
                f"`{place}`, line {number}: expected `<sha256>  <bytes>  <YYYY-MM-DD>  [record  ]<address>`, one for "
                f"each address, found {problem}. Remove the line and run `medinst lock`.",
                place=place,
                line=number,
            )
        lock[match[5]] = LockLine(match[1], int(match[2]), match[3], bool(match[4]))
    return lock


def lock_text(lock: Mapping[str, LockLine]) -> str:
    """Write a lock: sorted by address, one line each."""
    return _HEADER + "".join(_written(url, line) for url, line in sorted(lock.items()))


def _written(url: str, line: LockLine) -> str:
    return f"{line.sha256}  {line.bytes}  {line.date}  {'record  ' if line.record else ''}{url}\n"


def committed_lock() -> Lock:
    """The lock that is part of the sources."""
    return read_lock(COMMITTED)


def merge_into(path: Path, lines: Mapping[str, LockLine]) -> None:
    """Add lines to a lock file, or replace those of the same addresses.

    A line that says nothing new keeps its date, so that a diff of the lock shows only changes.
    """
    _merge(Root(str(path.parent)), path.name, lines)


def root_lock(root: Root) -> Lock:
    """The root's own lock."""
    with _one_writer:
        return _read(root, "sources.lock")


def remember(root: Root, lines: Mapping[str, LockLine]) -> None:
    """Add lines to the root's own lock, or replace those of the same addresses; threads may do so at once."""
    _merge(root, "sources.lock", lines)


def _read(root: Root, name: str) -> Lock:
    return _parsed(root.read_bytes(name).decode(), root.uri(name)) if root.exists(name) else {}


def _merge(root: Root, name: str, lines: Mapping[str, LockLine]) -> None:
    with _one_writer:
        lock = _read(root, name)
        changed = {url: line for url, line in lines.items() if url not in lock or _says_more(line, lock[url])}
        if changed:
            root.write_bytes(name, lock_text(lock | changed).encode())


def _says_more(line: LockLine, before: LockLine) -> bool:
    """Whether a line says something else than before, or confirms what only a record said."""
    return line[:2] != before[:2] or (before.record and not line.record)
