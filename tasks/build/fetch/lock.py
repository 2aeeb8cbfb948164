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
from typing import Literal, NamedTuple

from pydantic import TypeAdapter

import sources
from schemas.errors import DeclarationError
from tasks.base.store.root import Root

LOCK = "sources.lock"
COMMITTED = sources.FOLDER / LOCK
_HEADER = (
    "# sha256  bytes  date  address; written by `medinst lock`\n"
    "# Before the address: `record`: from an independent public record, not downloaded; `mirror`: the bytes that a\n"
    "# mirror has, not downloaded; `unread`: not trusted yet; none of these words: downloaded\n"
)
_LINE = re.compile(r"([0-9a-f]{64})  (\d+)  (\d{4}-\d\d-\d\d)  (?:(record|mirror|unread)  )?(\S+)")
_one_writer = ThreadLock()


Note = Literal["", "record", "mirror", "unread"]
_NOTE: TypeAdapter[Note] = TypeAdapter(Note)


class LockLine(NamedTuple):
    """What an address gave.

    Attributes:
        sha256: of the bytes, in hexadecimal.
        bytes: their number.
        date: the day on which they were fetched or the record was read, as `YYYY-MM-DD`.
        note: where this comes from, if not from an own download. `record`: an independent public record, such as
            another project's checksums. `mirror`: the bytes of a mirror, whose keeper calls them the publisher's.
            `unread`: the file came for the first time and has not been read, so that it is known, but not yet trusted.
    """

    sha256: str
    bytes: int
    date: str
    note: Note = ""


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
                f"`{place}`, line {number}: expected `<sha256>  <bytes>  <YYYY-MM-DD>  [record  |mirror  ]<address>`, "
                f"one for each address, found {problem}. Remove the line and run `medinst lock`.",
                place=place,
                line=number,
            )
        lock[match[5]] = LockLine(match[1], int(match[2]), match[3], _NOTE.validate_python(match[4] or ""))
    return lock


def lock_text(lock: Mapping[str, LockLine]) -> str:
    """Write a lock: sorted by address, one line each."""
    return _HEADER + "".join(_written(url, line) for url, line in sorted(lock.items()))


def _written(url: str, line: LockLine) -> str:
    return f"{line.sha256}  {line.bytes}  {line.date}  {line.note and f'{line.note}  '}{url}\n"


def committed_lock() -> Lock:
    """The lock that is part of the sources, with those of the folders of one's own."""
    lock = read_lock(COMMITTED)
    for folder in sources.folders():
        lock |= read_lock(folder / LOCK)
    return lock


def lock_of(source: str) -> Path:
    """The lock file in which the files of a source are pinned."""
    home = sources.home(source)
    return COMMITTED if home == sources.FOLDER else home / LOCK


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


def confirm(root: Root, lines: Mapping[str, str]) -> None:
    """Trust lines of the root's own lock (sha256 by address), because the files have been read."""
    with _one_writer:
        lock = _read(root, "sources.lock")
        read = {url for url, sha256 in lines.items() if url in lock and lock[url][0] == sha256 and lock[url].note}
        if read:
            trusted = {url: line._replace(note="") if url in read else line for url, line in lock.items()}
            root.write_bytes("sources.lock", lock_text(trusted).encode())


def forget(root: Root, lines: Mapping[str, str]) -> None:
    """Remove lines of the root's own lock (sha256 by address) that are not trusted yet: the files cannot be read."""
    with _one_writer:
        lock = _read(root, "sources.lock")
        kept = {url: line for url, line in lock.items() if line.note != "unread" or lines.get(url) != line.sha256}
        if kept != lock:
            root.write_bytes("sources.lock", lock_text(kept).encode())


def _read(root: Root, name: str) -> Lock:
    return _parsed(root.read_bytes(name).decode(), root.uri(name)) if root.exists(name) else {}


def _merge(root: Root, name: str, lines: Mapping[str, LockLine]) -> None:
    with _one_writer:
        lock = _read(root, name)
        changed = {url: line for url, line in lines.items() if url not in lock or _says_more(line, lock[url])}
        if changed:
            root.write_bytes(name, lock_text(lock | changed).encode())


def _says_more(line: LockLine, before: LockLine) -> bool:
    """Whether a line says something else than before, or confirms what was noted."""
    return line[:2] != before[:2] or bool(before.note and not line.note)
