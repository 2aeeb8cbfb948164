"""medinst accept."""

from typing import Annotated

import typer

from flows.commands.options import ROOT, Json, RootOption
from flows.console.output import out, print_json


def accept(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME]…", help="TASK, TASK:SPLIT or SOURCE (default: list them).", show_default=False),
    ] = None,
    why: Annotated[str, typer.Option(help="The reason, for those who look later.", show_default=False)] = "",
    by: Annotated[str, typer.Option(help="Who accepts it (default: the user).", show_default=False)] = "",
    json: Json = False,
    root: RootOption = ROOT,
) -> None:
    """Accept that a release has fewer rows, other labels or other lengths than the last one.

    Without a name, list what waits to be accepted.

    Example: medinst accept MQP:train --why "the authors withdrew half of it"
    """
    from flows.console.changes import accepted_json, show_accepted, show_waiting
    from tasks.base.store.root import Root
    from tasks.build.builds.runs import locked, now
    from tasks.build.drift.accepted import accept as accept_them
    from tasks.build.drift.accepted import accepted, waiting
    from tasks.build.pipeline.finish import refresh

    place = Root(root)
    if names:
        who = by.strip() or _user()
        reason = _said(why)
        with locked(place):
            made = accept_them(place, names, who, now(), reason)
            refresh(place)
        if json:
            print_json(accepted_json(waiting(place), made))
        else:
            show_accepted(out(), made, f"Accepted by {who}")
            left = waiting(place)
            show_waiting(out(), left)
            if not left:
                out().print("Build again: with nothing else changed, the release is published.")
        return
    if json:
        print_json(accepted_json(waiting(place), accepted(place)))
    else:
        show_waiting(out(), waiting(place))
        show_accepted(out(), accepted(place), "Accepted")


def _said(why: str) -> str:
    """The reason as one line.

    Raises:
        AcceptanceError: there is none.
    """
    from schemas.errors import AcceptanceError

    if not (reason := " ".join(why.split())):
        raise AcceptanceError('An acceptance is kept with its reason, and none was given. Say it: --why "…"')
    return reason


def _user() -> str:
    """The name of the user.

    Raises:
        AcceptanceError: this machine has none.
    """
    import getpass

    from schemas.errors import AcceptanceError

    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:
        raise AcceptanceError("This machine has no name for its user. Say who accepts it: --by NAME") from error
