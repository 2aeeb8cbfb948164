"""medinst urls."""

from typing import Annotated

import typer

from flows.commands.options import ROOT, Json, RootOption, Sources
from flows.console.output import keeps, out, print_json


def urls(
    sources: Sources = None,
    every: Annotated[bool, typer.Option("--all", help="Show sound addresses too.")] = False,
    json: Json = False,
    root: RootOption = ROOT,
) -> int:
    """Ask the declared addresses whether their files are still there: alive, moved, changed, gone, login page.

    Exit code 1 if an address is gone. Nothing is downloaded.

    Example: medinst urls bc5cdr --all
    """
    from flows.console.links import asking, show_links
    from schemas.settings import Settings
    from sources import find, registry
    from tasks.base.store.access import refuse_unwritable
    from tasks.base.store.root import Root
    from tasks.build.links.check import check
    from tasks.build.links.keep import row
    from tasks.build.links.summary import write_page

    place = Root(root)
    chosen = [find(name) for name in sources] if sources else list(registry().values())
    refuse_unwritable(place)
    keeps("What was found so far is kept.")
    with asking() as told:
        links = check(chosen, place, Settings(), told)
    page = write_page(links, place) if links else ""
    if json:
        print_json([row(link) for link in links])
    else:
        show_links(out(), links, every, place.uri(page) if page else "")
    return int(any(link.verdict == "gone" for link in links))
