"""The flow `publish`: the newest build under a profile, through the gate, to where others find it."""

from prefect import flow

from flows.artifacts import show_diff, show_release
from schemas.licence import Profile
from schemas.receipts import Release
from schemas.settings import Settings
from tasks.base.store.phases import phase
from tasks.base.store.root import Root
from tasks.build.builds.runs import locked
from tasks.build.builds.state import newest
from tasks.build.pipeline.finish import republish
from tasks.build.publish import copy_release


@flow(name="publish", flow_run_name="publish {profile}", persist_result=False)
def publish(root: str | None = None, to: str | None = None, profile: Profile = "open") -> Release:
    """Publish the newest build of a root.

    Args:
        root: the root of the build; `MEDINST_ROOT`, else `./data`.
        to: folder or bucket that the release is copied to; none: it stays in the root.
        profile: what the release may hold.

    Raises:
        GateRefused: a critical expectation failed; nothing was published.
        PublishError: the release may not or cannot go there.
    """
    place = Root(root or Settings().root)
    with locked(place):
        release = republish(newest(place), profile)
    if to is not None:
        with phase("copy"):
            release = copy_release(release.version, place, to, profile)
    show_release(release)
    show_diff(place, release)
    return release
