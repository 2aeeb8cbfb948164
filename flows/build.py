"""The flow `build`: from declared sources to a gated release."""

from typing import Any

from prefect import flow, task
from prefect.futures import PrefectFuture
from prefect.runtime import flow_run
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from flows.artifacts import show_refusal, show_release, show_sources
from flows.crashed import mark_crashed
from schemas.audit import Policy
from schemas.errors import DeclarationError
from schemas.licence import Profile
from schemas.receipts import Order, Release
from schemas.settings import Settings
from schemas.state import Built, State
from tasks.base.store.root import Root
from tasks.build.builds.order import chosen_sources, make_order
from tasks.build.builds.outcomes import refused
from tasks.build.builds.runs import Run, fail, locked, now, record
from tasks.build.pipeline import steps
from tasks.build.pipeline.finish import finish


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

    Raises:
        GateRefused: a critical expectation failed; nothing was published.
    """
    order = make_order(sources or (), tasks or (), root, mirrors or (), profile, frozen, workers, fresh, near)
    place = Root(order.root)
    with locked(place):
        place.sweep()
        run = Run(
            run=_run_id(),
            name=flow_run.name or "",
            started=now(),
            sources=order.sources,
            profile=order.profile,
        )
        record(place, run)
        mark_crashed(place, run)
        try:
            return conclude(steps.audit.submit(gather(order)).result(), run)
        except BaseException as error:
            fail(place, run, error)
            raise


def gather(order: Order) -> State:
    """Take every source through its steps in parallel; one that fails takes no other down."""
    left_out, place = refused(State(order=order, sources=())), Root(order.root)
    names = [source.id for source in chosen_sources(order) if source.id not in left_out]
    fetched = [steps.fetch.submit(name, order) for name in names]
    batches = [steps.read.submit(name, *before, order) for name, *before in zip(names, fetched, strict=True)]
    rendered = [steps.render.submit(name, *before, order) for name, *before in zip(names, batches, strict=True)]
    kept = [steps.deduplicate.submit(name, *before, order) for name, *before in zip(names, rendered, strict=True)]
    indexed = [steps.index.submit(name, *before, order) for name, *before in zip(names, rendered, kept, strict=True)]
    built = [
        _built(name, place, *futures)
        for name, *futures in zip(names, fetched, batches, rendered, kept, indexed, strict=True)
    ]
    withheld = [Built(source=name, withheld=reason) for name, reason in left_out.items()]
    return State(order=order, sources=tuple(sorted([*built, *withheld], key=lambda each: each.source)))


FIELDS = {"fetched": "fetch", "batches": "read", "rendered": "render", "kept": "deduplicate", "indexed": "index"}
"""What a build has of a source -> the step that makes it."""


def _built(name: str, place: Root, *futures: PrefectFuture[Any]) -> Built:
    found: dict[str, Any] = {}
    for field, future in zip(FIELDS, futures, strict=True):
        future.wait()
        if not future.state.is_completed():
            error = future.result(raise_on_failure=False)
            return Built(source=name, failed=f"{FIELDS[field]}: {place.without(str(error))}", **found)
        found[field] = future.result()
    return Built(source=name, **found)


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
