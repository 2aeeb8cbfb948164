"""Locks: a file that one process holds alone. The hold is the operating system's: it ends with the process, however."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from schemas.errors import MedinstError

LOCK = ".lock"
"""What is held of a root: a file in a folder, an object in a bucket."""


def hold(path: Path, busy: Callable[[], MedinstError] | None) -> int:
    """Open a file to append to, and hold it until its descriptor is closed.

    Args:
        path: the file; it is made, with its folder, where it is not there.
        busy: makes the error to raise where another process holds it; None to wait until it does not.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (fcntl.LOCK_NB if busy else 0))
    except BlockingIOError as error:
        os.close(descriptor)
        assert busy is not None
        raise busy() from error
    return descriptor


@contextmanager
def alone(path: Path, busy: Callable[[], MedinstError] | None = None) -> Iterator[None]:
    """Hold a file that names its holder: `holder` reads the process from it. Without `busy` it waits for the file."""
    descriptor = hold(path, busy)
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
        yield
    finally:
        os.close(descriptor)


def holder(path: Path) -> str:
    """The process that holds a file, for messages."""
    return path.read_text(encoding="ascii").strip() or "unknown"
