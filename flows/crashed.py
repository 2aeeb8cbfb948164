"""Runs whose process is gone, and their task runs, get an end in Prefect and in the root.

Prefect's word comes first: a run that was cancelled stays cancelled, and one of which Prefect knows why it crashed
keeps that reason. Only what Prefect still takes for running is marked here.
"""

from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas import filters
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.sorting import TaskRunSort
from prefect.exceptions import ObjectNotFound
from prefect.states import Cancelled, Crashed

from tasks.base.store.root import Root
from tasks.build.builds.runs import Run, ended, unfinished

GONE = "The process ended without a word; the next build found out."
_PAGE = 200
_WORDS = {
    StateType.CANCELLED: "cancelled",
    StateType.CRASHED: "crashed",
    StateType.FAILED: "failed",
    StateType.COMPLETED: "completed",
}


def mark_crashed(root: Root, current: Run) -> list[Run]:
    """Give an end to the runs of a root that ended without one.

    Args:
        root: the root, locked by the current run: whatever else says it is running, is not.
        current: the run that is running.

    Returns:
        the runs that said so, with their ends.
    """
    marked: list[Run] = []
    with get_client(sync_client=True) as client:
        for run in unfinished(root, current.run):
            cancelled = run.state == "cancelled"
            state = _end(client, UUID(run.run), Cancelled(message=run.message) if cancelled else Crashed(message=GONE))
            if run.state == "running":
                marked.append(ended(root, run, _WORDS.get(state.type, "crashed"), state.message or GONE))
    return marked


def _end(client: SyncPrefectClient, run: UUID, state: State) -> State:
    try:
        return end_run(client, client.read_flow_run(run), state)
    except ObjectNotFound:
        return state  # the run was made under another Prefect server


def end_run(client: SyncPrefectClient, run: FlowRun, state: State) -> State:
    """End a flow run that has no process any more, and its task runs.

    Args:
        client: of the server.
        run: the flow run.
        state: its end, unless it has one or was about to be cancelled.

    Returns:
        the end that it has.
    """
    if run.state is not None and run.state.is_final():
        state = run.state
    else:
        if run.state is not None and run.state.is_cancelling():
            state = Cancelled(message="The process was gone before it could be told.")
        client.set_flow_run_state(run.id, state, force=True)
    _end_task_runs(client, run.id, state)
    return state


def _end_task_runs(client: SyncPrefectClient, run: UUID, state: State) -> None:
    end = Cancelled if state.is_cancelled() else Crashed
    of_run = filters.FlowRunFilter(id=filters.FlowRunFilterId(any_=[run]))
    seen = 0
    while page := client.read_task_runs(flow_run_filter=of_run, limit=_PAGE, offset=seen, sort=TaskRunSort.ID_DESC):
        for task in page:
            if task.state is None or not task.state.is_final():  # one that was just begun has none
                client.set_task_run_state(task.id, end(message=f"Its flow run ended: {state.name}."), force=True)
        seen += len(page)
