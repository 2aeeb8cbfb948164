"""Copy a release to another address."""

from schemas.errors import PublishError
from schemas.licence import Profile
from schemas.receipts import Release
from tasks.base.store.root import Root
from tasks.base.versions.copy import copy
from tasks.base.versions.find import DIFFS, MANIFEST, RELEASES, releases


def copy_release(version: str, root: Root, to_url: str, profile: Profile, replace: bool = False) -> Release:
    """Copy a release to `<to_url>/releases/<version>/` with its diffs, and let the pointers there name it.

    Args:
        version: the release.
        root: where it is.
        to_url: fsspec address of another root.
        profile: the publication profile that the release must have.
        replace: whether `latest.json` there may move to a release that lacks tasks of the one it names.

    Raises:
        PublishError: the release is not complete, is damaged, must not leave the machine, or would change a
            version that is there.
    """
    found = releases(root).find(version)
    if found is None:
        raise PublishError(
            f"{root.uri(RELEASES, version)} has no {MANIFEST}, so it is not a complete release. "
            "Make one: medinst publish",
            version=version,
        )
    if found.manifest.profile != profile:
        raise PublishError(
            f"Release {version} has profile `{found.manifest.profile}`, but `{profile}` was asked for. "
            f"Build that one: medinst publish --profile {profile}",
            version=version,
        )
    target = Root(to_url)
    copied = copy(found, releases(target), replace).receipt
    for name in root.names(f"{DIFFS}/{version}"):
        target.write_bytes(f"{DIFFS}/{version}/{name}", root.read_bytes(f"{DIFFS}/{version}/{name}"))
    return copied
