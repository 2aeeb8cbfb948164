"""Folders beside the root for what lives no longer than its process, such as unpacked archives.

Each is locked by the process that made it, and the lock ends with that process, however it ends. So the folders of
killed processes are told from those in use, also where several machines or containers share one temporary folder.
"""

import atexit
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

_PREFIX = "medinst-scratch-"


@contextmanager
def scratch(what: str) -> Iterator[Path]:
    """Lend an empty folder, in `TMPDIR` or where the system has its temporary files.

    Args:
        what: a word for its name, for people who find it there.
    """
    folder, lock = _made(what)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def scratch_of_process(what: str) -> Path:
    """A folder like that of `scratch`, which is there until the process ends."""
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(scratch(what))


def sweep() -> None:
    """Remove the folders that processes of this user left when they were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):  # it went meanwhile, or belongs to somebody else
            if folder.lstat().st_uid == os.geteuid() and (lock := _hold(folder)) is not None:
                shutil.rmtree(folder, ignore_errors=True)
                os.close(lock)


def _made(what: str) -> tuple[Path, int | None]:
    """A new folder and its lock; None where the file system has no locks, and then nobody sweeps it."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-{what}-"))
        try:
            lock = _hold(folder)
        except FileNotFoundError:
            continue  # swept before it was locked
        except OSError:
            return folder, None
        if lock is not None and folder.exists():
            return folder, lock
        if lock is not None:
            os.close(lock)


def _hold(folder: Path) -> int | None:
    """Lock a folder; None if another process has."""
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(lock)
        if isinstance(error, BlockingIOError):
            return None
        raise
    return lock
