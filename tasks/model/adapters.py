"""Adapters without the model that they belong to: which that is, also after their root or the model has moved."""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from schemas.errors import ModelError
from tasks.model.pretrained.find import find
from tasks.model.pretrained.revision import revision

ADAPTERS, CONFIG, RECEIPT = "adapter_config.json", "config.json", "trained.json"
"""The file by which a folder of adapters is known, that of a whole model, and the receipt of `medinst finetune`."""


def are_adapters(folder: Path) -> bool:
    """Whether a folder has adapters and not the model that they belong to."""
    return (folder / ADAPTERS).is_file() and not (folder / CONFIG).is_file()


def named_by(adapters: Path) -> str:
    """The model that adapters name: a folder, where they were trained, or a name on the Hub."""
    return str(_json(adapters / ADAPTERS).get("base_model_name_or_path") or "")


def adapted_by(adapters: Path) -> Path | None:
    """The folder of the model that adapters belong to; None if it is not on this machine, or known to the Hub alone.

    It is the folder that they name. If that is not there, it is the fetched model that their receipt names, if its
    bytes are still the same, or a folder of that name beside theirs: models made here are named by a hash of what they
    are.
    """
    named = Path(named_by(adapters))
    if named.is_dir():
        return named
    return next(_moved(adapters, named.name), None)


def _moved(adapters: Path, name: str) -> Iterator[Path]:
    around = (adapters, adapters.parent)  # a snapshot lies in the folder of its training
    for said in (_json(each / RECEIPT) for each in around):
        with suppress(ModelError, OSError):
            model = find(said["base"]) if said else None
            if model and revision(said["base"]) == said["revision"]:
                yield model.folder
    yield from (folder for each in around if name and (folder := each.parent / name).is_dir())


def _json(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
