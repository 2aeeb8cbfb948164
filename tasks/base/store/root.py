"""The root: one fsspec address under which blobs, records, samples, releases and the catalogue live.

A file appears in the root whole or not at all: it is written under a temporary name, flushed, and renamed; on object
stores the upload itself is atomic. A stage folder is complete when its `_done.json` is there, and that file is written
last: a run killed at any moment leaves either a complete stage or one that the next run makes anew.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, cached_property
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import fsspec
from fsspec import AbstractFileSystem

DONE = "_done.json"
STAGES = ("blobs", "records", "samples", "rejects", "catalogue")


class Root:
    """A folder on this machine or a prefix of a bucket.

    Attributes:
        url: its address without a slash at the end; of a local root, the absolute path.
    """

    def __init__(self, url: str) -> None:
        self.is_local = urlsplit(url).scheme in ("", "file")
        self.url = str(Path(url.removeprefix("file://")).absolute()) if self.is_local else url.rstrip("/")

    @cached_property
    def fs(self) -> AbstractFileSystem:
        """The file system of the root."""
        return fsspec.url_to_fs(self.url)[0]

    def uri(self, *parts: str) -> str:
        """The address of something in the root."""
        return "/".join((self.url, *parts))

    def exists(self, uri: str) -> bool:
        """Whether a file or folder is there."""
        return Path(uri).exists() if self.is_local else self.fs.exists(uri)

    def stamp(self, uri: str) -> str:
        """What changes when a file is written: size and time on this machine, else what the store calls it by."""
        if not self.exists(uri):
            return ""
        if not self.is_local:
            return str(self.fs.ukey(uri))
        about = Path(uri).stat()
        return f"{about.st_size}-{about.st_mtime_ns}"

    def names(self, uri: str) -> list[str]:
        """The sorted names in a folder; none if it is not there."""
        if self.is_local:
            folder = Path(uri)
            return sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []
        if not self.fs.exists(uri):
            return []
        return sorted(
            str(entry).rstrip("/").rsplit("/", 1)[-1] for entry in self.fs.ls(uri, detail=False, refresh=True)
        )

    def read_bytes(self, uri: str) -> bytes:
        """The bytes of a file."""
        return Path(uri).read_bytes() if self.is_local else bytes(self.fs.cat_file(uri))  # pyright: ignore[reportArgumentType]

    def write_bytes(self, uri: str, data: bytes) -> None:
        """Write a file that appears whole or not at all."""
        with self.writing(uri) as path:
            path.write_bytes(data)

    def read_json(self, uri: str) -> Any:
        """The value in a JSON file."""
        return json.loads(self.read_bytes(uri))

    def write_json(self, uri: str, value: object) -> None:
        """Write a value as JSON, its keys in their own order."""
        self.write_bytes(uri, (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode())

    @contextmanager
    def writing(self, uri: str) -> Iterator[Path]:
        """Lend a local path to write to; what is there at the end becomes the file, an error leaves no trace."""
        if not self.is_local:
            with tempfile.TemporaryDirectory(prefix="medinst-") as folder:
                path = Path(folder) / uri.rsplit("/", 1)[-1]
                yield path
                self.fs.put_file(str(path), uri)
            return
        target = Path(uri)
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=target.parent)
        os.close(descriptor)
        path = Path(name)
        try:
            yield path
            with path.open("rb") as file:
                os.fsync(file.fileno())
            path.chmod(0o644)
            path.replace(target)
        finally:
            path.unlink(missing_ok=True)

    def local(self, uri: str) -> Path:
        """A path on this machine with a file's bytes; of a remote root, a copy kept for this process."""
        return Path(uri) if self.is_local else _copy(self.url, uri, self.fs.ukey(uri))

    def remove(self, uri: str) -> None:
        """Remove a file or folder, if it is there."""
        if not self.is_local:
            if self.fs.exists(uri):
                self.fs.rm(uri, recursive=True)
            return
        path = Path(uri)
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove the temporary files of killed runs; call it with the root locked. Downloads begun are kept."""
        if self.is_local:
            for folder in STAGES:
                for path in list(Path(self.uri(folder)).rglob(".*")):
                    if path.name.endswith(".part") or path.name.startswith(".mirror-"):
                        self.remove(str(path))

    def done(self, folder: str) -> dict[str, Any] | None:
        """The receipt of a complete stage folder, or None."""
        try:
            return self.read_json(f"{folder}/{DONE}")
        except FileNotFoundError:
            return None

    def finish(self, folder: str, receipt: dict[str, Any]) -> None:
        """Mark a stage folder complete."""
        self.write_json(f"{folder}/{DONE}", receipt)


_ONE_FOLDER = Lock()


@cache
def _copies() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="medinst-copies-")


@cache
def _copy(url: str, uri: str, version: str) -> Path:
    mark = hashlib.sha256(f"{url} {version}".encode()).hexdigest()[:16]
    with _ONE_FOLDER:  # a cache alone would let two threads make one each, and drop the first with what is in it
        copies = Path(_copies().name)
    path = copies / mark / uri.removeprefix(url).strip("/")
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{uuid4().hex}")  # threads may ask for one file at once
    Root(url).fs.get_file(uri, str(partial))
    return partial.replace(path)
