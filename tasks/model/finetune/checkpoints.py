"""Checkpoints: whole ones are marked, so that what a killed run left half written is never loaded."""

import json
import math
import os
import shutil
from pathlib import Path

MARK = "_whole.json"
"""File name -> bytes; written last, when the disk holds the others."""

_PREFIX = "checkpoint-"
_STATE = "trainer_state.json"


def mark(checkpoint: Path) -> None:
    """Mark a checkpoint whole, once the disk holds all of it."""
    sizes: dict[str, int] = {}
    for path in sorted(checkpoint.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
            sizes[path.relative_to(checkpoint).as_posix()] = path.stat().st_size
    fresh = checkpoint / f".{MARK}.part"
    fresh.write_text(json.dumps(sizes, indent=1) + "\n", encoding="utf-8")
    fresh.replace(checkpoint / MARK)


def step(checkpoint: Path) -> int:
    """The step at which a checkpoint was written."""
    return int(checkpoint.name.removeprefix(_PREFIX))


def is_last(checkpoint: Path) -> bool:
    """Whether a checkpoint was written after the last step of its training."""
    state = json.loads((checkpoint / _STATE).read_text(encoding="utf-8"))
    return state["global_step"] >= state["max_steps"]


def last_whole(folder: Path) -> Path | None:
    """The newest whole checkpoint of a run; half-written ones are removed."""
    whole: list[Path] = []
    for path in folder.glob(f"{_PREFIX}*"):
        if _is_whole(path):
            whole.append(path)
        else:
            shutil.rmtree(path)
    return max(whole, key=step, default=None)


def _is_whole(checkpoint: Path) -> bool:
    try:
        sizes = json.loads((checkpoint / MARK).read_text(encoding="utf-8"))
        return all((checkpoint / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError):
        return False


def remove_all(folder: Path) -> None:
    """Remove the checkpoints of a run that ended."""
    for path in folder.glob(f"{_PREFIX}*"):
        shutil.rmtree(path)


def snapshot(folder: Path, share: float) -> Path:
    """The folder of a model after a share of the steps: `at-25` in that of the whole training for a quarter."""
    return folder if share == 1 else folder / f"at-{100 * share:g}"


def steps(share: float, of: int) -> int:
    """A share of the steps of a training, rounded up."""
    return math.ceil(share * of)
