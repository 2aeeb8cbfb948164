"""The diffs of a root: `diffs/<version>/<version before>.json` and `.html`, beside the releases.

A diff is a function of two versions, so it has the same bytes whenever it is made. It is no part of a release, which is
a function of its own content alone.
"""

from schemas.diff import Diff
from schemas.errors import VersionError, did_you_mean
from schemas.manifest import ReleaseManifest
from tasks.base.store.root import Root
from tasks.base.versions.find import DIFFS, Found, releases
from tasks.build.builds.build import Build
from tasks.build.builds.state import newest
from tasks.build.diff.page import page
from tasks.build.diff.sides import BUILD, Side, of_build, of_release
from tasks.build.drift.accepted import accepted, drifts
from tasks.build.drift.published import history

LATEST, PREVIOUS = "latest", "previous"


def record(url: str, before: str, after: str) -> None:
    """Write down the difference between two releases of a root, unless that is done."""
    from tasks.build.diff.compare import compare

    root = Root(url)
    if not root.exists(place(before, after, "html")):
        keep(root, compare(side(root, before), side(root, after)))


def keep(root: Root, diff: Diff) -> None:
    """Write the two files of a diff; the page comes last."""
    known = [each for each in accepted(root) if each.base == diff.before]
    root.write_bytes(place(diff.before, diff.after, "json"), diff.model_dump_json(indent=1).encode() + b"\n")
    root.write_bytes(place(diff.before, diff.after, "html"), page(diff, known))


def last(root: Root, after: str) -> Diff | None:
    """The diff of a release to the one that it was compared with; None where there is none."""
    bases = (drift.base for drift in drifts(root) if root.exists(place(drift.base, after, "html")))
    found = next(bases, None)
    return Diff.model_validate_json(root.read_bytes(place(found, after, "json"))) if found else None


def place(before: str, after: str, kind: str) -> str:
    """Where a diff lies in a root; `kind` is `json` or `html`."""
    return f"{DIFFS}/{after}/{before}.{kind}"


def side(root: Root, name: str) -> Side:
    """A side by its name: a version, `latest`, `previous` or `build`.

    Raises:
        VersionError: there is no such release.
        MedinstError: nothing has been built.
    """
    if name == BUILD:
        return of_build(Build(newest(root)))
    return of_release(_release(root, name))


def _release(root: Root, name: str) -> Found[ReleaseManifest]:
    versions = releases(root)
    version = versions.latest if name in (LATEST, PREVIOUS) else name
    found = versions.find(version) if version else None
    if found is not None and name == PREVIOUS:
        older = (each for each in history(root, found.manifest.profile) if each.version != found.version)
        found = next(older, None)
    if found is None:
        there = [each.version for each in versions.all()]
        known = f"`{LATEST}`, `{PREVIOUS}`, `{BUILD}` (the newest build)"
        raise VersionError(
            f"There is no release `{name}` in {root.url}{did_you_mean(name, there)}. Expected {known} or one of: "
            f'{", ".join(there) or "none yet"}. List them: medinst sql "FROM releases"'
        )
    return found
