"""medinst rollback."""

from typing import Annotated

import typer

from flows.commands.options import ROOT, RootOption
from flows.console.output import err, out


def rollback(
    version: Annotated[
        str | None,
        typer.Argument(help="The version that latest.json is to name (default: list them).", show_default=False),
    ] = None,
    root: RootOption = ROOT,
) -> None:
    """Make latest.json name another version of a release, benchmark or mixture; nothing is removed.

    Example: medinst rollback 2026.11.0-local-0f3c2a1b
    """
    from tasks.base.store.root import Root
    from tasks.base.versions.rollback import choices, roll_back
    from tasks.build.builds.runs import locked, refuse_unusable

    place = Root(root)
    if version is None:
        from flows.console.versions import versions_table

        out().print(versions_table(choices(place)))
        return
    refuse_unusable(place)
    with locked(place):
        moved = roll_back(place, version)
    if moved.before == moved.now:
        out().print(f"{moved.folder}/latest.json names {moved.now} already.", highlight=False)
        return
    out().print(f"{moved.folder}/latest.json: from {moved.before or 'none'} to {moved.now}", highlight=False)
    _say_what_follows(place.url, moved.folder, moved.now)


def _say_what_follows(root: str, folder: str, version: str) -> None:
    from tasks.base.store.root import Root
    from tasks.base.versions.find import RELEASES
    from tasks.build.builds.state import PUBLISHED

    if folder != RELEASES:
        return
    if not Root(root).exists(f"{PUBLISHED}/{version}.json"):
        err().print(
            "[yellow]Note:[/] The build of this release is not in the root any more. Mixtures, benchmarks and "
            "publications need one: medinst build",
            highlight=False,
        )
    out().print("The next build that passes the gate moves it again; until the cause is fixed, pause the schedule.")
