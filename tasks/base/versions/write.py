"""Writing a version: a folder that appears whole and never changes.

On this machine it is written under a hidden name beside its place and renamed. On an object store, which cannot rename
a folder, its manifest is uploaded last: without it there is no version.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import psutil

from schemas.errors import PublishError
from schemas.licence import Profile
from schemas.manifest import Manifest
from tasks.base.store.disk import room
from tasks.base.store.root import Root
from tasks.base.versions.find import MANIFEST, Found, Versions
from tasks.base.versions.manifest import seal

M = TypeVar("M", bound=Manifest)

_PART = re.compile(r"^\..+\.part-(\d+)$")


def write(versions: Versions[M], version: str, fill: Callable[[Path], M]) -> Found[M]:
    """Write a version and let `latest.json` name it; one that is there already stays as it is, byte for byte.

    Moving the pointer to a version that is there also mends a run that was killed between the two.

    Args:
        versions: those it belongs to.
        version: its name.
        fill: writes all files but the manifest into an empty folder and returns the manifest. Its `files` may hold
            what was measured already; the rest is measured here.

    Raises:
        PublishError: the disk is full, the upload failed, or something else is in the place of the folder.
    """
    found = versions.find(version)
    if found is None:
        uri = versions.root.uri(versions.folder, version)
        with room(uri, versions.again), version_folder(versions, version) as folder:
            seal(folder, fill(folder))
        found = versions.find(version)
        assert found is not None
    versions.point(found)
    return found


def must_not_leave(profile: Profile, root: Root, what: str, cure: str) -> None:
    """Refuse to bring what has profile `local` to a root that is not on this machine.

    Args:
        profile: of the version.
        root: where it would go.
        what: the version, as the message calls it.
        cure: what to do instead.

    Raises:
        PublishError: it must stay here.
    """
    if profile == "local" and not root.is_local:
        raise PublishError(
            f"{what} has profile `local`: it may hold data that must not leave this machine, and {root.url} is "
            f"elsewhere. {cure}",
            uri=root.url,
        )


@contextmanager
def version_folder(versions: Versions[M], version: str) -> Iterator[Path]:
    """Yield an empty folder; what it holds at the end becomes the version, an error leaves no trace."""
    if not versions.root.is_local:
        with tempfile.TemporaryDirectory(prefix="medinst-version-") as name:
            folder = Path(name)
            yield folder
            files = sorted(path for path in folder.rglob("*") if path.is_file())
            upload(versions, version, {path.relative_to(folder).as_posix(): path for path in files})
        return
    parent = Path(versions.root.uri(versions.folder))
    parent.mkdir(parents=True, exist_ok=True)
    _remove_stale(parent)
    folder = parent / f".{version}.part-{os.getpid()}"
    folder.mkdir()
    try:
        yield folder
        _flush(folder)
        _rename(folder, parent / version, versions.again)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def upload(versions: Versions[M], version: str, files: Mapping[str, Path]) -> None:
    """Bring the files of a version to a remote root, its manifest last.

    Args:
        versions: those it belongs to, in a remote root.
        version: a version without a manifest there; what an interrupted upload left of it is removed.
        files: path in the version -> file on this machine.
    """
    root, uri = versions.root, versions.root.uri(versions.folder, version)
    names = sorted(set(files) - {MANIFEST})
    try:
        root.fs.invalidate_cache()
        root.remove(f"{versions.folder}/{version}")
        root.fs.put([str(files[name]) for name in names], [f"{uri}/{name}" for name in names])
        root.fs.put_file(str(files[MANIFEST]), f"{uri}/{MANIFEST}")
    except OSError as error:
        raise PublishError(
            f"Version {version} could not be uploaded to {uri}: {error}. It is not published there: no manifest was "
            f"written. Check the address and your rights, then: {versions.again} {versions.elsewhere} {root.url}",
            uri=uri,
        ) from error


def _remove_stale(versions: Path) -> None:
    for entry in versions.iterdir():
        match = _PART.match(entry.name)
        if match and not _runs_elsewhere(int(match[1])):
            shutil.rmtree(entry, ignore_errors=True)


def _runs_elsewhere(process: int) -> bool:
    return process != os.getpid() and psutil.pid_exists(process)


def _flush(folder: Path) -> None:
    """Flush all of it to the disk before the rename: a power cut must not leave empty files in a version."""
    for path in (*folder.rglob("*"), folder):
        _sync(path)


def _rename(folder: Path, target: Path, again: str) -> None:
    try:
        folder.rename(target)
    except OSError as error:
        if (target / MANIFEST).exists():
            return  # another process published the same content in the meantime
        raise PublishError(
            f"Folder {target} is there but has no {MANIFEST}, so this program did not write it: {error}. "
            f"Look at it, move it away, then: {again}",
            folder=str(target),
        ) from error
    _sync(target.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
