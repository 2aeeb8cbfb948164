"""Taking the sources of a build through their steps, in parallel; what memory did not suffice for, once more alone."""

from collections.abc import Callable, Iterator
from queue import SimpleQueue
from typing import Any, NamedTuple

from prefect import get_run_logger
from prefect.futures import PrefectFuture

from flows.console.expected import is_short_of_memory, refuse_lost_cluster, sentence
from schemas.errors import MedinstError
from schemas.plan import FIELDS, STAGES, Plan, SourcePlan, Stage
from schemas.receipts import Order, Piece
from schemas.state import Built, State
from sources import find
from tasks.base.store.pool import close
from tasks.base.store.root import Root
from tasks.build.builds.admission import admit
from tasks.build.pipeline import steps, work

KEPT = "What is finished is kept: run the same command again."
NEEDS: dict[Stage, tuple[Stage, ...]] = {
    "fetch": (),
    "read": ("fetch",),
    "render": ("read",),
    "deduplicate": ("render",),
    "index": ("render", "deduplicate"),
}
"""The stages whose receipts a stage works on."""

Begun = dict[Stage, PrefectFuture[Any]]
Line = Iterator[list[PrefectFuture[Any]]]
"""The steps of a source, submitted as they are asked for: those of a list at once, when all before have ended."""


class _End(NamedTuple):
    """How far a source came, and what ended it there."""

    built: Built
    stage: Stage
    error: Exception


def gather(plan: Plan, done: Callable[[str], None] = lambda _: None) -> State:
    """Run the due steps of all sources in parallel; a source that fails does not stop the others.

    What is here already costs no step. A step is submitted when those before it have ended, so that none waits in a
    thread; large sources begin first, so that none is left alone at the end. A source whose memory did not suffice is
    taken up again when all others are done: alone, with one process and smaller batches.

    Args:
        plan: what is due.
        done: is told of each stage of a source that has ended, well or not.

    Raises:
        MedinstError: the cluster that runs the steps has gone.
    """
    place = Root(plan.order.root)
    begun: dict[str, Begun] = {source.source: {} for source in plan.changed}
    _run(
        _line(source.built, source.start, begun[source.source], plan.order, done)
        for source in sorted(plan.changed, key=_rows, reverse=True)
    )
    ended = [_ended(source.built, begun.get(source.source, {})) for source in plan.sources]
    built = (_again(end, plan.order, place) if isinstance(end, _End) else end for end in ended)
    state = State(order=plan.order, sources=tuple(admit(each, plan.order.profile) for each in built))
    work.pin_read(state)
    return state


def _rows(planned: SourcePlan) -> int:
    """How large a source is, by what its authors say of it."""
    return sum(sum(part.documented.values()) for part in find(planned.source).parts.values())


def _run(lines: Iterator[Line]) -> None:
    """Submit the steps of all lines, each list when the one before it has ended."""
    ended: SimpleQueue[Line] = SimpleQueue()
    running: dict[Line, int] = {}

    def go_on(line: Line) -> None:
        futures = next(filter(None, line), [])
        running[line] = len(futures)
        for future in futures:
            future.add_done_callback(lambda _: ended.put(line))

    for line in lines:
        go_on(line)
    while any(running.values()):
        line = ended.get()
        running[line] -= 1
        if not running[line]:
            go_on(line)


def _line(
    built: Built, start: Stage | None, begun: Begun, order: Order, done: Callable[[str], None], small: bool = False
) -> Line:
    """Submit the steps of one source from a stage on.

    The pieces of large splits come before the stage that they belong to, which finds them done. If one fails, the stage
    tries it again, and fails with the same error.
    """
    for stage in STAGES[STAGES.index(start) :] if start is not None else ():
        receipts = _receipts(stage, built, begun)
        pieces = _large(stage, built.source, receipts, order)
        yield [steps.piece.submit(built.source, stage, piece, receipts, order, small) for piece in pieces]
        before = [begun[needed] if needed in begun else getattr(built, FIELDS[needed]) for needed in NEEDS[stage]]
        begun[stage] = getattr(steps, stage).submit(built.source, *before, order, small)
        begun[stage].add_done_callback(lambda _, stage=stage: done(stage))
        yield [begun[stage]]


def _receipts(stage: Stage, built: Built, begun: Begun) -> tuple[Any, ...]:
    """What a stage works on, made by this build or an earlier one; nothing if that failed."""
    if any(needed in begun and error_of(begun[needed]) is not None for needed in NEEDS[stage]):
        return ()
    return tuple(
        begun[needed].result() if needed in begun else getattr(built, FIELDS[needed]) for needed in NEEDS[stage]
    )


def _large(stage: Stage, source: str, receipts: tuple[Any, ...], order: Order) -> list[Piece]:
    """The pieces of what a stage works on; none where that failed, or its files cannot be found."""
    try:
        return work.large(stage, source, receipts, order) if receipts else []
    except (MedinstError, OSError):  # the stage meets the same, and fails with it
        return []


def _ended(built: Built, begun: Begun) -> Built | _End:
    """What a source has when its steps have ended."""
    found: dict[str, Any] = {}
    for stage, future in begun.items():
        if (error := error_of(future)) is not None:
            return _End(built.model_copy(update=found), stage, error)
        found[FIELDS[stage]] = future.result()
    return built.model_copy(update=found)


def error_of(future: PrefectFuture[Any]) -> Exception | None:
    """What a step failed with, when it has ended; a worker that is lost is an error of the future itself."""
    try:
        future.wait()
        if future.state.is_completed():
            return None
        return future.result(raise_on_failure=False)
    except Exception as error:
        refuse_lost_cluster(error)
        return error


def _again(end: _End, order: Order, place: Root) -> Built:
    """Take a source up again where its memory did not suffice; else say what it failed with."""
    if not is_short_of_memory(end.error):
        return _failed(end, place)
    get_run_logger().warning(
        f"{end.stage} {end.built.source}: {_said(end.error, place)} It is tried again now: alone, with one process "
        "and smaller batches."
    )
    close()  # a pool that lost a process takes no more work
    begun: Begun = {}
    alone = order.model_copy(update={"workers": 1})
    _run(iter([_line(end.built, end.stage, begun, alone, lambda _: None, small=True)]))
    ended = _ended(end.built, begun)
    return _failed(ended, place) if isinstance(ended, _End) else ended


def _failed(end: _End, place: Root) -> Built:
    return end.built.model_copy(update={"failed": f"{end.stage}: {place.without(_said(end.error, place))}"})


def _said(error: Exception, place: Root) -> str:
    if isinstance(error, MedinstError):
        return str(error)
    return sentence(error, place.url, again=KEPT) or str(error) or type(error).__name__
