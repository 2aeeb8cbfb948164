"""medinst serve."""

from typing import Annotated

import typer

from flows.commands.options import ROOT, RootOption
from flows.console.output import keeps, out


def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the Prefect UI on this machine.")] = 4200,
    reports_port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="Port of the reports (default: the one after --port).", show_default=False),
    ] = None,
    root: RootOption = ROOT,
) -> None:
    """Start Prefect's server and UI, the schedules, a worker and the root's reports on this machine, until Ctrl-C.

    Example: medinst serve --port 4200
    """
    from flows.serve import PATIENCE, serve

    keeps("A build that was running is resumed by the next one.", PATIENCE)
    reports = reports_port or (port + 1 if port < 65535 else port - 1)
    serve(out().print, port, reports, root)
