"""Runs that were killed stay `Running` in Prefect's database; the next build of the same root marks them."""

from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.exceptions import ObjectNotFound
from prefect.states import Crashed

from tasks.base.store.root import Root
from tasks.build.builds.runs import Run, stale


def mark_crashed(root: Root, current: Run) -> list[Run]:
    """Mark the killed runs of a root as crashed, in its records and in Prefect.

    Args:
        root: the root, locked by the current run: whatever else says it is running, is not.
        current: the run that is running.
    """
    crashed = stale(root, current.run)
    with get_client(sync_client=True) as client:
        for run in crashed:
            try:
                client.set_flow_run_state(
                    UUID(run.run),
                    Crashed(message="The process ended without a word; the next build found out."),
                    force=True,
                )
            except ObjectNotFound:
                continue  # the run was made under another Prefect server
    return crashed
