"""Failed writes of a training, as errors that say what to do."""

import contextlib
import errno
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from schemas.errors import FinetuneError
from schemas.finetune import Recipe

FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EROFS)
"""Error codes of the system for a file that cannot grow."""


@contextlib.contextmanager
def writing(folder: Path, stands: Callable[[], str] = lambda: "") -> Iterator[None]:
    """Turn a failed write into an error.

    The libraries report a full disk by errors of their own: OSError, RuntimeError of torch, SafetensorError.

    Args:
        folder: what is written.
        stands: says what is complete.

    Raises:
        FinetuneError: the disk is full.
    """
    try:
        yield
    except FinetuneError:
        raise
    except Exception as error:
        if not _is_write(error):
            raise
        raise FinetuneError(
            f"{folder}: this cannot be written: {error}. {stands()} Make room, then run the same command again."
        ) from error


def _is_write(error: Exception) -> bool:
    if isinstance(error, OSError):
        return error.errno in FULL
    words = str(error).lower()
    return any(said in words for said in (*(f"os error {code}" for code in FULL), "write failed", "unexpected pos"))


def check_room(folder: Path, needed: int) -> None:
    """Refuse to begin what the disk cannot hold.

    Args:
        folder: where it will be.
        needed: bytes, at least.

    Raises:
        FinetuneError: fewer are free.
    """
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise FinetuneError(
            f"{folder}: a checkpoint and the model need {needed / 1e9:,.1f} GB at least, and {free / 1e9:,.1f} GB are "
            "free. Make room, or choose another disk: --out FOLDER"
        )


def least(model: Any, recipe: Recipe) -> int:
    """Bytes of a checkpoint and the model at least: what is trained twice, in fp32, and the optimizer's moments."""
    if recipe.lora:
        return 0  # adapters are small
    moments = {"adamw": 2, "adafactor": 0}[recipe.optimizer]
    return 4 * (2 + moments) * sum(weight.numel() for weight in model.parameters())
