"""The flow `publish`: a release under a profile, through the gate, or a benchmark, to where others find it."""

from prefect import flow

from flows.artifacts import show_diff, show_release
from flows.base import chosen_base
from flows.leaving import leaving_soon
from flows.naming import add_tags, publish_name
from schemas.licence import Profile
from schemas.manifest import BenchmarkManifest, ReleaseManifest
from schemas.receipts import Release
from schemas.settings import Settings
from tasks.base.store.phases import phase
from tasks.base.store.root import Root
from tasks.base.versions.copy import copy
from tasks.base.versions.find import Found, benchmarks, releases
from tasks.build.builds.order import use_folders
from tasks.build.builds.runs import locked, writing
from tasks.build.hub.address import hub_dataset, is_hub
from tasks.build.hub.sending import send
from tasks.build.pipeline.finish import republish
from tasks.build.publish.copy import copy_release
from tasks.model.benchmark.place import of_profile


@flow(name="publish", flow_run_name=publish_name, persist_result=False)
def publish(
    root: str | None = None,
    to: str | None = None,
    profile: Profile = "open",
    replace: bool = False,
    folders: list[str] | None = None,
    benchmark: bool = False,
) -> Release:
    """Publish the build of the latest release of a root, or its latest benchmark.

    Args:
        root: the root of the build; `MEDINST_ROOT`, else `./data`.
        to: folder, bucket, or dataset on the Hub (`hf://datasets/OWNER/NAME`; the process that runs the flow needs
            `HF_TOKEN`) that the release is copied to; none: it stays in the root.
        profile: what the release may hold.
        replace: let `latest.json` there name the release even if it lacks tasks of the one that it names.
        folders: folders with sources of one's own; `MEDINST_SOURCES` if none.
        benchmark: publish the latest benchmark, which must have the profile, as it is.

    Raises:
        GateRefused: a critical expectation failed; nothing was published.
        EvaluationError: there is no benchmark.
        PublishError: it may not or cannot go there.
    """
    use_folders(folders)
    place = Root(root or Settings().root)
    add_tags(["publish", profile])
    with leaving_soon():
        if benchmark:
            return _sent(of_profile(place, profile), place, to, replace)
        with locked(place):
            release = republish(chosen_base(place), profile, replace)
        if to is not None:
            release = _sent(_found(place, release), place, to, replace)
    show_release(release, place)
    show_diff(place, release)
    return release


def _found(root: Root, release: Release) -> Found[ReleaseManifest]:
    found = releases(root).find(release.version)
    assert found is not None
    return found


def _sent(
    found: Found[ReleaseManifest] | Found[BenchmarkManifest], root: Root, to: str | None, replace: bool
) -> Release:
    """Send a version to where others find it."""
    if to is None:
        return found.receipt
    with phase("copy"):
        if is_hub(to):
            return send(found, hub_dataset(to))
        target = Root(to)
        with writing(target):
            if isinstance(found.manifest, BenchmarkManifest):
                return copy(found, benchmarks(target)).receipt
            return copy_release(found.version, root, to, found.manifest.profile, replace)
