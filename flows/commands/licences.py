"""medinst licences."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.options import ROOT, Json, RootOption
from flows.console.output import out, print_json
from schemas.licence import Profile

if TYPE_CHECKING:
    from schemas.state import State
    from tasks.tools.declare.articles import Article


def licences(
    profile: Annotated[Profile | None, typer.Option(help="Only this profile (default: all three).")] = None,
    articles: Annotated[
        Path | None,
        typer.Option(help="PubMed Central's oa_file_list.csv: show the licence of each full article instead."),
    ] = None,
    json: Json = False,
    root: RootOption = ROOT,
) -> None:
    """Show what each profile holds, on which terms, and what it leaves out because of which licence, with evidence.

    Example: medinst licences --profile open --json
    """
    from flows.console.base import say_unpublished
    from flows.console.licences import show_articles, show_licences
    from tasks.base.licences.profiles import PROFILES, as_json, contents, counted
    from tasks.base.store.root import Root
    from tasks.build.builds.state import load_state

    say_unpublished(root)
    state = load_state(Root(root))
    if articles is not None:
        listed = _articles(state, articles, root)
        print_json([each._asdict() for each in listed]) if json else show_articles(out(), listed)
        return
    counts = counted(state) if state else None
    found = [contents(each, counts) for each in ((profile,) if profile else PROFILES)]
    if json:
        print_json([as_json(each) for each in found])
    else:
        show_licences(out(), found, state)


def _articles(state: "State | None", listed: Path, root: str) -> "list[Article]":
    from schemas.errors import DeclarationError
    from tasks.build.builds.build import Build
    from tasks.tools.declare.articles import articles

    if state is None:
        raise DeclarationError(f"{root} has no build, and its samples name the articles. Make one: medinst build")
    return articles(Build(state), listed)
