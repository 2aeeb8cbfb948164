"""The build that a flow draws from or publishes."""

from prefect import get_run_logger

from schemas.state import State
from tasks.base.store.root import Root
from tasks.build.builds.base import base


def chosen_base(root: Root) -> State:
    """The build of the latest release of a root; the log says which, and why if it is not the newest.

    Raises:
        MedinstError: there is none.
    """
    chosen = base(root)
    (get_run_logger().warning if chosen.why else get_run_logger().info)(chosen.about)
    return chosen.state
