"""medinst new-source."""

from typing import Annotated

import typer

from flows.console.output import out


def new_source(
    source: Annotated[str, typer.Argument(help="The id: lower-case letters, digits and underscores.")],
) -> None:
    """Create the files of a new source, with TODOs to fill in.

    Example: medinst new-source my_corpus
    """
    from flows.console.checkout import checkout
    from tasks.tools.declare.scaffold import scaffold

    folder = checkout("medinst new-source")
    for path in scaffold(source, folder):
        out().print(f"wrote {path.relative_to(folder)}")
    out().print("Fill in every TODO, then: medinst check")
