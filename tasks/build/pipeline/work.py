"""The work of one source, stage by stage: pure functions that the steps call and that any process can run."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from schemas.audit import AuditPiece, Indexed
from schemas.errors import ArchiveError, FormatError
from schemas.plan import Stage
from schemas.receipts import Batch, Fetched, Kept, Order, Piece, Rendered, Tally
from schemas.settings import Settings
from schemas.source import Source
from schemas.state import State
from schemas.task import Task
from sources import find, use
from sources import tasks as declared_tasks
from tasks.base.store.pieces import Limits
from tasks.base.store.pool import close, in_process
from tasks.base.store.root import Root
from tasks.build.audit import audit as audit_state
from tasks.build.audit import beforehand
from tasks.build.audit import index as indexing
from tasks.build.audit import plan as plan_audit
from tasks.build.builds.build import Build, Outcome
from tasks.build.builds.order import chosen_parts, chosen_tasks
from tasks.build.deduplicate.stage import deduplicate_task
from tasks.build.fetch import source as pinning
from tasks.build.fetch.source import fetch_source, settle
from tasks.build.judge import samples
from tasks.build.read.stage import plan, read_part
from tasks.build.render import stage as rendering


def fetch(source: str, order: Order) -> Fetched:
    """Bring the files of a source into the root."""
    return fetch_source(declaration(source, order), order, Settings())


def declaration(source: str, order: Order) -> Source:
    """A source as the folders of an order declare it: a worker may be a process that knows them from there alone."""
    use(order.folders)
    return find(source)


def read(source: str, fetched: Fetched, order: Order) -> tuple[Batch, ...]:
    """Read the parts that are asked for; files that came for the first time are trusted if that succeeds.

    What must be parsed in Python goes to the pool of processes.
    """
    declared, root = declaration(source, order), Root(order.root)
    try:
        batches = _read_parts(declared, fetched, order)
    except (ArchiveError, FormatError):
        settle(declared, fetched, declared.parts, root, read=False)
        raise
    settle(declared, fetched, [batch.part for batch in batches if not batch.withheld], root, read=True)
    return batches


def pin_read(state: State) -> None:
    """Pin the files that were read, whatever steps that wrote the root's lock at once have lost of it."""
    use(state.order.folders)
    pinning.pin_read(state)


def _read_parts(declared: Source, fetched: Fetched, order: Order) -> tuple[Batch, ...]:
    root = Root(order.root)
    declared = declared.given({blob.name for blob in fetched.blobs})
    batches: list[Batch] = []
    for part in chosen_parts(order, declared):
        planned = plan(declared, part, fetched)
        there = bool(planned.withheld) or root.done(planned.place) is not None
        if there or not declared.format_of(part).parsed_in_python:
            batches.append(read_part(declared, part, fetched, root, Settings()))
        else:
            batches.append(in_process(order.workers, _read_part, declared.id, part, fetched, order.root))
    return tuple(batches)


def _read_part(source: str, part: str, fetched: Fetched, root: str) -> Batch:
    return read_part(find(source), part, fetched, Root(root), Settings())


def render(source: str, batches: tuple[Batch, ...], order: Order) -> tuple[Rendered, ...]:
    """Render the tasks that are asked for."""
    declared, root, limits = declaration(source, order), Root(order.root), _limits(order)
    return tuple(
        rendering.render_task(declared, task, _read_by(task, batches), root, limits)
        for task in chosen_tasks(order, declared)
    )


def _large_of_render(source: str, batches: tuple[Batch, ...], order: Order) -> list[Piece]:
    declared, root, limits = declaration(source, order), Root(order.root), _limits(order)
    return [
        piece
        for task in chosen_tasks(order, declared)
        for piece in rendering.large(declared, task, _read_by(task, batches), root, limits)
    ]


def _render_piece(piece: Piece, source: str, batches: tuple[Batch, ...], order: Order) -> Tally:
    declared = declaration(source, order)
    task = next(task for task in declared.tasks if task.name == piece.task)
    return rendering.render_piece(declared, task, piece, _read_by(task, batches), Root(order.root))


def _limits(order: Order) -> Limits:
    return Limits(order.step_rows, order.step_bytes)


def _read_by(task: Task, batches: tuple[Batch, ...]) -> list[Batch]:
    by_part = {batch.part: batch for batch in batches}
    return [by_part[part] for part in task.reads]


