"""Runs: one command that writes at a time in a root, a record of each, and a final state for those that were killed.

On this machine the lock is the operating system's: it ends with the process, however that ends. In a bucket it is an
object that its holder renews, see `tasks/base/store/lease.py`.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from schemas.base import Model
from schemas.errors import Damaged, RootInUse
from tasks.base.store.access import refuse_unwritable
from tasks.base.store.holder import STALE, Seen
from tasks.base.store.lease import check, leased
from tasks.base.store.locks import LOCK, alone, holder
from tasks.base.store.root import Root, bucket

_RUNS = "catalogue/runs"


class Run(Model):
    """One build.

    Attributes:
        run: id of the Prefect flow run.
        number: its place among the runs of the root, from 1; times do not tell it, as clocks are set. 0: not known, of
            one of an earlier version.
        state: `running`, `completed`, `refused` (by the gate), `failed`, `cancelled` or `crashed`.
        version: the release that it published, or found published.
    """

    run: str
    name: str
    number: int = 0
    started: datetime
    finished: datetime | None = None
    state: str = "running"
    sources: tuple[str, ...] = ()
    profile: str
    version: str | None = None
    message: str = ""


def now() -> datetime:
    """The time, in UTC and whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


def record(root: Root, run: Run) -> None:
    """Keep the record of a run."""
    root.write_bytes(_place(run.run), run.model_dump_json(indent=1).encode())


def fail(root: Root, run: Run, error: BaseException) -> None:
    """Record that a run ended with an error or was interrupted, unless it says already how it ended."""
    state = "failed" if isinstance(error, Exception) else "cancelled"
    if any(known.run == run.run and known.state == "running" for known in runs(root)):
        message = root.without(str(error))
        record(root, run.model_copy(update={"state": state, "finished": now(), "message": message}))


def runs(root: Root) -> list[Run]:
    """All runs of a root, oldest first; a record that is damaged is passed over."""
    found: list[Run] = []
    for name in root.names(_RUNS):
        with suppress(Damaged):
            found.append(root.read_model(f"{_RUNS}/{name}", Run))
    return sorted(found, key=lambda run: (run.number, run.started, run.run))


def next_number(root: Root) -> int:
    """The number of the next run; call it with the root locked."""
    return 1 + max((run.number for run in runs(root)), default=0)


def unfinished(root: Root, current: str) -> list[Run]:
    """The runs that say they are running, though only `current` is; call it with the root locked.

    Also the last one before it, if it was cancelled or failed: Prefect may not have heard of that.
    """
    past = [run for run in runs(root) if run.run != current]
    abrupt = past[-1:] if past and past[-1].state in ("cancelled", "failed") else []
    return [*(run for run in past if run.state == "running"), *abrupt]


def ended(root: Root, run: Run, state: str, message: str) -> Run:
    """Record how a run ended that could not do so itself."""
    run = run.model_copy(update={"state": state, "finished": now(), "message": root.without(message)})
    record(root, run)
    return run


def refuse_unusable(root: Root) -> None:
    """Refuse a root that cannot be written to or that another build holds, before anything is begun.

    Raises:
        PublishError: it cannot be written to.
        RootInUse: another build holds it.
    """
    refuse_unwritable(root)
    with locked(root):
        pass


def refuse_unusable_target(target: Root) -> None:
    """Refuse a place for a copy that cannot be written to, or a bucket into which another command is writing.

    Raises:
        PublishError: it cannot be written to.
        RootInUse: another command holds it.
    """
    refuse_unwritable(target)
    with writing(target):
        pass


@contextmanager
def locked(root: Root) -> Iterator[None]:
    """Hold a root for one command: a build, or another that writes there.

    Raises:
        RootInUse: another holds it.
    """
    place = root.uri(LOCK)
    if root.is_local:
        with alone(Path(place), lambda: _in_use(root, f"process {holder(Path(place))}")):
            yield
    elif root.url.startswith("s3://"):
        with leased(bucket(root), place, partial(_busy, root)):
            yield
    else:
        yield


@contextmanager
def writing(target: Root, *held: Root) -> Iterator[None]:
    """Hold a bucket into which something is written that was made elsewhere.

    A folder needs no hold: what is put there is renamed into its place, and a version is never written again.

    Args:
        target: where it is written to.
        held: the roots that are held already.

    Raises:
        RootInUse: another command is writing there.
    """
    if target.is_local or any(target.url == root.url for root in held):
        yield
    else:
        with locked(target):
            yield


def still_held(root: Root) -> None:
    """Make sure that no other build has taken over the root of this one, before an action reserved for one build.

    Raises:
        RootInUse: another build has, because this process could not renew its lock for minutes.
    """
    check(root.uri(LOCK))


def _busy(root: Root, seen: Seen) -> RootInUse:
    if seen.holder is None:
        return _in_use(root, "of another program or version")
    left = max(0, math.ceil((STALE - seen.age).total_seconds()))
    who = f"process {seen.holder.process} on {seen.holder.host}, last heard of {seen.age.total_seconds():.0f} s ago"
    return _in_use(root, who, f" If it is dead, its lock ends in {left} s.")


def _in_use(root: Root, who: str, more: str = "") -> RootInUse:
    return RootInUse(
        f"Another command ({who}) is writing into {root.url}. Wait for it, or name another place: --root, --to or "
        f"--out.{more}"
    )


def _place(run: str) -> str:
    return f"{_RUNS}/{run}.json"
