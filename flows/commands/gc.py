"""medinst gc."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.options import ROOT, Json, RootOption
from flows.console.output import err, keeps, out, print_json

if TYPE_CHECKING:
    from tasks.base.store.root import Root
    from tasks.build.garbage.collect import Collection

DAYS = 7.0
CHECKED = 100
"""Removals after which it is made sure again that nobody else has taken over the bucket."""


def gc(
    yes: Annotated[bool, typer.Option("--yes", help="Remove without asking.")] = False,
    keep_days: Annotated[
        float, typer.Option(min=0, help="Keep what is newer, such as the work of an unfinished build.")
    ] = DAYS,
    json: Json = False,
    root: RootOption = ROOT,
) -> None:
    """Show what no build in the root needs any more, and remove it with --yes; versions are never touched.

    Example: medinst gc --keep-days 30
    """
    from tasks.base.store.root import Root
    from tasks.build.builds.runs import locked, refuse_unusable
    from tasks.build.garbage.collect import collect

    place = Root(root)
    refuse_unusable(place)
    with locked(place):
        found = collect(place, keep_days)
        if json:
            print_json([each.told for each in found])
        else:
            _show(found, keep_days)
        if yes or (not json and _agreed(found)):
            _remove(place, found)


def _show(found: "list[Collection]", keep_days: float) -> None:
    from flows.console.garbage import garbage_table

    out().print(garbage_table(found, keep_days))
    if not any(each.garbage for each in found):
        out().print("There is nothing to remove.")


def _agreed(found: "list[Collection]") -> bool:
    """Whether somebody at the terminal says that it may be removed."""
    if not any(each.garbage for each in found):
        return False
    if sys.stdin.isatty() and sys.stdout.isatty():
        return typer.confirm("Remove what is not needed?")
    out().print("Nothing was removed. To remove it: medinst gc --yes")
    return False


def _remove(place: "Root", found: "list[Collection]") -> None:
    from flows.console.garbage import size
    from flows.console.words import count
    from tasks.build.builds.runs import still_held
    from tasks.build.garbage.collect import remove

    keeps("What is removed is removed; to go on, run it again.")
    units = [unit for each in found for unit in each.garbage]
    for number, unit in enumerate(units):
        if number % CHECKED == 0:
            still_held(place)
        remove(place, unit)
    err().print(f"Removed {count(len(units), 'item')}, {size(sum(unit.bytes for unit in units))}.", highlight=False)
