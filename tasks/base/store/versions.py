"""Where releases are: versions that appear whole and never change, and a pointer to the latest.

On this machine a version is written under a hidden name beside its place and renamed. On an object store,
which cannot rename a folder, its manifest is uploaded last: without it there is no version.
"""

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from schemas.errors import PublishError
from schemas.receipts import Release
from tasks.base.store.root import Root

MANIFEST = "manifest.json"
RELEASES = "releases"
BENCHMARK = "benchmark"
LATEST = "latest.json"
_PART = re.compile(r"^\..+\.part-(\d+)$")


def find_manifest(root: Root, version: str, kind: str = RELEASES) -> bytes | None:
    """The bytes of a version's manifest, or None where the version is not complete."""
    try:
        return root.read_bytes(f"{kind}/{version}/{MANIFEST}")
    except FileNotFoundError:
        return None


def latest_version(root: Root) -> str | None:
    """The version that `releases/latest.json` names."""
    pointer = f"{RELEASES}/{LATEST}"
    return root.read_json(pointer)["version"] if root.exists(pointer) else None


def receipt(root: Root, version: str, kind: str = RELEASES) -> Release | None:
    """The receipt of a complete version; None where it is not there."""
    data = find_manifest(root, version, kind)
    if data is None:
        return None
    said = json.loads(data)
    return Release(
        uri=root.uri(kind, version),
        tasks=len(said["tasks"]),
        samples=said["samples"],
        version=version,
        profile=said["profile"],
        partial=said["partial"],
        manifest_sha256=sha256(data).hexdigest(),
    )


def published(root: Root, version: str, kind: str = RELEASES) -> Release | None:
    """The receipt of a complete version, which `latest.json` names from now on; None where it is not there.

    Moving the pointer here, not after writing, also mends a run that was killed between the two.
    """
    found = receipt(root, version, kind)
    if found is not None:
        latest = {name: getattr(found, name) for name in ("version", "profile", "partial", "manifest_sha256")}
        pointer = f"{kind}/{LATEST}"
        if not _says(root, pointer, latest):
            root.write_json(pointer, latest)
    return found


def _says(root: Root, place: str, value: object) -> bool:
    try:
        return root.read_json(place) == value
    except (FileNotFoundError, ValueError):
        return False


@contextmanager
def version_folder(root: Root, version: str, kind: str = RELEASES) -> Iterator[Path]:
    """Lend an empty folder; what it holds at the end becomes the version, an error leaves no trace."""
    if not root.is_local:
        with tempfile.TemporaryDirectory(prefix="medinst-release-") as name:
            folder = Path(name)
            yield folder
            upload(root, version, {_name(path, folder): path for path in _files(folder)}, kind)
        return
    releases = Path(root.uri(kind))
    releases.mkdir(parents=True, exist_ok=True)
    _remove_stale(releases)
    folder = releases / f".{version}.part-{os.getpid()}"
    folder.mkdir()
    try:
        yield folder
        _flush(folder)
        _rename(folder, releases / version)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def upload(root: Root, version: str, files: Mapping[str, Path], kind: str = RELEASES) -> None:
    """Bring the files of a version to a remote root, its manifest last.

    Args:
        root: a remote root.
        version: a version without a manifest there; what an interrupted upload left of it is removed.
        files: path in the release -> file on this machine.
        kind: folder of the versions in the root.
    """
    uri = root.uri(kind, version)
    names = sorted(set(files) - {MANIFEST})
    try:
        root.fs.invalidate_cache()
        root.remove(f"{kind}/{version}")
        root.fs.put([str(files[name]) for name in names], [f"{uri}/{name}" for name in names])
        root.fs.put_file(str(files[MANIFEST]), f"{uri}/{MANIFEST}")
    except OSError as error:
        raise PublishError(
            f"Release {version} could not be uploaded to {uri}: {error}. It is not published there: no "
            f"manifest was written. Check the address and your rights, then: medinst publish --to {root.url}",
            uri=uri,
        ) from error


def _remove_stale(releases: Path) -> None:
    for entry in releases.iterdir():
        match = _PART.match(entry.name)
        if match and not _runs_elsewhere(int(match[1])):
            shutil.rmtree(entry, ignore_errors=True)


def _runs_elsewhere(process: int) -> bool:
    if process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _flush(folder: Path) -> None:
    """Have the disk hold all of it before the rename: a power cut must not leave empty files in a release."""
    for path in (*folder.rglob("*"), folder):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _rename(folder: Path, target: Path) -> None:
    try:
        folder.rename(target)
    except OSError as error:
        if (target / MANIFEST).exists():
            return  # another process published the same content in the meantime
        raise PublishError(
            f"Release folder {target} is there but has no {MANIFEST}, so this program did not write it: "
            f"{error}. Look at it, move it away, then: medinst publish",
            folder=str(target),
        ) from error
    descriptor = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()
