"""What tells a model on this machine from others of its name."""

import hashlib
from pathlib import Path

from schemas.pretrained import Snapshot
from tasks.model.pretrained.find import known
from tasks.model.pretrained.place import RECEIPT

_PARTS = (".safetensors", ".bin", ".json", ".model", ".txt", ".jinja")


def revision(name: str) -> str:
    """The commit on the Hub of a model, else a hash of what decides how it speaks.

    Raises:
        ModelError: it is not on this machine.
    """
    folder, model = known(name)
    return model.source.revision if model and isinstance(model.source, Snapshot) else digest(folder)


def digest(folder: Path) -> str:
    """Hash of what decides how a model speaks: weights, configuration, tokenizer."""
    whole = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.suffix in _PARTS and path.name != RECEIPT:
            with path.open("rb") as file:
                whole.update(path.name.encode() + hashlib.file_digest(file, "sha256").digest())
    return whole.hexdigest()[:16]
