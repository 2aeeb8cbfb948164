"""medinst build."""

from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

from flows.commands.options import ROOT, Json, Mirrors, RootOption, Sources, Verbose
from flows.console.output import err, keeps, out, print_json
from flows.console.words import count
from schemas.licence import Profile

if TYPE_CHECKING:
    from rich.console import Console

    from flows.rows import SourceRow
    from schemas.errors import GateRefused
    from schemas.receipts import Order, Release


def build(
    sources: Sources = None,
    task: Annotated[list[str] | None, typer.Option(help="Only this task; repeatable.", show_default=False)] = None,
    mirror: Mirrors = None,
    root: RootOption = ROOT,
    frozen: Annotated[
        bool, typer.Option("--frozen", help="Refuse files that sources/sources.lock does not pin.")
    ] = False,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Re-download files even if they are already in the root.")
    ] = False,
    profile: Annotated[
        Profile | None, typer.Option(help="What the release may hold (default: local; for a bucket: research).")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, envvar="MEDINST_WORKERS", help="Number of processes that parse (default: 2).")
    ] = None,
    runner: Annotated[Literal["thread", "process", "dask"], typer.Option(help="What runs the steps.")] = "thread",
    near: Annotated[
        Literal["flag", "remove"] | None,
        typer.Option(
            "--near-duplicates",
            help="flag: list near duplicates; remove: also drop training samples (default: flag).",
        ),
    ] = None,
    verbose: Verbose = False,
    json: Json = False,
) -> int:
    """Build sources into a gated release: fetch, read, render, deduplicate, audit, judge, publish.

    Example: medinst build bc5cdr scifact --mirror demo
    """
    from schemas.errors import GateRefused
    from schemas.receipts import Release
    from tasks.base.store.pool import without_ctrl_c
    from tasks.base.store.root import Root
    from tasks.build.builds.order import chosen_sources, make_order
    from tasks.build.builds.runs import refuse_unusable

    order = make_order(sources or (), task or (), root, mirror or (), profile, frozen, workers, fresh, near)
    refuse_unusable(Root(order.root))
    keeps("What is finished is kept.")
    from flows.console.progress import build_progress
    from flows.server import PrefectServer

    release, refusal = None, None
    with build_progress(err() if json else out(), len(chosen_sources(order))), PrefectServer(verbose) as server:
        from flows.build import build as build_flow
        from flows.build import runner as task_runner

        server.ready()
        try:
            flow = build_flow.with_options(task_runner=task_runner(runner, order.workers))
            with without_ctrl_c():
                release = cast(Release, flow(**order.model_dump()))
        except GateRefused as error:
            refusal = error
    code = _show(order, release, refusal, json)
    if refusal is not None:
        raise refusal
    return code


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
    """0 only when all that was asked for is there: no source failed, none asked for by name was withheld."""
    missing = {row.source for row in rows if row.outcome == "failed"}
    missing |= {row.source for row in rows if row.reason and row.source in order.sources}
    return 1 if missing else 0
