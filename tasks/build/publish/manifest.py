"""manifest.json: what a release holds and where it came from, with the hash of every file.

It is written last, so it is also the mark of a complete release.
"""

import hashlib
import importlib.metadata
import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import sources
from schemas.receipts import Blob
from schemas.release import ReleaseContent, ReleaseTask, training_sets
from tasks.base.licences.terms import terms_of

_PROJECT = sources.FOLDER.parent / "pyproject.toml"
_LIBRARIES = ("great-expectations", "polars")


class Facts(NamedTuple):
    """Size and hash of a file."""

    bytes: int
    sha256: str


def measure(path: Path) -> Facts:
    """Size and hash of a file."""
    with path.open("rb") as file:
        return Facts(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def manifest(content: ReleaseContent, folder: Path, known: Mapping[str, Facts]) -> str:
    """The text of the manifest.

    Args:
        content: what the release is made of.
        folder: the release's folder with all of its other files.
        known: path in the release -> facts that need not be measured again.
    """
    said = {
        "version": content.version,
        "profile": content.profile,
        "partial": content.partial,
        "original": content.original,
        "fingerprint": content.fingerprint,
        "licence": terms_of(task.licence for task in content.tasks).name,
        "samples": sum(split.rows for task in content.tasks for split in task.splits.values()),
        "tasks": {task.name: _task(task) for task in content.tasks},
        "training_sets": training_sets(content),
        "withheld": content.withheld,
        "missing": content.missing,
        "undeclared": sorted(content.undeclared),
        "sources": source_files(content.files),
    }
    return with_files(said, folder, known)


def with_files(said: Mapping[str, object], folder: Path, known: Mapping[str, Facts]) -> str:
    """The text of a manifest: what is said, what it was made with, and every file with its size and hash.

    Args:
        said: what the manifest says.
        folder: the folder with all files but the manifest.
        known: path in the folder -> facts that need not be measured again.
    """
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    facts = {name: known.get(name) or measure(folder / name) for name in names}
    whole = {**said, "made_with": made_with(), "files": {name: fact._asdict() for name, fact in facts.items()}}
    return json.dumps(whole, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def made_with() -> dict[str, str]:
    """The versions that a manifest names: they are in its bytes, so they are in the hash of every version too."""
    return {"medinst": medinst_version()} | {name: importlib.metadata.version(name) for name in _LIBRARIES}


def source_files(files: Mapping[str, Sequence[Blob]]) -> dict[str, list[dict[str, Any]]]:
    """The files of the sources, as a manifest names them."""
    return {source: [_blob(source, blob) for blob in blobs] for source, blobs in files.items()}


def medinst_version() -> str:
    """The version of this checkout, which need not be installed, or of the installed wheel."""
    if _PROJECT.is_file():
        return tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"]["version"]
    return importlib.metadata.version("medinst")


def _task(task: ReleaseTask) -> dict[str, Any]:
    return {
        "category": task.category,
        "source": task.source,
        "language": task.language,
        "licence": task.licence,
        "rows": {split: part.rows for split, part in task.splits.items()},
    }


def _blob(source: str, blob: Blob) -> dict[str, Any]:
    """A source file with its declared address: its places in the root and in a mirror differ elsewhere."""
    declared = sources.find(source).urls(blob.name)
    url = blob.url if blob.url in declared else next(iter(declared), "")
    return blob.model_dump(exclude={"place"}) | {"url": url}
