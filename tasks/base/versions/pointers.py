"""The pointers beside versions: `latest.json` names the one that readers follow.

A release that lacks tasks of the latest one, because it was made of chosen sources or tasks, does not replace it unless
somebody asks for that: `latest-partial.json` names it. Tasks that it withholds for a reason are accounted for; whether
they may be lost is for the gate to say. Nor does a release of miniatures replace one of the publishers' files; these
always replace miniatures.
"""

from typing import TypeVar

from schemas.manifest import Manifest, ReleaseManifest
from tasks.base.store.lease import check
from tasks.base.store.locks import LOCK
from tasks.base.store.root import Root
from tasks.base.versions.find import LATEST, LATEST_PARTIAL, Found, Versions

M = TypeVar("M", bound=Manifest)

_SHOWN = 3


def point(versions: Versions[M], found: Found[M], replace: bool = False) -> None:
    """Let the pointers name a version; a file that names it already is not written again.

    Args:
        versions: those it belongs to.
        found: the version.
        replace: whether `latest.json` may move to a release that lacks tasks of the one it names, or to miniatures.

    Raises:
        MedinstError: another process has taken over the bucket that this one held.
    """
    if not versions.pointed:
        return
    check(versions.root.uri(LOCK))
    if isinstance(found.manifest, ReleaseManifest) and found.manifest.partial:
        _write(versions, LATEST_PARTIAL, found)
    if replace or not (lacking(versions, found) or invents(versions, found.manifest.original)):
        _write(versions, LATEST, found)


def invents(versions: Versions[M], original: bool) -> bool:
    """Whether a release of miniatures would replace one of the publishers' files; never so for other versions."""
    before = versions.find(versions.latest) if versions.latest else None
    if before is None or not isinstance(before.manifest, ReleaseManifest):
        return False
    return before.manifest.original and not original


def lacking(versions: Versions[M], found: Found[M]) -> tuple[str, ...]:
    """The tasks of the latest release that a partial one neither has nor withholds; none for other versions."""
    if not isinstance(found.manifest, ReleaseManifest) or not found.manifest.partial:
        return ()
    before = versions.find(versions.latest) if versions.latest else None
    if before is None or not isinstance(before.manifest, ReleaseManifest):
        return ()
    if found.manifest.original and not before.manifest.original:  # what miniatures have is no loss
        return ()
    accounted = found.manifest.tasks.keys() | found.manifest.withheld.keys()
    return tuple(sorted(before.manifest.tasks.keys() - accounted))


def held_back(versions: Versions[M], version: str, again: str) -> str:
    """Why `latest.json` does not name a version, and how to have it do so; empty where it does.

    Args:
        versions: those it belongs to.
        version: one that has just been made.
        again: the command that made it.
    """
    found = versions.find(version)
    if found is None or versions.latest in (None, version):
        return ""
    lost = lacking(versions, found)
    more = f" and {len(lost) - _SHOWN} more" if len(lost) > _SHOWN else ""
    why = f"lacks {', '.join(lost[:_SHOWN])}{more}" if lost else "is not made of the publishers' files"
    partial = isinstance(found.manifest, ReleaseManifest) and found.manifest.partial
    return (
        f"{versions.folder}/{LATEST} still names {versions.latest}: the new release {why}"
        f"{f', so {LATEST_PARTIAL} names it' if partial else ''}. To replace the latest release all the same: "
        f"{again} --replace"
    )


def _write(versions: Versions[M], name: str, found: Found[M]) -> None:
    receipt = found.receipt
    said = {name: getattr(receipt, name) for name in ("version", "profile", "partial", "manifest_sha256")}
    place = f"{versions.folder}/{name}"
    if not _says(versions.root, place, said):
        versions.root.write_json(place, said)


def _says(root: Root, place: str, value: object) -> bool:
    try:
        return root.read_json(place) == value
    except (FileNotFoundError, ValueError):
        return False
