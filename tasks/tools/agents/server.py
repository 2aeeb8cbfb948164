"""A server of the Model Context Protocol over the answers: on standard input and output, or on HTTP of this machine."""

import socket
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Annotated, ParamSpec

from pydantic import Field

from schemas.errors import MedinstError
from tasks.tools.agents.answers import CHARS, DATA, ROWS, Answer, Desk

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

HOST = "127.0.0.1"
"""Who may ask over HTTP: programs of this machine, and pages that it serves itself."""

PATH = "/mcp"

INSTRUCTIONS = f"""The catalogue of a MedINST build: sources, licences, tasks, counts, rejects, verdicts, records and
samples of biomedical instructions. Everything is read-only. Call `tables` first, then `sql` with one SELECT in the
dialect of DuckDB. An answer has at most {ROWS} rows, and texts of at most {CHARS} characters. {DATA}"""

_P = ParamSpec("_P")


def make_server(desk: Desk) -> "MCPServer":
    """The server of a root.

    Raises:
        MedinstError: the extra `mcp` is not installed.
    """
    try:
        from mcp.server.mcpserver import MCPServer
        from mcp.types import ToolAnnotations
    except ImportError as error:
        raise MedinstError("The server needs the extra `mcp`: pip install -e .[mcp]") from error

    server = MCPServer("medinst", title="MedINST", instructions=INSTRUCTIONS, log_level="WARNING")
    only_reads = ToolAnnotations(
        read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
    )

    def tool(answer: Callable[_P, Answer]) -> None:
        server.tool(annotations=only_reads)(_said(answer))

    @tool
    def tables(name: Annotated[str, Field(description="A table or view; empty for the list of all.")] = "") -> Answer:
        """List the tables and views of the catalogue with what they hold, or the columns of one with what they mean."""
        return desk.tables(name)

    @tool
    def sql(query: Annotated[str, Field(description="One SELECT, SHOW, DESCRIBE or SUMMARIZE.")]) -> Answer:
        """Ask the catalogue one question in SQL (DuckDB). Read-only; files outside the build cannot be reached."""
        return desk.sql(query)

    @tool
    def show(
        name: Annotated[str, Field(description="A task, such as BC5CDR-RE, or the id of a source.")],
        n: Annotated[int, Field(ge=1, le=20, description="How many of each task.")] = 3,
    ) -> Answer:
        """Show published samples of a task, or of each task of a source: instruction, input, output, licence."""
        return desk.show(name, n)

    @tool
    def why(name: Annotated[str, Field(description="Id of a sample or record, or SOURCE/PART/RECORD.")]) -> Answer:
        """Tell where a sample or record comes from, how it was processed, and where it is or why it was left out."""
        return desk.why(name)

    return server


def _said(answer: Callable[_P, Answer]) -> Callable[_P, Answer]:
    """A tool whose expected errors reach the model as messages, not as crashes."""
    from mcp.server.mcpserver.exceptions import ToolError

    @wraps(answer)
    def call(*args: _P.args, **kwargs: _P.kwargs) -> Answer:
        try:
            return answer(*args, **kwargs)
        except MedinstError as error:
            raise ToolError(str(error)) from error

    return call


def serve_http(server: "MCPServer", port: int, say: Callable[[str], None]) -> None:
    """Serve on HTTP of this machine until the process is told to end.

    Args:
        server: the server.
        port: the port; 0 for any that is free.
        say: is told the address once it can be asked.

    Raises:
        MedinstError: the port is taken.
    """
    import uvicorn

    place = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        place.bind((HOST, port))
    except OSError as error:
        place.close()
        raise MedinstError(
            f"Expected port {port} to be free, found that it is not. Choose another: --port 0"
        ) from error
    with place:
        place.listen()
        say(f"http://{HOST}:{place.getsockname()[1]}{PATH}")
        app = server.streamable_http_app(streamable_http_path=PATH, host=HOST)
        uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)).run(sockets=[place])
