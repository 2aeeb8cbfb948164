"""Runs: one build at a time in a root, a record of each, and a final state for those that were killed.

The lock is the operating system's: it ends with the process, however that ends. A remote root has no lock.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from schemas.base import Model
from schemas.errors import RootInUse
from tasks.base.store.access import refuse_unwritable
from tasks.base.store.locks import alone, holder
from tasks.base.store.root import Root

_RUNS = "catalogue/runs"


class Run(Model):
    """One build.

    Attributes:
        run: id of the Prefect flow run.
        state: `running`, `completed`, `refused` (by the gate), `failed`, `cancelled` or `crashed`.
        version: the release that it published, or found published.
    """

    run: str
    name: str
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
    """All runs of a root, oldest first."""
    found = [Run.model_validate_json(root.read_bytes(f"{_RUNS}/{name}")) for name in root.names(_RUNS)]
    return sorted(found, key=lambda run: (run.started, run.run))


def stale(root: Root, current: str) -> list[Run]:
    """Mark as crashed the runs that are recorded as running, except `current`; call it with the root locked."""
    crashed = [
        run.model_copy(update={"state": "crashed", "finished": now(), "message": "The process ended without a word."})
        for run in runs(root)
        if run.state == "running" and run.run != current
    ]
    for run in crashed:
        record(root, run)
    return crashed


def refuse_unusable(root: Root) -> None:
    """Refuse a root that cannot be written to or that another build holds, before anything is begun.

    Raises:
        PublishError: it cannot be written to.
        RootInUse: another build holds it.
    """
    refuse_unwritable(root)
    with locked(root):
        pass


@contextmanager
def locked(root: Root) -> Iterator[None]:
    """Hold a root for one build.

    Raises:
        RootInUse: another build holds it.
    """
    if not root.is_local:
        yield
        return
    path = Path(root.uri(".lock"))

    def busy() -> RootInUse:
        return RootInUse(
            f"Another build (process {holder(path)}) is writing into {root.url}. "
            "Wait for it, or build into another root: --root"
        )

    with alone(path, busy):
        yield


def _place(run: str) -> str:
    return f"{_RUNS}/{run}.json"
