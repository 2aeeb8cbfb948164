"""Blobs: the fetched files, each stored once under the sha256 of its bytes."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from schemas.errors import FetchError
from tasks.base.store.root import Root

CHUNK = 2**20


def blob_place(sha256: str) -> str:
    """Where a blob lies in a root."""
    return f"blobs/{sha256}"


def hash_file(path: Path) -> tuple[str, int]:
    """The sha256 of a file's bytes and their number."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), file.tell()


def copy_hashed(source: IO[bytes], target: IO[bytes]) -> tuple[str, int]:
    """Copy bytes; return their sha256 and number."""
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(CHUNK):
        digest.update(chunk)
        size += target.write(chunk)
    return digest.hexdigest(), size


@contextmanager
def scratch(root: Root) -> Iterator[Path]:
    """Yield a folder for files that are to become blobs: their own, or a temporary one of a remote root.

    What is left in a local root's stays, so that a download can be resumed by the next run.
    """
    if root.is_local:
        folder = Path(root.uri("blobs"))
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="medinst-blobs-") as name:
        yield Path(name)


def move_in(root: Root, path: Path, sha256: str) -> str:
    """Make a file in the scratch folder a blob; return its place."""
    place = blob_place(sha256)
    if not root.is_local:
        root.fs.put_file(str(path), root.uri(place))
        path.unlink()
        return place
    with path.open("rb") as file:
        os.fsync(file.fileno())
    path.chmod(0o644)
    path.replace(root.uri(place))
    return place


def copy_in(root: Root, path: Path, sha256: str) -> str:
    """Copy a file to a blob unless it is there; return its place.

    Raises:
        FetchError: the file is not the one that was hashed before.
    """
    place = blob_place(sha256)
    if root.exists(place):
        return place
    with root.writing(place) as copy:
        with path.open("rb") as source, copy.open("wb") as target:
            found, _ = copy_hashed(source, target)
        if found != sha256:
            raise FetchError(f"`{path}` changed while it was copied. Run the command again when it is complete.")
    return place
