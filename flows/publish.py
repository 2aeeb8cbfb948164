"""The flow `publish`: the newest build under a profile, through the gate, to where others find it."""

from prefect import flow

from flows.artifacts import show_release
from flows.leaving import leaving_soon
from flows.naming import add_tags, publish_name
from schemas.licence import Profile
from schemas.receipts import Release
from schemas.settings import Settings
from tasks.base.store.phases import phase
from tasks.base.store.root import Root
from tasks.build.builds.order import use_folders
from tasks.build.builds.runs import locked
from tasks.build.builds.state import newest
from tasks.build.pipeline.finish import republish
from tasks.build.publish import copy_release


@flow(name="publish", flow_run_name=publish_name, persist_result=False)
def publish(
    root: str | None = None, to: str | None = None, profile: Profile = "open", folders: list[str] | None = None
) -> Release:
    """Publish the newest build of a root.

    Args:
        root: the root of the build; `MEDINST_ROOT`, else `./data`.
        to: folder or bucket that the release is copied to; none: it stays in the root.
        profile: what the release may hold.
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
            release = republish(newest(place), profile)
        if to is not None:
            with phase("copy"):
                release = copy_release(release.version, place, to, profile)
    show_release(release, place)
    return release
