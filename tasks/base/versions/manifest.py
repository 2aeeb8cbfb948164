"""Making a manifest: size and hash of every file, the files of the sources, and the libraries that shaped them."""

import hashlib
import importlib.metadata
import json
import tomllib
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import sources
from schemas.manifest import File, Manifest, SourceFile, SourceFiles
from schemas.receipts import Blob
from tasks.base.versions.find import MANIFEST

M = TypeVar("M", bound=Manifest)

_PROJECT = sources.FOLDER.parent / "pyproject.toml"
_LIBRARIES = ("great-expectations", "polars")


def measure(path: Path) -> File:
    """Size and hash of a file."""
    with path.open("rb") as file:
        return File(bytes=path.stat().st_size, sha256=hashlib.file_digest(file, "sha256").hexdigest())


def seal(folder: Path, manifest: M, beside: Collection[str] = ()) -> M:
    """Write the manifest of a folder that has all its other files; hidden files and folders do not count.

    Args:
        folder: the folder.
        manifest: what it says; of files that stand in it already, size and hash are taken from there.
        beside: files that tell of this run, not of the version: clocks, logs. The manifest leaves them out.
    """
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    files = {
        name: manifest.files.get(name) or measure(folder / name)
        for name in names
        if name not in {MANIFEST, *beside} and not any(part.startswith(".") for part in Path(name).parts)
    }
    whole = manifest.model_copy(update={"made_with": made_with() | manifest.made_with, "files": files})
    fresh = folder / f".{MANIFEST}.part"
    fresh.write_text(as_text(whole), encoding="utf-8", newline="\n")
    fresh.replace(folder / MANIFEST)
    return whole


def as_text(manifest: Manifest) -> str:
    """A manifest as it is written."""
    return json.dumps(manifest.model_dump(mode="json"), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def made_with() -> dict[str, str]:
    """The versions that a manifest names: they are in its bytes, so they are in the hash of every version too."""
    return {"medinst": medinst_version()} | {name: importlib.metadata.version(name) for name in _LIBRARIES}


def source_files(files: Mapping[str, Sequence[Blob]]) -> SourceFiles:
    """The files of the sources, as a manifest names them."""
    return {source: tuple(_source_file(source, blob) for blob in blobs) for source, blobs in files.items()}


def _source_file(source: str, blob: Blob) -> SourceFile:
    """A source file with its declared address: its places in the root and in a mirror differ elsewhere."""
    declared = sources.find(source).urls(blob.name)
    url = blob.url if blob.url in declared else next(iter(declared), "")
    return SourceFile(
        name=blob.name, url=url, sha256=blob.sha256, bytes=blob.bytes, original=blob.original, trust=blob.trust
    )


def medinst_version() -> str:
    """The version of this checkout, which need not be installed, or of the installed wheel."""
    if _PROJECT.is_file():
        return tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"]["version"]
    return importlib.metadata.version("medinst")
