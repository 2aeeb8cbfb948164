"""The model that a name means: a folder, or one that was fetched."""

from pathlib import Path
from typing import NamedTuple

from schemas.errors import ModelError, did_you_mean
from schemas.pretrained import Pretrained
from tasks.model.pretrained.declared import declared, on_hub
from tasks.model.pretrained.place import fetched, folder_of, needed, receipt


class Found(NamedTuple):
    """A model in a folder.

    Attributes:
        model: what is declared of it; None for a folder that was not fetched.
    """

    folder: Path
    model: Pretrained | None


def find(name: str, revision: str | None = None) -> Found | None:
    """Find a model on this machine.

    Args:
        name: a folder, the name of a declared model, or `owner/name` of one on the Hub.
        revision: of the latter; any if None.

    Returns:
        None if the name is neither a folder nor that of a fetched model of the Hub, nor declared.

    Raises:
        ModelError: a declared model has not been fetched, or a file of a fetched one is missing.
    """
    folder = Path(name).expanduser()
    if folder.is_dir():
        known = receipt(folder)
        return Found(folder.absolute(), declared().get(known.name) if known else None)
    if model := declared().get(name):
        return Found(needed(model), model)
    if (model := on_hub(name, revision)) and (there := fetched(model)):
        return Found(there, model)
    return None


def known(name: str) -> Found:
    """A model on this machine.

    Raises:
        ModelError: the model is not on this machine; the message names the closest one that can be fetched.
    """
    if found := find(name):
        return found
    if model := on_hub(name, None):
        return Found(needed(model), model)
    raise ModelError(
        f"Unknown model `{name}`{did_you_mean(name, declared())}: it is not a folder, and not a model that can be "
        f"fetched. To fetch one of {', '.join(declared())}: medinst model fetch NAME"
    )


def called(name: str) -> str | None:
    """The name of a fetched model that is meant by its name or by its folder in the cache; None for others."""
    folder = Path(name).expanduser()
    if not folder.is_dir():
        return name if name in declared() else None
    known = receipt(folder)
    model = declared().get(known.name) if known else None
    return model.name if model and folder_of(model) == folder.absolute() else None
