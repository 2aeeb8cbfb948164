"""Several processes at one experiment, say one for each GPU: each takes rows that no other has."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from schemas.errors import FinetuneError
from tasks.base.store import locks
from tasks.model.experiment.plan import Plan, Row


class _Taken(FinetuneError):
    """Another process has it."""


@contextmanager
def taken(plan: Plan, row: Row) -> Iterator[bool]:
    """Hold a row, with all that are taken from the same training, as long as the block runs.

    Yields:
        whether it is held; else another process has it.
    """
    training = Row(row.system, row.seed).name
    path = plan.folder / f".{training}{locks.LOCK}"
    with ExitStack() as stack:
        try:
            stack.enter_context(locks.alone(path, lambda: _Taken(f"{path}: another process has {training}.")))
        except _Taken:
            mine = False
        else:
            mine = True
        yield mine


@contextmanager
def writing(plan: Plan) -> Iterator[None]:
    """Write the tables while no other process does, so that the last ones have all rows."""
    with locks.alone(plan.folder / locks.LOCK):
        yield
