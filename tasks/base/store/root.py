"""The root: one fsspec address under which blobs, records, samples, releases and the catalogue live.

What is in it is named by its place, a path relative to the root, and only places are stored: a root can be copied and
moved, and is always the one that the caller named.

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
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

import fsspec
from fsspec import AbstractFileSystem
from pydantic import BaseModel, ValidationError

from schemas.address import without_secrets
from schemas.errors import Damaged
from schemas.place import within
from tasks.base.store.scratch import scratch, scratch_of_process

M = TypeVar("M", bound=BaseModel)

if TYPE_CHECKING:
    from tasks.base.store.bucket import Bucket

fsspec.register_implementation("s3", "tasks.base.store.bucket.Bucket", clobber=True)

DONE = "_done.json"
STAGES = ("blobs", "records", "samples", "rejects", "audit", "catalogue", "diffs")


class Root:
    """A folder on this machine or a prefix of a bucket.

    Attributes:
        url: its address without a slash at the end; of a local root, the absolute path.

    Raises:
        DeclarationError: the address holds a secret.
    """

    def __init__(self, url: str) -> None:
        self.is_local = is_local(without_secrets(url, "root"))
        self.url = str(Path(url.removeprefix("file://")).absolute()) if self.is_local else url.rstrip("/")

    @cached_property
    def fs(self) -> AbstractFileSystem:
        """The file system of the root."""
        return fsspec.url_to_fs(self.url)[0]

    def uri(self, *parts: str) -> str:
        """The address of a place, for whoever does not know the root: other libraries, messages, people."""
        return "/".join((self.url, *map(within, parts)))

    def without(self, text: str) -> str:
        """A text that is to be kept in the root, such as an error's, without the root's own address."""
        return text.replace(f"{self.url}/", "").replace(self.url, "the root")

    def exists(self, place: str) -> bool:
        """Whether a file or folder is there."""
        uri = self.uri(place)
        return Path(uri).exists() if self.is_local else self.fs.exists(uri)

    def stamp(self, place: str) -> str:
        """What changes when a file is written: size and time on this machine, else what the store calls it by."""
        if not self.exists(place):
            return ""
        if not self.is_local:
            return str(self.fs.ukey(self.uri(place)))
        about = Path(self.uri(place)).stat()
        return f"{about.st_size}-{about.st_mtime_ns}"

    def size(self, place: str) -> int:
        """The bytes of a file."""
        uri = self.uri(place)
        return Path(uri).stat().st_size if self.is_local else int(self.fs.size(uri) or 0)

    def names(self, place: str) -> list[str]:
        """The sorted names in a folder; none if it is not there."""
        uri = self.uri(place)
        if self.is_local:
            folder = Path(uri)
            return sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []
        if not self.fs.exists(uri):
            return []
        return sorted(
            str(entry).rstrip("/").rsplit("/", 1)[-1] for entry in self.fs.ls(uri, detail=False, refresh=True)
        )

    def read_bytes(self, place: str) -> bytes:
        """The bytes of a file."""
        uri = self.uri(place)
        return Path(uri).read_bytes() if self.is_local else bytes(self.fs.cat_file(uri))  # pyright: ignore[reportArgumentType]

    def write_bytes(self, place: str, data: bytes) -> None:
        """Write a file that appears whole or not at all."""
        with self.writing(place) as path:
            path.write_bytes(data)

    def read_json(self, place: str) -> Any:
        """The value in a JSON file.

        Raises:
            Damaged: it is not JSON.
        """
        try:
            return json.loads(self.read_bytes(place))
        except ValueError as error:
            raise self._damaged(place, str(error)) from error

    def read_model(self, place: str, kind: type[M]) -> M:
        """The model in a JSON file.

        Raises:
            Damaged: the file holds no such model.
        """
        try:
            return kind.model_validate_json(self.read_bytes(place))
        except ValidationError as error:
            fault = error.errors(include_url=False)[0]
            where = ".".join(map(str, fault["loc"]))
            raise self._damaged(place, f"{where}: {fault['msg']}" if where else fault["msg"]) from error

    def _damaged(self, place: str, fault: str) -> Damaged:
        return Damaged(
            f"{self.uri(place)}: expected a file as this program writes it, found {fault}. It was cut or changed, or "
            "another version wrote it. Move it away and build again, what is sound is used: medinst build",
            place=place,
        )

    def write_json(self, place: str, value: object) -> None:
        """Write a value as JSON, its keys in their own order."""
        self.write_bytes(place, (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode())

    @contextmanager
    def writing(self, place: str) -> Iterator[Path]:
        """Yield a local path to write to; what is there at the end becomes the file, an error leaves no trace."""
        uri = self.uri(place)
        if not self.is_local:
            with scratch("upload") as folder:
                path = folder / uri.rsplit("/", 1)[-1]
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

    def local(self, place: str) -> Path:
        """A path on this machine with a file's bytes; of a remote root, a copy kept for this process."""
        uri = self.uri(place)
        return Path(uri) if self.is_local else _copy(self.url, place, self.fs.ukey(uri))

    def copies(self) -> dict[str, Path]:
        """The files of a remote root of which this process has copies, by place."""
        with _ONE_FOLDER:
            return {place: path for (url, place), path in _COPIED.items() if url == self.url}

    def remove(self, place: str) -> None:
        """Remove a file or folder, if it is there."""
        uri = self.uri(place)
        if not self.is_local:
            if self.fs.exists(uri):
                self.fs.rm(uri, recursive=True)
            return
        path = Path(uri)
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)

    def done(self, folder: str) -> dict[str, Any] | None:
        """The receipt of a complete stage folder; None if there is none, or a damaged one: the stage is done again."""
        try:
            said = self.read_json(f"{folder}/{DONE}")
        except (FileNotFoundError, Damaged):
            return None
        return said if isinstance(said, dict) else None

    def finish(self, folder: str, receipt: dict[str, Any]) -> None:
        """Mark a stage folder complete."""
        self.write_json(f"{folder}/{DONE}", receipt)


def bucket(root: Root) -> "Bucket":
    """The file system of a root on S3."""
    from tasks.base.store.bucket import Bucket

    assert isinstance(root.fs, Bucket)
    return root.fs


def is_local(url: str) -> bool:
    """Whether an address is a path on this machine; any name is one that does not begin with `<scheme>://`."""
    return url.startswith("file://") or "://" not in url


_ONE_FOLDER = Lock()
_COPIED: dict[tuple[str, str], Path] = {}
"""The newest copy of each place of a remote root, by the root's address."""


@cache
def _copies() -> Path:
    return scratch_of_process("copies")


@cache
def _copy(url: str, place: str, version: str) -> Path:
    mark = hashlib.sha256(f"{url} {version}".encode()).hexdigest()[:16]
    with _ONE_FOLDER:  # a cache alone would let two threads make one each, and drop the first with what is in it
        copies = _copies()
    path = copies / mark / place
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{uuid4().hex}")  # threads may ask for one file at once
    root = Root(url)
    root.fs.get_file(root.uri(place), str(partial))
    with _ONE_FOLDER:
        _COPIED[url, place] = partial.replace(path)
    return path
