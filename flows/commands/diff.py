"""medinst diff."""

from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.options import ROOT, Json, RootOption
from flows.console.output import err, out, print_json

if TYPE_CHECKING:
    from rich.console import Console

    from schemas.diff import Diff
    from tasks.base.store.root import Root


def diff(
    before: Annotated[str, typer.Argument(help="A version, `latest`, `previous`, or `build`: the newest build.")] = (
        "previous"
    ),
    after: Annotated[str, typer.Argument(help="The same.")] = "latest",
    json: Json = False,
    root: RootOption = ROOT,
) -> None:
    """Show what changed between two releases, or a release and the newest build: rows by task and split, and why.

    Example: medinst diff latest build
    """
    from flows.console.changes import show_diff
    from flows.console.progress import build_progress
    from tasks.base.store.phases import phase
    from tasks.base.store.root import Root
    from tasks.build.diff.compare import compare
    from tasks.build.diff.record import side

    place = Root(root)
    one, other = side(place, before), side(place, after)
    with build_progress(err() if json else out()), phase("compare"):
        found = compare(one, other)
    if json:
        print_json(found.model_dump(mode="json"))
    else:
        show_diff(out(), found)
    _keep(place, found, err() if json else out())


def _keep(place: "Root", found: "Diff", console: "Console") -> None:
    """Write the page into the root, where that is possible: looking is also for those who may not write there."""
    from tasks.build.diff.record import keep
    from tasks.build.diff.record import place as place_of

    uri = place.uri(place_of(found.before, found.after, "html"))
    try:
        keep(place, found)
    except OSError as error:
        console.print(f"[yellow]No page was written to {uri}: {error}[/]", highlight=False)
    else:
        console.print(f"Page:    {uri}", highlight=False)
