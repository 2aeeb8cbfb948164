"""medinst licences."""

from typing import Annotated

import typer

from flows.commands.options import ROOT, Json, RootOption
from flows.console.output import out, print_json
from schemas.licence import Profile


def licences(
    profile: Annotated[Profile | None, typer.Option(help="Only this profile (default: all three).")] = None,
    json: Json = False,
    root: RootOption = ROOT,
) -> None:
    """Show what each profile holds, on which terms, and what it loses for which licence, with the evidence.

    Example: medinst licences --profile open --json
    """
    from flows.console.licences import show_licences
    from tasks.base.licences.profiles import PROFILES, as_json, contents, counted
    from tasks.base.store.root import Root
    from tasks.build.builds.state import load_state

    state = load_state(Root(root))
    counts = counted(state) if state else None
    found = [contents(each, counts) for each in ((profile,) if profile else PROFILES)]
    if json:
        print_json([as_json(each) for each in found])
    else:
        show_licences(out(), found, state)
