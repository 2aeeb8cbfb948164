"""Which release of a root came before: the versions of each profile in the order in which they were published."""

from collections.abc import Collection, Iterator

from schemas.licence import Profile
from schemas.manifest import ReleaseManifest
from tasks.base.store.root import Root
from tasks.base.versions.find import Found, releases

Published = Found[ReleaseManifest]


def note(root: Root, profile: Profile, version: str) -> None:
    """Remember that a version was published last; one that was so already is not written again."""
    known = _known(root, profile)
    if known[-1:] != [version]:
        root.write_json(_place(profile), [*(each for each in known if each != version), version])


def history(root: Root, profile: Profile) -> Iterator[Published]:
    """The releases of a profile, newest first.

    The one that `latest.json` names comes before all others: whoever moved that pointer back took back the later ones.
    Releases that nobody noted, of older versions of the program, come last.
    """
    versions = releases(root)
    names = [versions.latest, *reversed(_known(root, profile)), *reversed(versions.names())]
    for name in dict.fromkeys(each for each in names if each):
        found = versions.find(name)
        if found is not None and found.manifest.profile == profile:
            yield found


def predecessor(root: Root, profile: Profile, chosen: Collection[str], original: bool) -> Published | None:
    """The release that a build is compared with: the newest that was asked for all tasks of the build.

    Where there is none, because a task is new or only parts were built before, it is the one that was asked for most of
    them; None where no release of the profile has any. Releases of miniatures and those of the publishers' files have
    nothing to do with each other.

    Args:
        root: where the releases are.
        profile: of the build.
        chosen: the tasks that the build was asked for.
        original: whether all its files are the publishers'.
    """
    wanted, nearest, shared = set(chosen), None, 0
    for found in history(root, profile):
        if found.manifest.original != original:
            continue
        here = len(wanted & asked(found.manifest))
        if here > shared:
            nearest, shared = found, here
        if here == len(wanted):
            break
    return nearest


def asked(manifest: ReleaseManifest) -> set[str]:
    """The tasks that a release was asked for: those in it, and those that are withheld."""
    return {*manifest.tasks, *manifest.withheld}


def _known(root: Root, profile: Profile) -> list[str]:
    place = _place(profile)
    return root.read_json(place) if root.exists(place) else []


def _place(profile: Profile) -> str:
    return f"catalogue/published/{profile}.json"
