"""Whether a training fits its device, and what makes it fit."""

import resource
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from schemas.errors import FinetuneError
from schemas.finetune import Lora, Recipe
from tasks.base.pages.words import size
from tasks.model.finetune.architecture import Architecture, of
from tasks.model.finetune.estimate import estimate

FULL = ("out of memory", "can't allocate memory", "cannot allocate memory")
"""How torch says that an allocation failed."""

USABLE = 0.8
"""Share of a full device that an advised training may be estimated to take."""


class Room(NamedTuple):
    """What one device has.

    Attributes:
        device: `cuda` or `cpu`.
        name: as people call it.
        free: bytes.
        total: bytes.
        devices: how many of these this machine has.
    """

    device: str
    name: str
    free: int
    total: int
    devices: int


def room(processes: int = 1) -> Room:
    """What the device that a training would use has: the first GPU, else this machine's memory.

    Args:
        processes: that share the memory of the machine where there is no GPU.
    """
    import psutil

    try:
        import torch  # pyright: ignore[reportMissingImports]
    except ImportError:
        torch = None
    if torch is not None and torch.cuda.is_available():
        free, total = torch.cuda.mem_get_info(0)
        return Room("cuda", torch.cuda.get_device_name(0), free, total, torch.cuda.device_count())
    memory = psutil.virtual_memory()
    name = "the CPU" if processes == 1 else f"each of {processes} processes on the CPU"
    return Room("cpu", name, memory.available // processes, memory.total // processes, 1)


def held() -> int:
    """Bytes held at most so far: of the GPU where there is one, else of this process."""
    import torch  # pyright: ignore[reportMissingImports]

    if torch.cuda.is_available():
        return int(torch.cuda.max_memory_allocated())
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def require(recipe: Recipe, folder: Path | None, processes: int = 1, shards: int = 1) -> None:
    """Refuse a training that cannot fit: weights and optimizer states alone are larger than what is free.

    Args:
        recipe: how.
        folder: of the model's files.
        processes: that share a step, one a device.
        shards: into how many parts they are divided.

    Raises:
        FinetuneError: it cannot fit; says what to set.
    """
    shape = of(recipe, folder)
    if shape is None:
        return
    place = room(processes)
    fixed = estimate(recipe, shape, place.device, processes, shards).memory.fixed
    if fixed > place.free:
        raise FinetuneError(
            f"{recipe.name}: weights and optimizer states take {size(fixed)}, and {place.name} has {size(place.free)} "
            f"free. {ways_out(recipe, shape, place)}"
        )


def warning(recipe: Recipe, shape: Architecture, place: Room, processes: int = 1, shards: int = 1) -> str:
    """Why a training may not fit and what to set; empty if it should fit."""
    peak = estimate(recipe, shape, place.device, processes, shards).memory.peak
    if peak <= place.free:
        return ""
    return f"{size(peak)} may not fit: {place.name} has {size(place.free)} free. {ways_out(recipe, shape, place)}"


def ways_out(recipe: Recipe, shape: Architecture, place: Room) -> str:
    """What to set so that a training fits: as few changes as possible, those first that change the result least."""
    changes = _changes(recipe)
    for number in range(1, len(changes) + 1):
        for taken in combinations(changes, number):
            if (peak := _peak(recipe, shape, place, taken)) <= place.free:
                return f"Try {_said(taken)}, estimated at {size(peak)}."
    even = f"Even {_said(changes)} would take {size(_peak(recipe, shape, place, changes))}. " if changes else ""
    return f"{even}Take a smaller model, or several GPUs that share the weights (--accelerate, see docs/finetuning.md)."


class _Change(NamedTuple):
    """Settings that save memory, as they are given and as they are."""

    said: str
    fields: dict[str, object]


def _changes(recipe: Recipe) -> list[_Change]:
    rate = 10 * recipe.learning_rate  # what adapters bear (Schulman et al., LoRA Without Regret, 2025)
    known = [
        (
            recipe.tokens_at_once > recipe.max_length,
            _Change(f"--set tokens_at_once={recipe.max_length}", {"tokens_at_once": recipe.max_length}),
        ),
        (
            not recipe.gradient_checkpointing,
            _Change("--set gradient_checkpointing=true", {"gradient_checkpointing": True}),
        ),
        (
            recipe.optimizer == "adamw" and not recipe.lora,
            _Change("--set optimizer=adafactor", {"optimizer": "adafactor"}),
        ),
        (
            recipe.lora is None and recipe.model is not None,
            _Change(f'--set "lora={{rank: {Lora().rank}}}" --set learning_rate={rate:g}', {"lora": Lora()}),
        ),
    ]
    return [change for possible, change in known if possible]


def _peak(recipe: Recipe, shape: Architecture, place: Room, changes: Sequence[_Change]) -> int:
    for change in changes:
        recipe = recipe.model_copy(update=change.fields)
    return estimate(recipe, shape, place.device).memory.peak


def _said(changes: Sequence[_Change]) -> str:
    return " ".join(change.said for change in changes)


@contextmanager
def enough(recipe: Recipe, folder: Path | None) -> Iterator[None]:
    """Turn an allocation that fails into an error that says what to set.

    Raises:
        FinetuneError: the memory of the device is full.
    """
    try:
        yield
    except (RuntimeError, MemoryError) as error:  # torch.OutOfMemoryError is a RuntimeError
        said = " ".join(str(error).split())
        if not isinstance(error, MemoryError) and not any(words in said.lower() for words in FULL):
            raise
        shape, place = of(recipe, folder), room()
        place = place._replace(free=round(USABLE * place.total))
        advice = ways_out(recipe, shape, place) if shape else f"Try {_said(_changes(recipe))}."
        raise FinetuneError(f"{recipe.name}: the memory of {place.name} is full: {said[:300]} {advice}") from error
