"""Mirrors: folders and buckets that hold source files as `<source>/<file>`.

Where an archive is due, a mirror may hold a folder of that name, which is packed on the fly. A `mirror.json`
at the top with `"original": false` says that the files are not the publishers', such as the invented ones of
`demo/`.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import fsspec
from pydantic import ValidationError

from schemas.address import without_secrets
from schemas.base import Model
from schemas.errors import FetchError
from schemas.settings import Settings
from tasks.base.store.root import is_local
from tasks.base.store.scratch import scratch
from tasks.build.fetch.address import redact
from tasks.build.fetch.download import download
from tasks.build.fetch.pack import is_archive_name, pack
from tasks.build.fetch.stamps import stamp
from tasks.build.fetch.web_file import Missing


class Note(Model):
    """The `mirror.json` of a mirror.

    Attributes:
        original: whether the files are the publishers', so that the locks apply.
        about: what the mirror holds.
    """

    original: bool = True
    about: str = ""


class Mirror(NamedTuple):
    """A mirror that is there.

    Attributes:
        url: its address without a slash at the end.
        is_local: whether it is a folder of this machine.
        original: whether its files are the publishers'.
    """

    url: str
    is_local: bool
    original: bool = True

    def place(self, source: str, name: str) -> str:
        """Where a file is or would be, as it may be shown."""
        return f"{redact(self.url)}/{source}/{name}"

    def has(self, source: str, name: str) -> bool:
        """Whether a folder of this machine holds a file, or a folder that stands for it."""
        return Path(self.url, source, name).exists()

    def stamp(self, source: str, name: str) -> str:
        """What changes when a file does; empty where that cannot be said without reading it."""
        return stamp(Path(self.url, source, name)) if self.is_local else ""


def open_mirror(url: str, settings: Settings) -> Mirror:
    """Check that a mirror exists, and whose files it holds.

    Args:
        url: fsspec address of a folder or of a prefix of a bucket.
        settings: how to download.

    Raises:
        DeclarationError: its address holds a secret.
        FetchError: it is not there, or its `mirror.json` says something else than it may.
    """
    local = is_local(without_secrets(url, "mirror"))
    mirror = Mirror(url.removeprefix("file://").rstrip("/") if local else url.rstrip("/"), local)
    if not _is_there(mirror):
        raise FetchError(f"Mirror `{redact(url)}`: expected a folder, found nothing there. Correct `--mirror`.")
    with scratch("mirror") as folder:
        path = _brought(mirror, "mirror.json", folder, settings)
        if path is None:
            return mirror
        try:
            note = Note.model_validate_json(path.read_bytes())
        except ValidationError as error:
            found = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
            raise FetchError(
                f"`{redact(url)}/mirror.json`: expected `original` and `about`, found {found}. Correct it."
            ) from error
    return mirror._replace(original=note.original)


@contextmanager
def lent(mirror: Mirror, source: str, name: str, folder: Path, settings: Settings) -> Iterator[Path | None]:
    """Yield a local path with the bytes of a mirror's file, or None if the mirror does not have it.

    Args:
        mirror: the mirror.
        source: the source's id.
        name: the file's name, perhaps with folders.
        folder: where to put what is not a local file yet.
        settings: how to download.

    Raises:
        FetchError: it is there and cannot be read.
    """
    with tempfile.TemporaryDirectory(prefix=".mirror-", dir=folder) as scratch:
        yield _brought(mirror, f"{source}/{name}", Path(scratch), settings)


def _is_there(mirror: Mirror) -> bool:
    if mirror.is_local:
        return Path(mirror.url).is_dir()
    if _is_web(mirror):
        return True
    fs, path = fsspec.url_to_fs(mirror.url)
    fs.invalidate_cache()  # a mirror may be filled while this process runs
    try:
        return fs.exists(path)
    except Exception as error:  # each file system brings its own
        raise FetchError(
            f"Mirror `{redact(mirror.url)}`: expected a folder, found {type(error).__name__}: {error}."
        ) from error


def _is_web(mirror: Mirror) -> bool:
    return urlsplit(mirror.url).scheme in ("http", "https")


def _brought(mirror: Mirror, relative: str, scratch: Path, settings: Settings) -> Path | None:
    if mirror.is_local:
        path = Path(mirror.url, relative)
        if path.is_dir():
            return _packed(path, scratch)
        return path if path.exists() else None
    tree = None if _is_web(mirror) else _tree(mirror, relative, scratch)
    if tree is not None:
        return _packed(tree, scratch)
    target = scratch / "file"
    try:
        download(f"{mirror.url}/{relative}", target, settings, relative)
    except Missing:
        return None
    return target


def _tree(mirror: Mirror, relative: str, scratch: Path) -> Path | None:
    """A copy of a remote folder that stands for an archive."""
    fs, path = fsspec.url_to_fs(f"{mirror.url}/{relative}")
    if not fs.isdir(path):
        return None
    tree = scratch / "tree" / Path(relative).name
    fs.get(f"{path.rstrip('/')}/", f"{tree}/", recursive=True)
    return tree


def _packed(tree: Path, scratch: Path) -> Path:
    if not is_archive_name(tree.name):
        raise FetchError(f"`{tree}`: expected a file, found a folder. Put the file there.")
    target = scratch / "packed"
    pack(tree, target)
    return target
