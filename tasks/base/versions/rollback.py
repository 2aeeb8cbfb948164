"""Rolling back: `latest.json` names an earlier version again."""

from typing import NamedTuple

from schemas.errors import VersionError, did_you_mean
from schemas.manifest import Dataset
from tasks.base.store.root import Root
from tasks.base.versions.find import Found, Versions, datasets
from tasks.base.versions.pointers import point


class Choice(NamedTuple):
    """A version that a pointer may name.

    Attributes:
        versions: those it belongs to: releases, benchmarks, or those of one mixture.
        found: the version.
        latest: whether the pointer names it now.
    """

    versions: Versions[Dataset]
    found: Found[Dataset]
    latest: bool


class Moved(NamedTuple):
    """A pointer that was moved.

    Attributes:
        folder: where it lies.
        before: the version that it named; None where it named none.
        now: the one that it names.
    """

    folder: str
    before: str | None
    now: str


def choices(root: Root) -> list[Choice]:
    """The complete versions of a root that have a pointer: releases, benchmarks and mixtures."""
    return [
        Choice(versions, found, found.version == latest)
        for versions in datasets(root)
        for latest in (versions.latest,)
        for found in versions.all()
    ]


def roll_back(root: Root, asked: str) -> Moved:
    """Let the pointer name a version; call it with the root locked.

    Args:
        root: the root.
        asked: the version, or its folder, such as `releases/<version>`.

    Raises:
        VersionError: there is no such version, or there are several.
    """
    known = choices(root)
    fitting = [each for each in known if asked.strip("/") in (each.found.version, each.found.folder)]
    if not fitting:
        guess = did_you_mean(asked, [each.found.version for each in known])
        raise VersionError(f"{root.url} has no version `{asked}`{guess}. List what there is: medinst rollback")
    if len(fitting) > 1:
        folders = ", ".join(each.found.folder for each in fitting)
        raise VersionError(f"`{asked}` may be any of: {folders}. Name one of these.")
    (chosen,) = fitting
    before = chosen.versions.latest
    point(chosen.versions, chosen.found, replace=True)
    return Moved(chosen.versions.folder, before, chosen.found.version)
