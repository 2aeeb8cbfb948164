"""medinst serve."""

from rich.console import Console

from flows.serve import serve


def run(console: Console, port: int, root: str | None) -> int:
    """Serve until Ctrl-C; the exit code is that of what ended first."""
    return serve(console.print, port, root)
