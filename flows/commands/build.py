"""medinst build."""

from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

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
    Strict,
    Tasks,
    Verbose,
    Workers,
)
from flows.commands.plan import show_plan
from flows.console.output import err, keeps, out, print_json
from flows.console.words import count

if TYPE_CHECKING:
    from rich.console import Console

    from flows.rows import SourceRow
    from schemas.errors import GateRefused
    from schemas.receipts import Order, Release


def build(
    sources: Sources = None,
    task: Tasks = None,
    mirror: Mirrors = None,
    root: RootOption = ROOT,
    frozen: Frozen = False,
    fresh: Fresh = False,
    profile: ProfileOption = None,
    workers: Workers = None,
    runner: Annotated[Literal["thread", "process", "dask"], typer.Option(help="What runs the steps.")] = "thread",
    near: Near = None,
    strict: Strict = False,
    collection: CollectionOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done and why.")] = False,
    verbose: Verbose = False,
    json: Json = False,
) -> int:
    """Build sources into a gated release: fetch, read, render, deduplicate, audit, judge, publish.

    Example: medinst build bc5cdr scifact --mirror demo
    """
    from tasks.base.store.root import Root
    from tasks.build.builds.order import make_order
    from tasks.build.builds.runs import refuse_unusable

    order = make_order(
        sources or (), task or (), root, mirror or (), profile, frozen, workers, fresh, near, strict, collection
    )
    if dry_run:
        return show_plan(order, json)
    refuse_unusable(Root(order.root))
    keeps("What is finished is kept.")
    release, refusal = _run(order, runner, verbose, err() if json else out())
    code = _show(order, release, refusal, json)
    if refusal is not None:
        raise refusal
    return code


def _run(order: "Order", runner: str, verbose: bool, console: "Console") -> "tuple[Release | None, GateRefused | None]":
    """Plan while Prefect's server starts, then run the flow; gives the release or why there is none."""
    from flows.console.progress import build_progress
    from flows.server import PrefectServer

    with build_progress(console) as expect, PrefectServer(verbose) as server:
        from flows.build import build as build_flow
        from flows.build import runner as task_runner
        from schemas.errors import GateRefused
        from tasks.base.store.pool import without_ctrl_c
        from tasks.build.pipeline.prepare import prepared

        with without_ctrl_c(), prepared(order) as plan:
            expect({**plan.passing})
            server.ready()
            try:
                flow = build_flow.with_options(task_runner=task_runner(runner, order.workers))
                return cast("Release", flow(**order.model_dump())), None
            except GateRefused as error:
                return None, error


def _show(order: "Order", release: "Release | None", refusal: "GateRefused | None", json: bool) -> int:
    """Show what became of each source, and of the release; gives the exit code."""
    from flows.console.tables import print_reasons, source_table
    from flows.rows import source_rows
    from tasks.base.store.root import Root
    from tasks.build.builds.state import newest
    from tasks.build.pipeline.finish import load_verdicts

    place = Root(order.root)
    rows = source_rows(newest(place), load_verdicts(place))
    if json:
        print_json(
            {
                "sources": [row.model_dump() for row in rows],
                "release": release.model_dump() if release else None,
                "error": str(refusal or ""),
            }
        )
    else:
        out().print(source_table(rows))
        print_reasons(out(), rows)
    if release is not None:
        _say(err() if json else out(), release)
    return exit_code(order, rows)


def _say(console: "Console", release: "Release") -> None:
    partial = ", partial" if release.partial else ""
    console.print(
        f"Release [bold]{release.version}[/] ({release.profile}{partial}): "
        f"{count(release.tasks, 'task')}, {count(release.samples, 'sample')}"
    )
    console.print(f"Report:  {release.uri}/report.html", highlight=False)


def exit_code(order: "Order", rows: "list[SourceRow]") -> int:
    """0 only when everything that was asked for is there and up to date.

    No source failed, no file was unavailable, and nothing asked for by name was withheld.
    """
    missing = {row.source for row in rows if row.outcome == "failed" or row.unavailable}
    missing |= {row.source for row in rows if row.reason and row.source in order.sources}
    return 1 if missing else 0
