"""A plan as it is printed: what is due in detail, what is unchanged in one line."""

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from flows.rows import plan_rows, summary
from schemas.plan import Plan

SHOWN = 4
"""Pieces of work that a row names."""


def print_plan(console: Console, plan: Plan) -> None:
    """Print what is due and why, then the plan in one line."""
    rows = plan_rows(plan)
    if rows:
        table = Table("source", "due", "why")
        for row in rows:
            more = f" and {len(row.due) - SHOWN} more" if len(row.due) > SHOWN else ""
            table.add_row(row.source, escape(", ".join(row.due[:SHOWN]) + more), escape(row.reason))
        console.print(table)
    console.print(f"{summary(plan)}.", highlight=False)


def plan_json(plan: Plan) -> dict[str, Any]:
    """A plan for programs."""
    due = [(source.source, each) for source in plan.changed for each in source.due]
    return {
        "due": [{"source": name, **each.model_dump()} for name, each in [*due, *(("", each) for each in plan.ends)]],
        "unchanged": [source.source for source in plan.unchanged],
        "withheld": {source.source: source.built.withheld for source in plan.sources if source.withheld},
    }
