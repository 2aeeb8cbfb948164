"""Comparing two versions, and copying one to another root, verified file by file."""

import shutil
from pathlib import Path
from typing import NamedTuple, TypeVar

from schemas.errors import PublishError
from schemas.manifest import Manifest
from tasks.base.versions.find import MANIFEST, Found, Versions
from tasks.base.versions.manifest import measure
from tasks.base.versions.pointers import point
from tasks.base.versions.write import must_not_leave, upload, version_folder

M = TypeVar("M", bound=Manifest)

_SHOWN = 3


class Difference(NamedTuple):
    """What differs between two versions.

    Attributes:
        fields: of their manifests, other than `files`.
        missing: files that only the first has.
        added: files that only the second has.
        changed: files that both have, with other bytes.
    """

    fields: tuple[str, ...]
    missing: tuple[str, ...]
    added: tuple[str, ...]
    changed: tuple[str, ...]

    def __str__(self) -> str:
        """In words, a few names of each."""
        parts = {
            "other fields": self.fields,
            "files missing": self.missing,
            "files added": self.added,
            "files changed": self.changed,
        }
        return "; ".join(f"{words}: {_some(names)}" for words, names in parts.items() if names) or "nothing"


def compare(one: Found[Manifest], other: Found[Manifest]) -> Difference:
    """Compare two versions by what their manifests say."""
    mine, theirs = one.manifest, other.manifest
    fields = sorted({*type(mine).model_fields, *type(theirs).model_fields} - {"files"})
    return Difference(
        fields=tuple(name for name in fields if getattr(mine, name, None) != getattr(theirs, name, None)),
        missing=tuple(sorted(mine.files.keys() - theirs.files.keys())),
        added=tuple(sorted(theirs.files.keys() - mine.files.keys())),
        changed=tuple(
            name for name in sorted(mine.files.keys() & theirs.files.keys()) if mine.files[name] != theirs.files[name]
        ),
    )


def copy(found: Found[M], target: Versions[M], replace: bool = False) -> Found[M]:
    """Copy a version to another root and let the pointers there name it.

    Args:
        found: the version.
        target: the versions of the same thing in the other root.
        replace: whether `latest.json` may move to a release that lacks tasks of the one it names.

    Raises:
        PublishError: the version is damaged, must not leave the machine, or would change one that is there.
    """
    must_not_leave(
        found.manifest.profile,
        target.root,
        f"Version {found.version}",
        f"Make one that may be shared: {target.again} --profile open",
    )
    there = target.find(found.version)
    if there is None:
        _copy(found, target)
        there = target.find(found.version)
        assert there is not None
    elif there.digest != found.digest:
        raise PublishError(
            f"{there.uri} holds another version of this name ({compare(found, there)}). A version is never "
            f"overwritten. Copy to another address: {target.again} {target.elsewhere} URL",
            uri=there.uri,
        )
    point(target, there, replace)
    return there


def _copy(found: Found[M], target: Versions[M]) -> None:
    files = verified(found, target.again)
    if not target.root.is_local:
        upload(target, found.version, files)
        return
    with version_folder(target, found.version) as folder:
        for name, path in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, folder / name)


def verified(found: Found[M], again: str) -> dict[str, Path]:
    """The files of a version and its manifest, on this machine, each with the bytes that the manifest tells.

    Args:
        found: the version.
        again: the command that makes it again.

    Raises:
        PublishError: a file is missing or has other bytes.
    """
    files: dict[str, Path] = {}
    for name, told in found.manifest.files.items():
        try:
            path = found.local(name)
            sha256 = measure(path).sha256
        except FileNotFoundError:
            path, sha256 = Path(), "no file"
        if sha256 != told.sha256:
            raise PublishError(
                f"{found.uri}/{name} is damaged: manifest sha256 {told.sha256[:16]}…, actual {sha256[:16]}…. "
                f"Nothing was copied. Remove the folder {found.uri} and make it again: {again}",
                uri=f"{found.uri}/{name}",
            )
        files[name] = path
    return files | {MANIFEST: found.local(MANIFEST)}


def _some(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
