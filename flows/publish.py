"""The flow `publish`: the build of the latest release under a profile, through the gate, to where others find it."""

from prefect import flow

from flows.artifacts import show_diff, show_release
from flows.base import chosen_base
from flows.leaving import leaving_soon
from flows.naming import add_tags, publish_name
from schemas.licence import Profile
from schemas.receipts import Release
from schemas.settings import Settings
from tasks.base.store.phases import phase
from tasks.base.store.root import Root
from tasks.base.versions.find import releases
from tasks.build.builds.order import use_folders
from tasks.build.builds.runs import locked
from tasks.build.hub.address import hub_dataset, is_hub
from tasks.build.hub.sending import send
from tasks.build.pipeline.finish import republish
from tasks.build.publish.copy import copy_release


@flow(name="publish", flow_run_name=publish_name, persist_result=False)
def publish(
    root: str | None = None,
    to: str | None = None,
    profile: Profile = "open",
    replace: bool = False,
    folders: list[str] | None = None,
) -> Release:
    """Publish the build of the latest release of a root.

    Args:
        root: the root of the build; `MEDINST_ROOT`, else `./data`.
        to: folder, bucket, or dataset on the Hub (`hf://datasets/OWNER/NAME`; the process that runs the flow needs
            `HF_TOKEN`) that the release is copied to; none: it stays in the root.
        profile: what the release may hold.
        replace: let `latest.json` there name the release even if it lacks tasks of the one that it names.
        folders: folders with sources of one's own; `MEDINST_SOURCES` if none.

    Raises:
        GateRefused: a critical expectation failed; nothing was published.
        PublishError: the release may not or cannot go there.
    """
    use_folders(folders)
    place = Root(root or Settings().root)
    add_tags(["publish", profile])
    with leaving_soon():
        with locked(place):
            release = republish(chosen_base(place), profile, replace)
        if to is not None:
            with phase("copy"):
                release = _copied(release, place, to, replace)
    show_release(release, place)
    show_diff(place, release)
    return release


def _copied(release: Release, root: Root, to: str, replace: bool) -> Release:
    if not is_hub(to):
        return copy_release(release.version, root, to, release.profile, replace)
    found = releases(root).find(release.version)
    assert found is not None
    return send(found, hub_dataset(to))
