"""A training in several processes, one a device, as accelerate starts them: who writes, and who waits."""

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

T = TypeVar("T")

CPU = "ACCELERATE_USE_CPU"
"""The variable that tells accelerate to use the CPU; its launcher does not set it where it starts torchrun."""

PATIENCE = timedelta(hours=6)
"""How long processes wait for the main one, which may tokenize a large mixture; NCCL's ten minutes are too short."""


def world() -> int:
    """Processes that share this training."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def is_main() -> bool:
    """Whether this is the process that writes."""
    return os.environ.get("RANK", "0") == "0"


def on_cpu() -> bool:
    """Whether to train on the CPU: there is nothing else, or several processes were told to share it."""
    import torch  # pyright: ignore[reportMissingImports]

    return os.environ.get(CPU) == "true" or not torch.accelerator.is_available()


def once(work: Callable[[], T]) -> T:
    """Work in the main process while the others wait; all get the result, or raise the error."""
    if world() == 1:
        return work()
    from accelerate import PartialState  # pyright: ignore[reportMissingImports]
    from accelerate.utils import broadcast_object_list  # pyright: ignore[reportMissingImports]

    PartialState(cpu=on_cpu(), timeout=PATIENCE)  # connects the processes
    said: list[Any] = [None, None]
    if is_main():
        try:
            said[0] = work()
        except Exception as error:  # all processes raise it below
            said[1] = error
    broadcast_object_list(said)
    if said[1] is not None:
        raise said[1]
    return said[0]


def wait() -> None:
    """Wait until all processes are here."""
    once(lambda: None)


def shards() -> int:
    """Into how many parts the processes divide weights, gradients and states (FSDP); 1 if each has all of them."""
    return world() if os.environ.get("ACCELERATE_USE_FSDP") == "true" else 1
