"""medinst build."""

from collections.abc import Callable
from typing import Any, cast

from rich.console import Console

from flows.build import build, runner
from flows.console.progress import build_progress
from flows.console.tables import print_reasons, source_table
from flows.rows import SourceRow, source_rows
from schemas.errors import GateRefused
from schemas.receipts import Order, Release, Verdict
from schemas.state import State
from tasks.base.store.root import Root
from tasks.build.builds.order import chosen_sources, make_order
from tasks.build.builds.state import newest
from tasks.build.pipeline.finish import load_verdicts


def run(console: Console, parameters: dict[str, Any], kind: str, print_json: Callable[[Any], None] | None) -> int:
    """Run the flow, then say what came of it.

    Returns:
        exit code: 0 only when all that was asked for was built and published; 1 when a source failed, a source asked
        for by name was withheld, or the gate refused.
    """
    order = make_order(**parameters)
    release: Release | None = None
    error: GateRefused | None = None
    with build_progress(console, [source.id for source in chosen_sources(order)]):
        try:
            release = cast(Release, build.with_options(task_runner=runner(kind, order.workers))(**parameters))
        except GateRefused as raised:
            error = raised
    state = newest(Root(order.root))
    return _conclude(console, state, release, error, print_json)


def _conclude(
    console: Console,
    state: State,
    release: Release | None,
    error: GateRefused | None,
    print_json: Callable[[Any], None] | None,
) -> int:
    verdicts: list[Verdict] = load_verdicts(Root(state.order.root))
    rows = source_rows(state, verdicts)
    if print_json is not None:
        print_json(
            {
                "sources": [row.model_dump() for row in rows],
                "release": release.model_dump() if release else None,
                "error": str(error or ""),
            }
        )
    else:
        console.print(source_table(rows))
        print_reasons(console, rows)
    if error is not None:
        raise error
    assert release is not None
    _say(console, release)
    return exit_code(state.order, rows)


def _say(console: Console, release: Release) -> None:
    partial = ", partial" if release.partial else ""
    console.print(
        f"Release [bold]{release.version}[/] ({release.profile}{partial}): "
        f"{release.tasks} tasks, {release.samples:,} samples"
    )
    console.print(f"Report:  {release.uri}/report.html", highlight=False)


def exit_code(order: Order, rows: list[SourceRow]) -> int:
    """0 only when all that was asked for is there: no source failed, none asked for by name was withheld."""
    missing = {row.source for row in rows if row.outcome == "failed"}
    missing |= {row.source for row in rows if row.reason and row.source in order.sources}
    return 1 if missing else 0
