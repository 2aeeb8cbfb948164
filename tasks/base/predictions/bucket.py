"""Evaluations in a bucket: worked on in a copy on this machine, and sent as they grow.

An object is never appended to. So the answers of a run go into parts, and become one file when it has ended:

    <evaluation>/predictions/000001.jsonl   some lines each
    <evaluation>/predictions.jsonl          all of them

A run that is killed loses the answers of the last seconds; the next one reads parts and file, and goes on.
"""

import hashlib
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from pathlib import Path

from schemas.errors import EvaluationError, MedinstError
from tasks.base.store.root import Root, bucket, is_local
from tasks.base.store.scratch import scratch_of_process

EVERY = 10.0
"""Seconds between two parts."""

PARTS = "predictions"
"""Folder of the parts."""

LOCK = ".lock"

_addresses: dict[Path, str] = {}
_stamps: dict[Path, str] = {}


def here(address: str | Path) -> Path:
    """A folder or file on this machine for an address: itself, or the place of its copy."""
    address = str(address)
    if is_local(address):
        return Path(address.removeprefix("file://"))
    folder = _copies() / hashlib.sha256(address.rstrip("/").encode()).hexdigest()[:16]
    folder.mkdir(exist_ok=True)
    _addresses[folder] = address.rstrip("/")
    return folder


def address(path: Path) -> str:
    """Where a file or folder is for people: its address in the bucket, if it is a copy."""
    folder = next((each for each in _addresses if path.is_relative_to(each)), None)
    return str(path) if folder is None else "/".join((_addresses[folder], *path.relative_to(folder).parts))


def fetch(path: Path) -> None:
    """Copy a file of a bucket, if it is there and another one than that which was copied or sent last."""
    if (root := _root(path.parent)) is not None:
        _copy(path, root, [path.name] if root.exists(path.name) else [])


def fetch_scored(place: Path, benchmark: str | None, names: Sequence[str]) -> None:
    """Copy files of the evaluations in a bucket.

    Args:
        place: stands for the bucket's folder that holds `<benchmark>/<evaluation>/`.
        benchmark: its version; None for all.
        names: of the files.
    """
    if (root := _root(place)) is not None:
        root.fs.invalidate_cache()
        base = str(root.fs._strip_protocol(root.url))
        for name in names:
            for found in root.fs.glob(f"{base}/{benchmark or '*'}/*/{name}"):
                fetch(place / str(found).removeprefix(base).lstrip("/"))


def fetch_answers(path: Path) -> None:
    """Copy the answers of an evaluation in a bucket: its file and, behind it, the parts of a run that did not end."""
    if (root := _root(path.parent)) is not None:
        places = [path.name] if root.exists(path.name) else []
        _copy(path, root, places + [f"{PARTS}/{name}" for name in root.names(PARTS)])


def _copy(path: Path, root: Root, places: Sequence[str]) -> None:
    """Copy files as one; lines that are in several, because a run was killed between two writes, are there once."""
    stamp = " ".join(map(root.stamp, places))
    if places and _stamps.get(path) != stamp:
        data = b"".join(map(root.read_bytes, places))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if len(places) == 1 else b"".join(dict.fromkeys(data.splitlines(keepends=True))))
        _stamps[path] = stamp


def send(path: Path) -> None:
    """Write a file into the bucket, if it is the copy of one there."""
    if (root := _root(path.parent)) is not None:
        root.write_bytes(path.name, path.read_bytes())
        _stamps[path] = root.stamp(path.name)


def write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, into the bucket too if it is the copy of one there; processes may at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}.part")
    fresh.write_bytes(data)
    send(fresh.replace(path))


@contextmanager
def sent(path: Path) -> Iterator[Callable[[bytes], None]]:
    """Hold the answers of an evaluation and fetch them; of a folder on this machine, do nothing.

    Args:
        path: of the answers here.

    Yields:
        takes each line that is added.

    Raises:
        EvaluationError: another run holds them.
        BucketError: the store cannot be reached.
    """
    root = _root(path.parent)
    if root is None:
        yield lambda _: None
        return
    with _held(root):
        fetch_answers(path)
        parts = _Parts(root)
        with parts.sending():
            yield parts.add
        send(path)
        root.remove(PARTS)


def _held(root: Root) -> AbstractContextManager[object]:
    """Hold an evaluation in a store that has conditional writes."""
    from tasks.base.store.bucket import Bucket
    from tasks.base.store.lease import leased

    if not isinstance(root.fs, Bucket):
        return nullcontext()
    root.fs.invalidate_cache()  # a listing from before there was a lock would hide it
    return leased(
        bucket(root),
        root.uri(LOCK),
        lambda _: EvaluationError(f"{root.url}: another run is writing the answers. Wait until it ends."),
    )


class _Parts:
    """Lines on their way into a bucket.

    Args:
        root: the evaluation.
    """

    def __init__(self, root: Root) -> None:
        self.root, self.lines = root, list[bytes]()
        self.number = max((int(name.partition(".")[0]) for name in root.names(PARTS)), default=0)
        self.guard, self.over = threading.Lock(), threading.Event()
        self.failed: MedinstError | None = None

    def add(self, line: bytes) -> None:
        """Add a line to the next part.

        Raises:
            BucketError: the last part could not be written: no more answers are asked for than may be lost.
        """
        self.lines.append(line)
        if self.failed is not None:
            raise self.failed

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Write parts in the background, and what is left at the end."""
        thread = threading.Thread(target=self._send_often, name="parts", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self.over.set()
            thread.join()
            self._send()

    def _send_often(self) -> None:
        while not self.over.wait(EVERY):
            try:
                self._send()
                self.failed = None
            except MedinstError as error:
                self.failed = error

    def _send(self) -> None:
        with self.guard:
            count = len(self.lines)
            if count:
                self.root.write_bytes(f"{PARTS}/{self.number + 1:06}.jsonl", b"".join(self.lines[:count]))
                self.number += 1
                del self.lines[:count]


def _root(folder: Path) -> Root | None:
    """The folder of a bucket that a folder is the copy of."""
    found = address(folder)
    return None if is_local(found) else Root(found)


@cache
def _copies() -> Path:
    return scratch_of_process("evaluations")
