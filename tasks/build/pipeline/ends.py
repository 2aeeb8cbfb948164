"""What is due at the end of a build, for all sources together."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from schemas.audit import Audit
from schemas.plan import Due, SourcePlan
from schemas.receipts import Order
from schemas.state import State
from tasks.base.store.frames import read
from tasks.base.store.listing import Listing
from tasks.base.store.receipts import settled
from tasks.base.store.root import Root
from tasks.base.versions.find import releases
from tasks.build import audit as auditing
from tasks.build.audit.remove import without
from tasks.build.builds.admission import admit
from tasks.build.builds.build import Build
from tasks.build.builds.reasons import changes
from tasks.build.pipeline.conclusion import concluded, shaping

ALL = "all samples"
RELEASE = "release"
BEFORE = "what comes before it is due"


class Unwritten(Exception):
    """Something would be written."""


class ReadOnly(Root):
    """A root that refuses to be written to."""

    @contextmanager
    def writing(self, place: str) -> Iterator[Path]:
        """Refuse.

        Raises:
            Unwritten: on every call.
        """
        raise Unwritten(place)
        yield Path()  # pyright: ignore[reportUnreachable]


def ends(order: Order, sources: Sequence[SourcePlan], last: State | None, listing: Listing) -> tuple[Due, ...]:
    """Find out what is due of all samples together.

    Args:
        order: what is asked for.
        sources: what is due of each source.
        last: the newest build of the root.
        listing: of the root.
    """
    if any(source.due for source in sources):
        return _from("audit", BEFORE if last else "never built")
    state = State(order=order, sources=tuple(admit(source.built, order.profile) for source in sources))
    planned = auditing.plan([task for built in state.sources for task in built.indexed], order.near)
    done = settled(planned, listing.done(planned.place))
    if done is None:
        return _from("audit", _why(planned, last))
    try:
        audited = _audited(state, done, listing.root)
    except Unwritten:
        return _from("audit", "result missing")
    return _judged(audited, listing)


def _from(first: str, reason: str) -> tuple[Due, ...]:
    """An end that is due, and those after it."""
    later = {"audit": ("judge", "publish"), "judge": ("publish",), "publish": ()}[first]
    due = Due.model_validate({"stage": first, "subject": ALL if first == "audit" else RELEASE, "reason": reason})
    return due, *(Due.model_validate({"stage": end, "subject": RELEASE, "reason": BEFORE}) for end in later)


def _why(planned: Audit, last: State | None) -> str:
    before = last.audit if last else None
    if before is None:
        return "never built"
    return changes(before.made_of, planned.made_of) or "result missing"


def _audited(state: State, done: Audit, root: Root) -> State:
    """The build as its audit leaves it.

    Raises:
        Unwritten: what the audit leaves of the samples is not here.
    """
    if done.removed:
        removed = read(root.local(f"{done.place}/{auditing.REMOVED}"))
        state = without(state, removed, ReadOnly(root.url))
    return state.model_copy(update={"audit": done})


def _judged(state: State, listing: Listing) -> tuple[Due, ...]:
    before = concluded(listing.root)
    if before is None:
        return _from("judge", "never built")
    if reason := changes(before.made_of, shaping(Build(state), listing)):
        return _from("judge", reason)
    if before.version is None:
        return _from("judge", "the gate refused the last build")
    if releases(listing.root).find(before.version) is None:
        return _from("publish", f"release {before.version} missing")
    return ()
