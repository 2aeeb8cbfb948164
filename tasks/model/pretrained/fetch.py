"""Fetching a model: whole or not at all, once, by one process at a time."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from schemas.errors import ModelError
from schemas.pretrained import Fetched, Pretrained, Snapshot
from tasks.base.store.disk import WORDS, is_full
from tasks.model.pretrained.bring import Say, bring
from tasks.model.pretrained.hub import CACHE
from tasks.model.pretrained.place import RECEIPT, broken, content, folder_of, receipt


class Result(NamedTuple):
    """A model that is there.

    Attributes:
        fresh: whether it was fetched now.
    """

    folder: Path
    receipt: Fetched
    fresh: bool


def fetch(model: Pretrained, out: Path | None, say: Say) -> Result:
    """Fetch a model, unless it is there whole.

    Args:
        model: which.
        out: its folder; that of its name in the cache if None.
        say: told what is done, one sentence at a time.

    Raises:
        ModelError: the folder has other files, another process is fetching the model, the disk is full, or the model
            cannot be had; what was there before is still there.
    """
    folder = (out.expanduser() if out else folder_of(model)).absolute()
    known = _whole(model, folder, say)
    if known:
        return Result(folder, known, fresh=False)
    with _part(model, folder) as part:
        _refuse_full(model, part)
        made_with = bring(model, part, say)
        fresh = Fetched(name=model.name, source=model.source, files=content(part), made_with=made_with)
        (part / RECEIPT).write_text(fresh.model_dump_json(indent=1) + "\n", encoding="utf-8")
        _replace(folder, part)
    return Result(folder, fresh, fresh=True)


def _whole(model: Pretrained, folder: Path, say: Say) -> Fetched | None:
    """The receipt of a model all of whose files are as they were fetched; None if it has to be fetched.

    Raises:
        ModelError: the folder has files that were not fetched.
    """
    known = receipt(folder)
    if known is None:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise ModelError(
                f"{folder} is there and has no {RECEIPT} that can be read, so it was not fetched by this command, or "
                f"not whole. Move it away, or choose another folder: medinst model fetch {model.name} --out FOLDER"
            )
        return None
    if known.name != model.name:
        raise ModelError(
            f"{folder} has the model {known.name}. Choose another folder: medinst model fetch {model.name} --out FOLDER"
        )
    if known.source != model.source:
        say(f"{folder} came from elsewhere ({known.source.about}); fetching it again")
        return None
    if faults := broken(folder, known.files):
        say(f"{folder}: {'; '.join(faults)}; fetching it again")
        return None
    return known


@contextmanager
def _part(model: Pretrained, folder: Path) -> Iterator[Path]:
    """A folder beside that of a model, held by this process; what is in it at the end of the block is removed.

    What was downloaded from the Hub stays if the block fails, so that the next call goes on.
    """
    part = folder.with_name(f".{folder.name}.part")
    part.mkdir(parents=True, exist_ok=True)
    held = _hold(model, part)
    try:
        if not isinstance(model.source, Snapshot):
            _empty(part)  # of one that was killed
        yield part
    except Exception as error:
        if not is_full(error) and not any(words in str(error) for words in WORDS):
            raise
        raise ModelError(
            f"{folder}: the disk is full. Make room (the model needs {_gigabytes(model.bytes)}) or choose another "
            f"folder with --out, then: medinst model fetch {model.name}"
        ) from error
    finally:
        if _is_at(held, part) and not (isinstance(model.source, Snapshot) and _has_begun(part)):
            shutil.rmtree(part, ignore_errors=True)
        os.close(held)


def _hold(model: Pretrained, part: Path) -> int:
    """Open a folder and hold it: the hold ends when it is closed, or with the process."""
    held = os.open(part, os.O_RDONLY | os.O_DIRECTORY)
    with suppress(BlockingIOError):
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if _is_at(held, part):
            return held
    os.close(held)
    raise ModelError(f"Another process is fetching {model.name}. Wait until it ends: medinst model list")


def _is_at(held: int, part: Path) -> bool:
    """Whether an open folder is still the one at a path: who held it before may have renamed it."""
    return part.exists() and os.path.samestat(os.fstat(held), part.stat())


def _empty(part: Path) -> None:
    for path in part.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _has_begun(part: Path) -> bool:
    """Whether a download has left something to go on with."""
    files = (path for path in part.rglob("*") if path.is_file() and path.stat().st_size)
    return any(CACHE not in path.parts or path.suffix == ".incomplete" for path in files)


def _replace(folder: Path, part: Path) -> None:
    """Put a whole folder in its place; a broken one that is there goes."""
    old = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    part.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _refuse_full(model: Pretrained, part: Path) -> None:
    there = sum(path.stat().st_size for path in part.rglob("*") if path.is_file())
    free = shutil.disk_usage(part).free
    if free < model.bytes - there:
        raise ModelError(
            f"{part.parent} has {_gigabytes(free)} free, and {model.name} needs {_gigabytes(model.bytes - there)}. "
            f"Make room, or choose another folder: medinst model fetch {model.name} --out FOLDER"
        )


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:,.1f} GB"
