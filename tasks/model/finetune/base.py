"""The model that is trained: a folder, a name in the local cache of the Hub, or random weights made here."""

import hashlib
import os
import shutil
from pathlib import Path
from typing import NamedTuple

from schemas.errors import FinetuneError, did_you_mean
from schemas.finetune import Recipe
from tasks.base.store.closure import version
from tasks.base.store.fingerprint import code_of, fingerprint
from tasks.model.finetune.mixture import Mixture

CONFIG = "config.json"
_PARTS = (".safetensors", ".bin", ".json", ".model", ".txt", ".jinja")


class Base(NamedTuple):
    """A model to begin with.

    Attributes:
        name: as people call it; of a folder its own name, since cards must not tell where it lies.
        folder: its files; of random weights, where they will be.
        revision: commit on the Hub, else a hash of what decides its bytes.
    """

    name: str
    folder: Path
    revision: str

    @property
    def is_there(self) -> bool:
        """Whether the files are there."""
        return (self.folder / CONFIG).is_file()


def find(recipe: Recipe, mixture: Mixture, out: Path) -> Base:
    """Find the model of a recipe; nothing is downloaded.

    Args:
        recipe: names it.
        mixture: what a tokenizer would be trained on.
        out: folder of all models made here.

    Raises:
        FinetuneError: it is not there.
    """
    if recipe.scratch:
        shaping = [recipe.scratch, recipe.max_length, recipe.seed, recipe.samples, mixture.mark]
        libraries = [version(name) for name in ("tokenizers", "torch", "transformers")]
        mark = fingerprint(*shaping, code_of("tasks.model.finetune.scratch"), libraries)
        return Base(f"random weights ({recipe.scratch.parameters:,})", out / f"scratch-{mark[:8]}", mark)
    assert recipe.model is not None
    folder = Path(recipe.model).expanduser()
    if folder.is_dir():
        if not (folder / CONFIG).is_file():
            raise FinetuneError(f"{folder} has no {CONFIG}, so it is not a model folder. Name the folder that has it.")
        return Base(folder.absolute().name, folder.absolute(), _digest(folder))
    snapshot = _snapshot(recipe.model, recipe.revision)
    return Base(recipe.model, snapshot, snapshot.name)


def _snapshot(name: str, revision: str | None) -> Path:
    """The folder of a model in the local cache of the Hub."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, revision=revision, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError) as error:
        at = f" --revision {revision}" if revision else ""
        raise FinetuneError(
            f"There is no model `{name}`{did_you_mean(name, _cached())}: no folder here, and nothing of that name"
            f"{f' in revision {revision}' if revision else ''} in the local cache of the Hub. "
            f"Training downloads nothing; bring it first: hf download {name}{at}"
        ) from error


def _cached() -> list[str]:
    """The models in the local cache."""
    from huggingface_hub import scan_cache_dir
    from huggingface_hub.errors import CacheNotFound

    try:
        return [repo.repo_id for repo in scan_cache_dir().repos if repo.repo_type == "model"]
    except CacheNotFound:
        return []


def _digest(folder: Path) -> str:
    """Hash of what decides how a model speaks: weights, configuration, tokenizer."""
    whole = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.suffix in _PARTS:
            with path.open("rb") as file:
                whole.update(path.name.encode() + hashlib.file_digest(file, "sha256").digest())
    return whole.hexdigest()[:16]


def make(base: Base, recipe: Recipe, mixture: Mixture) -> None:
    """Make random weights and their tokenizer, unless they are there; they appear whole or not at all."""
    if base.is_there or not recipe.scratch:
        return
    from tasks.model.finetune.scratch import make_base

    fresh = base.folder.with_name(f".{base.folder.name}.part-{os.getpid()}")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    make_base(recipe, mixture, fresh)
    fresh.rename(base.folder)
