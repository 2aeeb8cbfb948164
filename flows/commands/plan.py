"""medinst plan."""

from typing import TYPE_CHECKING

from flows.commands.options import (
    ROOT,
    CollectionOption,
    Fresh,
    Frozen,
    Json,
    Mirrors,
    Near,
    ProfileOption,
    RootOption,
    Sources,
    Tasks,
    Workers,
    order_of,
)
from flows.console.output import out, print_json

if TYPE_CHECKING:
    from schemas.receipts import Order


def plan(
    sources: Sources = None,
    tasks: Tasks = None,
    mirrors: Mirrors = None,
    root: RootOption = ROOT,
    frozen: Frozen = False,
    fresh: Fresh = False,
    profile: ProfileOption = None,
    workers: Workers = None,
    near: Near = None,
    collection: CollectionOption = None,
    json: Json = False,
) -> int:
    """Show what a build would do and why, and write nothing.

    Example: medinst plan --mirror demo
    """
    return show_plan(order_of({**locals()}), json)


def show_plan(order: "Order", json: bool) -> int:
    """Print the plan of a build; gives exit code 0, whatever is due."""
    from flows.console.plan import plan_json, print_plan
    from tasks.build.pipeline.plan import make_plan

    found = make_plan(order)
    print_json(plan_json(found)) if json else print_plan(out(), found)
    return 0
