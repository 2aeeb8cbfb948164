"""medinst parity."""

from collections.abc import Callable
from typing import Any

from rich.console import Console

from flows.console.tables import parity_summary, parity_table
from schemas.settings import Settings
from tasks.base.paper.parity import parity, summary
from tasks.base.store.root import Root
from tasks.build.builds.outcomes import is_original, missing, rendered_counts, withheld
from tasks.build.builds.state import newest


def run(console: Console, root: str | None, print_json: Callable[[Any], None] | None) -> int:
    """Print the comparison.

    Returns:
        exit code: 1 where a difference is unexplained, else 0. Miniatures are not compared: 0.
    """
    state = newest(Root(root or Settings().root))
    rows = parity(rendered_counts(state), withheld(state), missing(state))
    counts = summary(rows)
    if print_json is not None:
        shown = [{**row.model_dump(mode="json"), "ours": row.ours or (0, 0, 0)} for row in rows]
        print_json({"rows": shown, "summary": counts})
    else:
        console.print(parity_table(rows))
        console.print(parity_summary(rows))
        if not is_original(state):
            console.print("[yellow]This build is of miniatures: their counts say nothing about the paper's.[/]")
    return 1 if counts["unexplained"] and is_original(state) else 0
