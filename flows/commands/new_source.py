"""medinst new-source."""

from typing import Annotated

import typer

from flows.commands.options import Folders
from flows.console.output import out


def new_source(
    source: Annotated[str, typer.Argument(help="The id: lower-case letters, digits and underscores.")],
    folders: Folders = None,
) -> None:
    """Create the files of a new source, with TODOs to fill in: in the checkout, or in a folder of your own.

    Example: medinst new-source my_corpus --sources ~/corpora
    """
    from flows.console.checkout import checkout
    from schemas.errors import DeclarationError
    from tasks.tools.declare.scaffold import scaffold

    if len(folders or ()) > 1:
        raise DeclarationError("`medinst new-source` writes into one folder. Name one: --sources FOLDER")
    folder = folders[0].expanduser().absolute() if folders else checkout("medinst new-source")
    for path in scaffold(source, folder, own=bool(folders)):
        out().print(f"wrote {path.relative_to(folder)}")
    out().print("Fill in every TODO, then: medinst check")
