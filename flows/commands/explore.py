"""medinst explore."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.options import ROOT, RootOption
from flows.console.output import out

PORT = 4202


def explore(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[RELEASE|BENCHMARK|EVALUATION]",
            help="A version or evaluation of the root, `latest` (if none is named), `medinst32`, or a folder.",
            show_default=False,
        ),
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on 127.0.0.1; 0: any that is free.")] = PORT,
    show: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    at: Annotated[
        str, typer.Option(help="Page to print and open, such as 'samples?task=BC5CDR&leak=test' or report.")
    ] = "",
    folder: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FOLDER",
            help="Write the explorer of a release or benchmark as files for any static web server, and end. "
            "`medinst explore FOLDER` serves them.",
            show_default=False,
        ),
    ] = None,
    npm: Annotated[
        Path | None,
        typer.Option(
            metavar="ARCHIVES",
            help="With --out: folder that keeps DuckDB for the browser; npm fetches into it what it lacks.",
            show_default=False,
        ),
    ] = None,
    root: RootOption = ROOT,
) -> None:
    """Look at samples, what was found about them, and models' answers, in a page on this machine or a folder of files.

    Example: medinst explore medinst32 --open
    """
    if folder is not None:
        return _write(name, root, folder, npm)
    from flows.explore import explore as serve
    from tasks.base.store.root import Root

    def ready(version: str, address: str) -> None:
        out().print(f"Explorer of {version}: {address}", highlight=False, soft_wrap=True)
        out().print("Ctrl-C ends it.")
        if show:
            import webbrowser

            webbrowser.open(address)

    serve(name, Root(root), port, ready, at)
    return None


def _write(name: str | None, root: str, folder: Path, npm: Path | None) -> None:
    from flows.console.exploring import exploring_progress
    from flows.explore import write_explorer
    from tasks.base.store.root import Root

    with exploring_progress(out()) as told:
        version = write_explorer(name, Root(root), folder.absolute(), npm, told)
    out().print(f"Explorer of {version}: {folder}", highlight=False, soft_wrap=True)
    out().print(f"To look at it: medinst explore {shlex.quote(str(folder))}", highlight=False, soft_wrap=True)
