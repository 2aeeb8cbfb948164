"""medinst mcp."""

from typing import Annotated

import typer

from flows.commands.options import ROOT, RootOption
from flows.console.output import err


def mcp(
    http: Annotated[bool, typer.Option("--http", help="Serve HTTP on this machine instead of standard input.")] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port for --http; 0: any that is free.")] = 8765,
    timeout: Annotated[float, typer.Option(min=0.001, help="Seconds after which a query is given up.")] = 60.0,
    memory: Annotated[
        str, typer.Option(help="Memory that a query may use; beyond it, temporary disk is used.")
    ] = "4GB",
    root: RootOption = ROOT,
) -> None:
    """Let agents ask the newest catalogue over the Model Context Protocol: read-only, with the limits of medinst sql.

    Example: medinst mcp --root data
    """
    from tasks.tools.agents.answers import Desk, Limits
    from tasks.tools.agents.server import make_server, serve_http

    server = make_server(Desk(root, Limits(timeout, memory)))
    if http:
        serve_http(server, port, lambda address: err().print(f"Serving {address} until Ctrl-C", highlight=False))
    else:
        server.run("stdio")
