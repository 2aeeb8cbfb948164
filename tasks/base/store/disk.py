"""A full disk is not a bug: it is reported in one sentence."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from schemas.errors import PublishError

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
WORDS = ("No space left on device", "Disk quota exceeded", "File too large", "Could not write all bytes")
_WRITERS = {"polars", "duckdb", "_duckdb", "pyarrow"}
"""Libraries whose own errors may be about the disk."""


def is_full(error: BaseException) -> bool:
    """Whether an error means that the disk is full."""
    if getattr(error, "errno", None) in _FULL:
        return True
    writes = isinstance(error, OSError) or type(error).__module__.partition(".")[0] in _WRITERS
    return writes and any(words in str(error) for words in WORDS)


@contextmanager
def room(place: str, command: str) -> Iterator[None]:
    """Report a full disk where writing fails because of it.

    Args:
        place: what is written to.
        command: what to run again.

    Raises:
        PublishError: the disk is full.
    """
    try:
        yield
    except Exception as error:
        if not is_full(error):
            raise
        raise PublishError(
            f"{place}: the disk is full. Nothing was published, and what was begun is removed. "
            f"Make room or name another place, then: {command}",
            place=place,
        ) from error
