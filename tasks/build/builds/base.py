"""The build that mixtures, benchmarks and publications are made of: that of the latest release, never a refused one."""

from typing import NamedTuple

from schemas.errors import MedinstError
from schemas.state import State
from tasks.base.store.root import Root
from tasks.base.versions.find import releases
from tasks.build.builds.order import command
from tasks.build.builds.runs import runs
from tasks.build.builds.state import load_published, newest

_ENDS = {
    "running": "has not been judged yet",
    "refused": "was refused by the gate",
    "failed": "failed before it was published",
    "cancelled": "was cancelled before it was published",
    "crashed": "was cut off before it was published",
}


class Base(NamedTuple):
    """A build to draw from.

    Attributes:
        state: the build.
        why: why it is not the newest one; empty where it is.
    """

    state: State
    why: str

    @property
    def about(self) -> str:
        """Which build it is, in a sentence or two."""
        return f"{self.why} The build of release {self.state.release} is used.".strip()


def base(root: Root) -> Base:
    """The build that `releases/latest.json` names the release of.

    Raises:
        MedinstError: nothing has been built, no build has passed the gate, or the release has come without its build.
    """
    last, latest = newest(root), releases(root).latest
    if latest is None or (state := load_published(root, latest)) is None:
        raise MedinstError(_nothing(root, last, latest))
    return Base(state, _why(root, last, state))


def unpublished(root: Root, last: State) -> str:
    """Why the newest build is nobody's base, in a sentence; empty where a release was made of it."""
    if last.release:
        return ""
    run = next(reversed(runs(root)), None)
    when = f" ({run.started:%Y-%m-%d %H:%M} UTC)" if run else ""
    return f"The newest build{when} {_ENDS.get(run.state if run else '', 'was not published')}."


def _why(root: Root, last: State, used: State) -> str:
    if not last.release or last == used:
        return unpublished(root, last)
    return f"The newest build was published as {last.release}, which is not the latest release."


def _nothing(root: Root, last: State, latest: str | None) -> str:
    if latest is None:
        what = f"{unpublished(root, last)} No earlier build in {root.url} was published, so there is nothing to use."
    else:
        what = f"{root.url} does not have the build that release {latest} was made of."
    return f"{what.strip()} Build again: {command(last.order)}"
