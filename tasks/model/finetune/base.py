"""The model that is trained: a folder, a fetched model, one in the cache of the Hub, or random weights made here."""

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import yaml

from schemas.errors import FinetuneError, did_you_mean
from schemas.finetune import Recipe
from schemas.pretrained import Snapshot
from tasks.base.store.closure import version
from tasks.base.store.fingerprint import code_of, fingerprint
from tasks.base.store.leftovers import sweep_versions
from tasks.model.adapters import CONFIG, RECEIPT, adapted_by, are_adapters, named_by
from tasks.model.finetune import merge
from tasks.model.finetune.disk import writing
from tasks.model.finetune.mixture import Mixture
from tasks.model.finetune.scratch import make_base
from tasks.model.pretrained import find as pretrained
from tasks.model.pretrained.declared import declared, on_hub
from tasks.model.pretrained.revision import digest

CARD = "README.md"


class Base(NamedTuple):
    """A model to begin with.

    Attributes:
        name: as people call it; of a folder that was not fetched its own name, since cards must not tell where it lies.
        folder: its files; of random weights, where they will be.
        revision: commit on the Hub, else a hash of what decides its bytes.
        adapters: folder of the adapters that are merged to make it; None if it is there as it is.
        adapted: folder of the model that they are merged into, if it is here.
        taught: task -> licence of what it was trained on, as far as a receipt of `medinst finetune` beside it says.
    """

    name: str
    folder: Path
    revision: str
    adapters: Path | None = None
    adapted: Path | None = None
    taught: Mapping[str, str] = MappingProxyType({})

    @property
    def is_there(self) -> bool:
        """Whether the files are there."""
        return (self.folder / CONFIG).is_file()

    @property
    def shape(self) -> Path:
        """The folder whose config.json has its shape: until adapters are merged, that of the model they belong to."""
        return self.adapted if self.adapted and not self.is_there else self.folder

    @property
    def tokenizer(self) -> Path:
        """The folder with its tokenizer: until adapters are merged, theirs."""
        return self.adapters if self.adapters and not self.is_there else self.folder

    @property
    def licence(self) -> str | None:
        """What the card in its folder, or in that of its adapters, states; None where it states nothing."""
        path = (self.adapters or self.folder) / CARD
        try:
            _, front, _ = path.read_text(encoding="utf-8", errors="replace").split("---\n", 2)
            said = yaml.safe_load(front)
        except (OSError, ValueError, yaml.YAMLError):  # no card, or no front matter that can be read
            return None
        found = isinstance(said, dict) and (said.get("license_name") or said.get("license"))
        return str(found) if isinstance(found, str) else None


def find(recipe: Recipe, mixture: Mixture, out: Path) -> Base:
    """Find the model of a recipe; nothing is downloaded.

    Args:
        recipe: names it.
        mixture: what a tokenizer would be trained on.
        out: folder of all models made here.

    Raises:
        FinetuneError: it is not there.
        ModelError: it is a declared model that has not been fetched.
    """
    if recipe.scratch:
        shaping = [recipe.scratch, recipe.max_length, recipe.seed, recipe.samples, mixture.mark]
        libraries = [version(name) for name in ("tokenizers", "torch", "transformers")]
        mark = fingerprint(*shaping, code_of("tasks.model.finetune.scratch"), libraries)
        return Base(f"random weights ({recipe.scratch.parameters:,})", out / f"scratch-{mark[:8]}", mark)
    assert recipe.model is not None
    if found := pretrained.find(recipe.model, recipe.revision):
        folder, model = found
        if are_adapters(folder):
            return _merged(folder, out)
        if not (folder / CONFIG).is_file():
            raise FinetuneError(f"{folder} has no {CONFIG}, so it is not a model folder. Name the folder that has it.")
        if model and isinstance(model.source, Snapshot):
            return Base(model.source.repo, folder, model.source.revision)
        return Base(model.name if model else folder.name, folder, digest(folder), taught=_taught(folder))
    folder = Path(recipe.model).expanduser()
    if recipe.reinforce and len(folder.parts) > 2:  # no name on the Hub
        raise FinetuneError(
            f"Found no model folder {folder}. Training on rewards starts from a model that already answers, such as "
            "one of `medinst finetune`: --set model=FOLDER"
        )
    snapshot = _snapshot(recipe.model, recipe.revision)
    return Base(recipe.model, snapshot, snapshot.name)


def _merged(adapters: Path, out: Path) -> Base:
    """The model that adapters will be merged into."""
    adapted = adapted_by(adapters)
    shaping = digest(adapted) if adapted else named_by(adapters)
    mark = fingerprint(digest(adapters), shaping, code_of("tasks.model.finetune.merge"))
    return Base(adapters.name, out / f"merged-{mark[:8]}", mark, adapters, adapted, _taught(adapters))


def _taught(folder: Path) -> dict[str, str]:
    """Task -> licence of what a model of `medinst finetune` was trained on, what its own base was included."""
    path = folder / RECEIPT
    receipt = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return {**receipt.get("before", {}), **receipt.get("data", {}).get("licences", {})}


def _snapshot(name: str, revision: str | None) -> Path:
    """The folder of a model in the local cache of the Hub."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, revision=revision, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError) as error:
        at = f" --revision {revision}" if revision else ""
        model = on_hub(name, revision)
        fetch = f"medinst model fetch {model.name}" if model else f"hf download {name}{at}"
        raise FinetuneError(
            f"Found no model `{name}`{f' in revision {revision}' if revision else ''}"
            f"{did_you_mean(name, [*declared(), *_cached()])}: it is not a folder, not a fetched model, and not in the "
            f"local cache of the Hub. Training downloads nothing; fetch it first: {fetch}"
        ) from error


def _cached() -> list[str]:
    """The models in the local cache."""
    from huggingface_hub import scan_cache_dir
    from huggingface_hub.errors import CacheNotFound

    try:
        return [repo.repo_id for repo in scan_cache_dir().repos if repo.repo_type == "model"]
    except CacheNotFound:
        return []


def make(base: Base, recipe: Recipe, mixture: Mixture) -> None:
    """Make random weights, or merge adapters, unless that is done; the model appears whole or not at all."""
    if base.is_there or not (recipe.scratch or base.adapters):
        return
    with writing(base.folder):
        _make(base, recipe, mixture)


def _make(base: Base, recipe: Recipe, mixture: Mixture) -> None:
    base.folder.parent.mkdir(parents=True, exist_ok=True)
    sweep_versions(base.folder.parent)
    fresh = base.folder.with_name(f".{base.folder.name}.part-{os.getpid()}")
    fresh.mkdir()
    if base.adapters:
        merge.merge(base.adapters, base.adapted, fresh)
    else:
        make_base(recipe, mixture, fresh)
    try:
        fresh.rename(base.folder)
    except OSError:
        shutil.rmtree(fresh)
        if not base.is_there:  # another process made the same meanwhile
            raise
