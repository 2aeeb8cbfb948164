"""medinst show."""

from typing import Annotated

import typer

from flows.commands.options import ROOT, RootOption
from flows.console.output import out


def show(
    name: Annotated[str, typer.Argument(help="A source or a task.")],
    n: Annotated[int, typer.Option("-n", min=1, help="How many.")] = 3,
    root: RootOption = ROOT,
) -> None:
    """Show records and rendered samples of the newest build, readable in a terminal.

    Example: medinst show BC5CDR-RE -n 1
    """
    from flows.console.base import say_unpublished
    from flows.console.samples import show_samples

    say_unpublished(root)
    show_samples(out(), name, n, root)
