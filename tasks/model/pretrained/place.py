"""Where fetched models lie, and whether their files are those that were fetched."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from schemas.errors import ModelError
from schemas.pretrained import Content, Fetched, Pretrained
from schemas.settings import Settings

RECEIPT = "fetched.json"


def place() -> Path:
    """The folder of all fetched models: `MEDINST_MODELS`, else in the user's cache."""
    cache = os.environ.get("XDG_CACHE_HOME", "")
    home = Path(cache) if Path(cache).is_absolute() else Path.home() / ".cache"
    return Path(Settings().models or home / "medinst" / "models").expanduser().absolute()


def folder_of(model: Pretrained) -> Path:
    """The folder of a model, fetched or not."""
    return place() / model.name


def receipt(folder: Path) -> Fetched | None:
    """The receipt of a fetched model; None if there is none that can be read."""
    try:
        return Fetched.model_validate_json((folder / RECEIPT).read_bytes())
    except (OSError, ValidationError):
        return None


def content(folder: Path) -> dict[str, Content]:
    """The files of a model, with their sizes and hashes."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file() and path != folder / RECEIPT)
    return {path.relative_to(folder).as_posix(): _content(path) for path in paths}


def _content(path: Path) -> Content:
    with path.open("rb") as file:
        return Content(bytes=path.stat().st_size, sha256=hashlib.file_digest(file, "sha256").hexdigest())


def broken(folder: Path, files: Mapping[str, Content], thorough: bool = True) -> list[str]:
    """What is wrong with the files of a model, one sentence a file.

    Args:
        folder: of the model.
        files: what its receipt says of them.
        thorough: compare hashes too, not only sizes.
    """
    return [f"{name} {fault}" for name, due in files.items() if (fault := _fault(folder / name, due, thorough))]


def _fault(path: Path, due: Content, thorough: bool) -> str | None:
    if not path.is_file():
        return "is missing"
    if (size := path.stat().st_size) != due.bytes:
        return f"has {size:,} bytes, expected {due.bytes:,}"
    if thorough and (found := _content(path).sha256) != due.sha256:
        return f"has SHA-256 {found[:12]}…, expected {due.sha256[:12]}…"
    return None


def fetched(model: Pretrained) -> Path | None:
    """The folder of a model that was fetched from where it is declared now; None if it was not.

    Raises:
        ModelError: a file of it is missing or has another size.
    """
    folder = folder_of(model)
    known = receipt(folder)
    if known is None or known.source != model.source:
        return None
    if faults := broken(folder, known.files, thorough=False):
        raise ModelError(f"{folder}: {'; '.join(faults)}. Fetch the model again: medinst model fetch {model.name}")
    return folder


def needed(model: Pretrained) -> Path:
    """The folder of a fetched model.

    Raises:
        ModelError: it was not fetched, or a file of it is missing or has another size.
    """
    if (folder := fetched(model)) is None:
        raise ModelError(
            f"{model.name} has not been fetched: {folder_of(model)} does not have it. Fetch it once: "
            f"medinst model fetch {model.name}"
        )
    return folder
