"""The flow `build`: from declared sources to a gated release."""

from typing import Any, cast

from prefect import flow, get_run_logger, task
from prefect.client.schemas.objects import State
from prefect.context import FlowRunContext
from prefect.runtime import flow_run
from prefect.states import Failed
from prefect.utilities.annotations import quote

from flows.artifacts import show_build, show_diff, show_plan, show_refusal, show_release
from flows.crashed import mark_crashed
from flows.gather import error_of, gather
from flows.leaving import leaving_soon
from flows.lineage import lineage
from flows.naming import add_tags, build_name, build_tags, outcome_tags
from flows.news import tell
from flows.progress import build_progress
from flows.runners import runner
from schemas.audit import Policy
from schemas.base import Collections
from schemas.errors import GateRefused
from schemas.licence import Profile
from schemas.receipts import Release, Verdict
from schemas.settings import Settings
from schemas.state import State as BuildState
from sources import stays
from tasks.base.store.phases import phase
from tasks.base.store.root import Root
from tasks.base.versions.find import releases
from tasks.base.versions.pointers import held_back
from tasks.build.builds.order import command, make_order
from tasks.build.builds.runs import Run, fail, next_number, now, record, runs
from tasks.build.builds.state import state_before
from tasks.build.pipeline import steps, work
from tasks.build.pipeline.finish import finish
from tasks.build.pipeline.prepare import prepared
from tasks.build.summary.changes import changes
from tasks.build.summary.news import news
from tasks.build.summary.pages import refused_in_short

ENDS = ("audit", "judge", "publish", "catalogue")
"""The phases of all sources together."""


@flow(
    task_runner=runner(Settings().runner, Settings().workers),
    name="build",
    flow_run_name=build_name,
    persist_result=False,
    validate_parameters=True,
)
def build(
    sources: list[str] | None = None,
    tasks: list[str] | None = None,
    root: str | None = None,
    mirrors: list[str] | None = None,
    profile: Profile | None = None,
    frozen: bool = False,
    workers: int | None = None,
    fresh: bool = False,
    near: Policy | None = None,
    strict: bool = False,
    recheck: bool = False,
    replace: bool = False,
    collection: Collections | None = None,
    folders: list[str] | None = None,
    step_rows: int | None = None,
    step_bytes: int | None = None,
) -> Release:
    """Build sources into a release.

    Args:
        sources: ids of the sources; none for all.
        tasks: names of the tasks; none for all of the sources.
        root: where everything lives; `MEDINST_ROOT`, else `./data`.
        mirrors: where files are looked for, in order; `origin` stands for the declared addresses.
        profile: what the release may hold: `open`, `research` or `local` (which never leaves the machine).
        frozen: refuse files that the lock does not pin.
        workers: processes that parse, and files fetched at once.
        fresh: download files again whose bytes are pinned and here.
        near: `flag` near duplicates, or `remove` training samples among them; as the profile says if not given.
        strict: publish nothing if a file cannot be fetched now, instead of all the rest.
        recheck: ask the addresses of pinned files once whether they are still the same, and fetch those that are not.
        replace: let `releases/latest.json` name the release even if it lacks tasks of the latest one.
        collection: which sources, if none are named: `paper`, `beyond`, `own` or `all`; those of one's own always are.
        folders: folders with sources of one's own; `MEDINST_SOURCES` if none.
        step_rows: records that one step works on at most; `MEDINST_STEP_ROWS` if not given.
        step_bytes: bytes of their files that one step works on at most; `MEDINST_STEP_BYTES` if not given.

    Raises:
        GateRefused: a critical expectation failed; nothing was published.
    """
    asked = {**locals()}  # all parameters: they are the wishes of an order
    order = make_order(**asked)
    place = Root(order.root)
    with leaving_soon(), prepared(order) as plan, build_progress({**plan.passing}, ENDS) as steps:
        run = Run(
            number=next_number(place),
            run=_run_id(),
            name=flow_run.name or "",
            started=now(),
            sources=order.sources,
            profile=order.profile,
        )
        record(place, run)
        try:
            with lineage(place, run) as published:
                mark_crashed(place, run)
                add_tags(build_tags(plan, _runner()))
                show_plan(plan)
                state = audited(gather(plan, steps.done))
                measure(state)
                # Quoted, because Prefect would search the whole state for futures, which takes as long as the rest.
                return published(conclude(quote(state), run))  # pyright: ignore[reportArgumentType]
        except GateRefused as error:
            return refused(error)  # pyright: ignore[reportReturnType]
        except BaseException as error:
            fail(place, run, error)
            raise


def refused(error: GateRefused) -> State[Any]:
    """The end of a run that the gate refused: a failure with a name of its own, and nothing of the data in its message.

    Whoever runs the flow gets the error.
    """
    return Failed(name="Refused", message=refused_in_short(cast("list[Verdict]", error.facts["failures"])), data=error)


def audited(state: BuildState) -> BuildState:
    """Look for near duplicates and leaks, as a step of its own unless that is done already.

    The pieces of an audit of many samples come before it. If one fails, the audit tries it again, and fails with the
    same error.
    """
    if work.is_audited(state):
        return work.audit(state)
    if work.is_large(state):
        indexed = tuple(task for built in state.sources for task in built.indexed)
        with phase("audit pieces"):
            pieces = steps.prepare_audit.submit(state).result()
            for each in [steps.audit_piece.submit(piece, indexed, state.order) for piece in pieces]:
                error_of(each)
    return steps.audit.submit(state).result()


def measure(state: BuildState) -> None:
    """Measure the large files of a build of many samples, each in a step; judging measures what is left."""
    if pieces := work.large_samples(state):
        with phase("measure"):
            for each in [steps.measure_samples.submit(piece, outcome, state.order) for piece, outcome in pieces]:
                error_of(each)


@task(name="judge and publish", task_run_name="judge and publish", persist_result=False)
def conclude(state: BuildState, run: Run) -> Release:
    """Measure, judge and publish, show it in the UI, and tell people what is new."""
    place = Root(state.order.root)
    before, past = state_before(place), [each for each in runs(place) if each.run != run.run]
    judged = finish(state, run)
    changed = changes(before, state)
    version = judged.release.version if judged.release else None
    show_build(state, judged.found, changed)
    told = [change for source, change in changed.items() if not stays(source)]
    tell(news(told, past, version), place)
    add_tags(outcome_tags(state, judged.release))
    if judged.refusal is not None:
        show_refusal(judged.refusal)
        raise judged.refusal
    assert judged.release is not None
    show_release(judged.release, place)
    show_diff(place, judged.release)
    if why := held_back(releases(place), judged.release.version, command(state.order)):
        get_run_logger().warning(why)
    return judged.release


def _run_id() -> str:
    return str(flow_run.id)


def _runner() -> str:
    context = FlowRunContext.get()
    return RUNNERS.get(type(context.task_runner).__name__, "thread") if context else "thread"


RUNNERS = {"ThreadPoolTaskRunner": "thread", "ProcessPoolTaskRunner": "process", "DaskTaskRunner": "dask"}
"""How the option `--runner` calls the task runners."""
