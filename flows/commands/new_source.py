"""medinst new-source: the files of a new source, with TODOs where a person has to know something."""

from rich.console import Console

from flows.commands.checkout import checkout
from tasks.tools.declare.scaffold import scaffold


def run(console: Console, source: str) -> None:
    """Write the files and say what to do next."""
    folder = checkout("medinst new-source")
    for path in scaffold(source, folder):
        console.print(f"wrote {path.relative_to(folder)}")
    console.print("Fill in every TODO, then: medinst check")
