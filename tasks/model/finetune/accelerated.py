"""Configuration files of accelerate: on how many devices a training runs, and whether they divide the weights."""

from pathlib import Path
from typing import NamedTuple

import yaml

from schemas.errors import FinetuneError
from schemas.finetune import Recipe


class Launch(NamedTuple):
    """A configuration of accelerate.

    Attributes:
        processes: one a device.
        shards: into how many parts weights, gradients and states are divided.
        cpu: whether they share the CPU.
    """

    path: Path
    processes: int
    shards: int
    cpu: bool


ALONE = Launch(Path(), 1, 1, cpu=False)
"""One process."""


def refuse_alone(recipe: Recipe, path: str | Path | None) -> None:
    """Refuse several processes for a training that has one.

    Raises:
        FinetuneError: the recipe trains on rewards, and a configuration is given.
    """
    if recipe.reinforce and path:
        raise FinetuneError(
            f"{path}: {recipe.name} trains on rewards, which is done in one process. Leave --accelerate out; "
            "CUDA_VISIBLE_DEVICES chooses the GPU."
        )


def read(path: Path) -> Launch:
    """Read a configuration.

    Raises:
        FinetuneError: it is not there, is not one, or is for a single process.
    """
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
        processes = int(said["num_processes"])
        sharded, cpu = said["distributed_type"] == "FSDP", bool(said.get("use_cpu"))
    except OSError as error:
        raise FinetuneError(
            f"{path}: this file cannot be read: {error.strerror}. Ready-made: deployments/accelerate/; or write one: "
            "accelerate config --config_file FILE"
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        raise FinetuneError(
            f"{path}: this is not a configuration of accelerate; it needs num_processes and distributed_type. "
            "Write one: accelerate config --config_file FILE"
        ) from error
    if processes < 2:
        raise FinetuneError(f"{path}: num_processes is {processes}. Leave --accelerate out to train on one device.")
    return Launch(path.absolute(), processes, processes if sharded else 1, cpu)
