"""Names and tags by which people find a run in Prefect's UI."""

from collections.abc import Iterable
from typing import Any

from prefect.client.orchestration import get_client
from prefect.runtime import deployment, flow_run

from schemas.plan import Plan
from schemas.receipts import ORIGIN, Order, Release
from schemas.settings import Settings
from schemas.state import State
from tasks.base.store.root import Root
from tasks.build.builds.runs import now
from tasks.build.summary.news import OURS


def named(*facts: str) -> str:
    """`nightly 2026-11-30 02:15 · all sources · local`: the deployment, else the flow, when, and what else matters."""
    return " · ".join((f"{deployment.name or flow_run.flow_name} {now():%Y-%m-%d %H:%M}", *facts))


def build_name() -> str:
    """The name of a build."""
    given: dict[str, Any] = flow_run.parameters
    chosen = [*(given.get("sources") or ()), *(given.get("tasks") or ())]
    what = ", ".join(chosen[:3]) + (f" and {len(chosen) - 3} more" if len(chosen) > 3 else "") or "all sources"
    local = Root(given.get("root") or Settings().root).is_local
    return named(what, given.get("profile") or ("local" if local else "research"))


def publish_name() -> str:
    """The name of a publication."""
    return named(flow_run.parameters.get("profile") or "open")


def build_tags(plan: Plan, runner: str) -> list[str]:
    """What a build is, in tags: its profile, what runs it, and what of it is out of the ordinary."""
    order: Order = plan.order
    said = {
        "some sources": bool(order.sources or order.tasks),
        "mirror": order.mirrors != (ORIGIN,),
        **{option: getattr(order, option) for option in ("fresh", "frozen", "strict")},
        "nothing to do": not plan.due,
    }
    return ["build", order.profile, runner, *(tag for tag, is_so in said.items() if is_so)]


def outcome_tags(state: State, release: Release | None) -> list[str]:
    """What came of a build, in tags: what of it a person should look at."""
    outcomes = {built.outcome for built in state.sources}
    said = {
        "refused": release is None,
        "partial": release is not None and release.partial,
        **{outcome: outcome in outcomes for outcome in ("stale", "unreachable", "failed")},
    }
    return [tag for tag, is_so in said.items() if is_so]


def add_tags(tags: Iterable[str]) -> None:
    """Add tags to the run that this is called in."""
    with get_client(sync_client=True) as client:
        run = client.read_flow_run(flow_run.id)
        client.update_flow_run(run.id, tags=sorted({OURS, *run.tags, *tags}))
