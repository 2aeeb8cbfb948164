"""A full disk is not a bug: it is reported in one sentence."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

import polars as pl

from schemas.errors import PublishError

_FULL = (errno.ENOSPC, errno.EDQUOT)
_WORDS = ("No space left on device", "Disk quota exceeded")


def is_full(error: BaseException) -> bool:
    """Whether an error means that the disk is full."""
    if not isinstance(error, OSError | pl.exceptions.PolarsError):
        return False
    return getattr(error, "errno", None) in _FULL or any(words in str(error) for words in _WORDS)


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
    except (OSError, pl.exceptions.PolarsError) as error:
        if not is_full(error):
            raise
        raise PublishError(
            f"{place}: the disk is full. Nothing was published, and what was begun is removed. "
            f"Make room or name another place, then: {command}",
            place=place,
        ) from error
