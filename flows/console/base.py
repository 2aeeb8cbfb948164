"""Which build a command uses, said where people see it: on standard error, so that JSON stays JSON."""

from contextlib import suppress

from flows.console.output import err
from schemas.errors import MedinstError
from tasks.base.store.root import Root
from tasks.base.versions.find import releases
from tasks.base.versions.pointers import held_back
from tasks.build.builds.base import base, unpublished
from tasks.build.builds.state import load_state


def say_base(root: str) -> None:
    """Say which build is drawn from or published.

    Raises:
        MedinstError: there is none.
    """
    err().print(base(Root(root)).about, highlight=False)


def say_unpublished(root: str) -> None:
    """Say, before the newest build is shown, that no release was made of it; nothing where one was."""
    place = Root(root)
    with suppress(MedinstError):  # of a root of an earlier version, whose builds do not say it
        last = load_state(place)
        if last is not None and (why := unpublished(place, last)):
            err().print(f"[yellow]Note:[/] {why} What is shown is of that build.", highlight=False)


def say_if_not_latest(root: str, release: str, again: str) -> None:
    """Say that a release that was just made is not the latest, and how to make it that; nothing where it is."""
    if why := held_back(releases(Root(root)), release, again):
        err().print(f"[yellow]Note:[/] {why}", highlight=False)