def deduplicate(source: str, rendered: tuple[Rendered, ...], order: Order) -> tuple[Kept, ...]:
    """Deduplicate the tasks of a source that were rendered."""
    root, name = Root(order.root), declaration(source, order).id
    return tuple(deduplicate_task(task, root) for task in rendered if task.source == name and not task.withheld)


def index(source: str, rendered: tuple[Rendered, ...], kept: tuple[Kept, ...], order: Order) -> tuple[Indexed, ...]:
    """Index the published samples of a source's tasks."""
    by_task, name = {task.task: task for task in rendered}, declaration(source, order).id
    return tuple(
        indexing.index_task(by_task[task.task], task, Root(order.root), order.workers)
        for task in kept
        if task.source == name
    )


def _large_of_index(source: str, rendered: tuple[Rendered, ...], kept: tuple[Kept, ...], order: Order) -> list[Piece]:
    by_task, name = {task.task: task for task in rendered}, declaration(source, order).id
    return [
        piece
        for task in kept
        if task.source == name
        for piece in indexing.large(by_task[task.task], task, Root(order.root))
    ]


def _index_piece(
    piece: Piece, source: str, rendered: tuple[Rendered, ...], kept: tuple[Kept, ...], order: Order
) -> Tally:
    declaration(source, order)
    samples = next(task for task in rendered if task.task == piece.task)
    decided = next(task for task in kept if task.task == piece.task)
    return indexing.index_piece(samples, decided, piece, Root(order.root), order.workers)


class _InPieces(NamedTuple):
    """How a stage finds the pieces of large splits, and makes one."""

    large: Callable[..., list[Piece]]
    make: Callable[..., Tally]


_IN_PIECES: Mapping[Stage, _InPieces] = {
    "render": _InPieces(_large_of_render, _render_piece),
    "index": _InPieces(_large_of_index, _index_piece),
}


def large(stage: Stage, source: str, before: tuple[Any, ...], order: Order) -> list[Piece]:
    """The pieces of the large splits of a source, which may be steps of their own before a stage; most have none.

    Args:
        stage: the stage that finds them done.
        source: the source.
        before: the receipts that the stage works on.
        order: what is asked for.
    """
    return _IN_PIECES[stage].large(source, *before, order) if stage in _IN_PIECES else []


def piece(source: str, stage: Stage, piece: Piece, before: tuple[Any, ...], order: Order) -> Tally:
    """Make one of the pieces that `large` gives."""
    return _IN_PIECES[stage].make(piece, source, *before, order)


def is_audited(state: State) -> bool:
    """Whether the samples of a build were audited before."""
    return Root(state.order.root).done(plan_audit(_indexed(state), state.order.near).place) is not None


def is_large(state: State) -> bool:
    """Whether a build has so many samples that pieces of its audit may be steps of their own."""
    return sum(rows for task in _indexed(state) for rows in task.rows.values()) > state.order.step_rows


def prepare_audit(state: State) -> list[AuditPiece]:
    """The pieces of an audit that may be steps of their own, with what they need in the root."""
    close()  # what is parsed in processes is done
    use(state.order.folders)
    indexed, order = _indexed(state), state.order
    planned = plan_audit(indexed, order.near)
    return beforehand.prepare(indexed, planned, Root(order.root), _limits(order), order.workers)


def audit_piece(piece: AuditPiece, indexed: Sequence[Indexed], order: Order) -> None:
    """Make one of the pieces of an audit."""
    use(order.folders)
    beforehand.make_piece(piece, indexed, plan_audit(indexed, order.near), Root(order.root), _limits(order))


def _indexed(state: State) -> list[Indexed]:
    return [task for built in state.sources for task in built.indexed]


def audit(state: State) -> State:
    """Look for near duplicates and leaks among all samples of a build."""
    close()  # what is parsed in processes is done
    use(state.order.folders)
    return audit_state(state)


def large_samples(state: State) -> list[tuple[Piece, Outcome]]:
    """The files of samples that steps of their own may measure before a build of many samples is judged."""
    if not is_large(state):
        return []
    use(state.order.folders)
    root = Root(state.order.root)
    return [
        (piece, outcome)
        for name, outcome in Build(state).outcomes.items()
        for piece in samples.large(declared_tasks()[name][1], *outcome, root)
    ]


def measure_samples(piece: Piece, outcome: Outcome, order: Order) -> None:
    """Measure one of the files that `large_samples` gives."""
    use(order.folders)
    samples.measure_piece(declared_tasks()[piece.task][1], piece, *outcome, Root(order.root))
