"""The flow `build`: from declared sources to a gated release."""

from typing import Any

from prefect import flow, task
from prefect.futures import PrefectFuture
from prefect.runtime import flow_run
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner
from prefect.utilities.annotations import quote

from flows.artifacts import show_plan, show_refusal, show_release, show_sources
from flows.crashed import mark_crashed
from schemas.audit import Policy
from schemas.base import Collections
from schemas.errors import DeclarationError
from schemas.licence import Profile
from schemas.plan import FIELDS, STAGES, Plan, Stage
from schemas.receipts import Release
from schemas.settings import Settings
from schemas.state import Built, State
from tasks.base.store.root import Root
from tasks.build.builds.admission import admit
from tasks.build.builds.order import make_order
from tasks.build.builds.runs import Run, fail, now, record
from tasks.build.pipeline import steps, work
from tasks.build.pipeline.finish import finish
from tasks.build.pipeline.prepare import prepared


def _name() -> str:
    """A name that a person recognises in the UI: what is built, for whom, where."""
    given = flow_run.parameters
    chosen = [*(given.get("sources") or ()), *(given.get("tasks") or ())]
    what = ", ".join(chosen[:3]) + (f" and {len(chosen) - 3} more" if len(chosen) > 3 else "") or "all sources"
    local = Root(given.get("root") or Settings().root).is_local
    profile = given.get("profile") or ("local" if local else "research")
    return f"build {what} · {profile} · {now():%Y-%m-%d %H:%M:%S}"


@flow(name="build", flow_run_name=_name, persist_result=False, validate_parameters=True)
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
    collection: Collections | None = None,
    folders: list[str] | None = None,
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
        collection: which sources, if none are named: `paper`, `beyond`, `own` or `all`; those of one's own always are.
        folders: folders with sources of one's own; `MEDINST_SOURCES` if none.

    Raises:
        GateRefused: a critical expectation failed; nothing was published.
    """
    order = make_order(
        sources or (),
        tasks or (),
        root,
        mirrors or (),
        profile,
        frozen,
        workers,
        fresh,
        near,
        strict,
        collection,
        folders or (),
    )
    place = Root(order.root)
    with prepared(order) as plan:
        run = Run(
            run=_run_id(),
            name=flow_run.name or "",
            started=now(),
            sources=order.sources,
            profile=order.profile,
        )
        record(place, run)
        mark_crashed(place, run)
        show_plan(plan)
        try:
            # Quoted, because Prefect would search the whole state for futures, which takes as long as the rest.
            return conclude(quote(audited(gather(plan))), run)  # pyright: ignore[reportArgumentType]
        except BaseException as error:
            fail(place, run, error)
            raise


def gather(plan: Plan) -> State:
    """Take every source through the steps that are due, in parallel; one that fails takes no other down.

    What is here already costs no step. All sources' steps of one stage are submitted before those of the next, because
    a step that waits for another keeps a thread.
    """
    made = {source.source: dict(source.built) for source in plan.changed}
    begun: dict[str, Futures] = {name: {} for name in made}
    for stage in STAGES:
        for source in plan.changed:
            if source.start is not None and STAGES.index(source.start) <= STAGES.index(stage):
                before = [made[source.source][FIELDS[needed]] for needed in NEEDS[stage]]
                future = getattr(steps, stage).submit(source.source, *before, plan.order)
                made[source.source][FIELDS[stage]] = begun[source.source][stage] = future
    place = Root(plan.order.root)
    built = (_built(source.built, place, begun.get(source.source, {})) for source in plan.sources)
    return State(order=plan.order, sources=tuple(admit(each, plan.order.profile) for each in built))


Futures = dict[Stage, PrefectFuture[Any]]

NEEDS: dict[Stage, tuple[Stage, ...]] = {
    "fetch": (),
    "read": ("fetch",),
    "render": ("read",),
    "deduplicate": ("render",),
    "index": ("render", "deduplicate"),
}
"""The stages whose receipts a stage works on."""


def _built(built: Built, place: Root, futures: Futures) -> Built:
    found: dict[str, Any] = {}
    for stage, future in futures.items():
        future.wait()
        if not future.state.is_completed():
            error = future.result(raise_on_failure=False)
            return built.model_copy(update={"failed": f"{stage}: {place.without(str(error))}", **found})
        found[FIELDS[stage]] = future.result()
    return built.model_copy(update=found)


def audited(state: State) -> State:
    """Look for near duplicates and leaks, as a step of its own unless that is done already."""
    return work.audit(state) if work.is_audited(state) else steps.audit.submit(state).result()


@task(name="judge and publish", task_run_name="judge and publish", persist_result=False)
def conclude(state: State, run: Run) -> Release:
    """Measure, judge and publish, and show it in the UI."""
    judged = finish(state, run)
    show_sources(state, judged.verdicts)
    if judged.refusal is not None:
        show_refusal(judged.refusal)
        raise judged.refusal
    assert judged.release is not None
    show_release(judged.release)
    return judged.release


def _run_id() -> str:
    return str(flow_run.id)


def runner(kind: str, workers: int) -> TaskRunner[Any]:
    """The task runner of a build: threads or processes here, or a Dask cluster, a local one if none is named."""
    if kind == "process":
        from prefect.task_runners import ProcessPoolTaskRunner

        return ProcessPoolTaskRunner(max_workers=workers)
    if kind == "dask":
        try:
            from prefect_dask.task_runners import DaskTaskRunner
        except ImportError as error:
            raise DeclarationError("--runner dask needs the extra `dask`, which `make test` installs.") from error

        if (address := Settings().dask) is not None:
            return DaskTaskRunner(address=address)
        return DaskTaskRunner(cluster_kwargs={"n_workers": workers, "threads_per_worker": 1, "dashboard_address": None})
    return ThreadPoolTaskRunner(max_workers=max(4, 2 * workers))
