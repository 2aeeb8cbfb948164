"""medinst plan."""

from collections.abc import Callable
from typing import Any

from rich.console import Console

from flows.console.plan import print_plan
from schemas.plan import Plan
from tasks.build.builds.order import make_order
from tasks.build.pipeline.plan import make_plan


def run(console: Console, parameters: dict[str, Any], print_json: Callable[[Any], None] | None) -> int:
    """Say what a build with these parameters would do and why; nothing is written.

    Returns:
        exit code 0, whatever is due.
    """
    plan = make_plan(make_order(**parameters))
    print_json(as_json(plan)) if print_json else print_plan(console, plan)
    return 0


def as_json(plan: Plan) -> dict[str, Any]:
    """A plan for programs."""
    return {
        "due": [{"source": source.source, **due.model_dump()} for source in plan.changed for due in source.due]
        + [{"source": "", **due.model_dump()} for due in plan.ends],
        "unchanged": [source.source for source in plan.unchanged],
        "withheld": {source.source: source.built.withheld for source in plan.sources if source.withheld},
    }
