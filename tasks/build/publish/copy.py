"""Copy a release to another address, verified file by file."""

import json
import shutil
from hashlib import sha256
from pathlib import Path

from schemas.errors import PublishError
from schemas.licence import Profile
from schemas.receipts import Release
from tasks.base.store.root import Root
from tasks.base.store.versions import MANIFEST, RELEASES, find_manifest, published, upload, version_folder
from tasks.build.publish.manifest import measure


def copy_release(release_uri: str, root: Root, to_url: str, profile: Profile) -> Release:
    """Copy a release to `<to_url>/releases/<version>/` and let the pointer there name it.

    Args:
        release_uri: address of the release's folder in the root.
        root: where the release is.
        to_url: fsspec address of another root.
        profile: the publication profile that the release must have.

    Raises:
        PublishError: the release is not complete, is damaged, must not leave the machine, or would change a
            version that is there.
    """
    version = release_uri.rstrip("/").rsplit("/", 1)[-1]
    manifest = find_manifest(root, version)
    if manifest is None:
        raise PublishError(
            f"{release_uri} has no {MANIFEST}, so it is not a complete release. Make one: medinst publish",
            uri=release_uri,
        )
    target = Root(to_url)
    _check_profile(json.loads(manifest)["profile"], profile, version, target)
    there = find_manifest(target, version)
    if there is None:
        _copy(root, version, manifest, target)
    elif there != manifest:
        raise _another(target.uri(RELEASES, version), there, manifest)
    release = published(target, version)
    assert release is not None
    return release


def _check_profile(found: Profile, asked: Profile, version: str, target: Root) -> None:
    if found != asked:
        raise PublishError(
            f"Release {version} has profile `{found}`, but `{asked}` was asked for. "
            f"Build that one: medinst publish --profile {asked}",
            version=version,
        )
    if found == "local" and not target.is_local:
        raise PublishError(
            f"Release {version} has profile `local`: it holds data that must not leave this machine, "
            f"and {target.url} is elsewhere. Make one that may be shared: medinst publish --profile open",
            version=version,
        )


def _copy(root: Root, version: str, manifest: bytes, target: Root) -> None:
    files = _verified(root, version, manifest)
    if not target.is_local:
        upload(target, version, files)
        return
    with version_folder(target, version) as folder:
        for name, path in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, folder / name)


def _verified(root: Root, version: str, manifest: bytes) -> dict[str, Path]:
    """The files of a release, each with the bytes that the manifest tells."""
    files: dict[str, Path] = {}
    for name, told in json.loads(manifest)["files"].items():
        place = f"{RELEASES}/{version}/{name}"
        try:
            path = root.local(place)
            found = measure(path)
        except FileNotFoundError:
            raise _damaged(root.uri(place), told["sha256"], "no file") from None
        if found.sha256 != told["sha256"]:
            raise _damaged(root.uri(place), told["sha256"], found.sha256)
        files[name] = path
    files[MANIFEST] = root.local(f"{RELEASES}/{version}/{MANIFEST}")
    return files


def _damaged(uri: str, expected: str, found: str) -> PublishError:
    return PublishError(
        f"{uri} is damaged: the manifest tells sha256 {expected[:16]}…, found {found[:16]}. "
        "Nothing was copied. Remove the release's folder and make it again: medinst publish",
        uri=uri,
    )


def _another(uri: str, there: bytes, manifest: bytes) -> PublishError:
    return PublishError(
        f"{uri} holds another release of this version: its manifest has sha256 {_short(there)}, the one "
        f"to copy {_short(manifest)}. A version is never overwritten. "
        "Copy to another address: medinst publish --to URL",
        uri=uri,
    )


def _short(manifest: bytes) -> str:
    return f"{sha256(manifest).hexdigest()[:16]}…"
