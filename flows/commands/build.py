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
    Recheck,
    Replace,
    RootOption,
    Sources,
    Strict,
    Tasks,
    Verbose,
    Workers,
    order_of,
)
from flows.commands.plan import show_plan
from flows.console.output import err, keeps, out, print_json
from flows.console.words import count

if TYPE_CHECKING:
    from rich.console import Console

    from flows.rows import SourceRow
    from schemas.errors import GateRefused
    from schemas.receipts import Order, Release
    from tasks.base.store.root import Root


def build(
    sources: Sources = None,
    tasks: Tasks = None,
    mirrors: Mirrors = None,
    root: RootOption = ROOT,
    frozen: Frozen = False,
    fresh: Fresh = False,
    recheck: Recheck = False,
    profile: ProfileOption = None,
    workers: Workers = None,
    runner: Annotated[Literal["thread", "process", "dask"], typer.Option(help="What runs the steps.")] = "thread",
    near: Near = None,
    strict: Strict = False,
    collection: CollectionOption = None,
    replace: Replace = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be done and why.")] = False,
    verbose: Verbose = False,
    json: Json = False,
) -> int:
    """Build sources into a gated release: fetch, read, render, deduplicate, audit, judge, publish.

    Example: medinst build bc5cdr scifact --mirror demo
    """
    given = {**locals()}
    from tasks.base.store.root import Root
    from tasks.build.builds.runs import refuse_unusable

    order = order_of(given)
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
        from flows.runners import runner as task_runner
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
    from flows.console.base import say_if_not_latest
    from flows.console.tables import print_reasons, source_table
    from flows.rows import source_rows
    from tasks.base.store.root import Root
    from tasks.build.builds.order import command
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
        say_if_not_latest(order.root, release.version, command(order))
        _say_changes(err() if json else out(), place, release)
    return exit_code(order, rows)


def _say(console: "Console", release: "Release") -> None:
    partial = ", partial" if release.partial else ""
    console.print(
        f"Release [bold]{release.version}[/] ({release.profile}{partial}): "
        f"{count(release.tasks, 'task')}, {count(release.samples, 'sample')}"
    )
    console.print(f"Report:  {release.uri}/report.html", highlight=False)


def _say_changes(console: "Console", place: "Root", release: "Release") -> None:
    """Say in one line what changed since the release before, and where the page is."""
    from flows.console.changes import diff_summary
    from tasks.build.diff.record import last
    from tasks.build.diff.record import place as place_of

    if (diff := last(place, release.version)) is not None:
        console.print(f"Changes: {diff_summary(diff)}", highlight=False)
        console.print(f"         {place.uri(place_of(diff.before, diff.after, 'html'))}", highlight=False)


def exit_code(order: "Order", rows: "list[SourceRow]") -> int:
    """0 only when everything that was asked for is there and up to date.

    No source failed, no file was unavailable, and nothing asked for by name was withheld.
    """
    missing = {row.source for row in rows if row.outcome == "failed" or row.unavailable}
    missing |= {row.source for row in rows if row.reason and row.source in order.sources}
    return 1 if missing else 0
