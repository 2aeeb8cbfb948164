"""The steps of a build as Prefect tasks: thin verbs over the pure functions of `tasks/build/pipeline/work.py`.

They stand apart from the work because importing Prefect takes two seconds, which the processes that parse do without.
Results are receipts and are never persisted: the `_done.json` of a stage folder is what makes a build resumable.
"""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import polars as pl
import pyarrow as pa
from prefect import Task, task

from schemas.audit import AuditPiece, Indexed
from schemas.errors import MedinstError
from schemas.plan import Stage
from schemas.receipts import Batch, Fetched, Kept, Order, Piece, Rendered, Tally
from schemas.state import State
from tasks.base.store.damage import damaged
from tasks.base.store.disk import is_full
from tasks.base.store.phases import phase, watched
from tasks.base.store.root import Root
from tasks.build.builds.build import Outcome
from tasks.build.pipeline import work

Step = Callable[..., Any]

FEW = 256
"""Rows that Polars works on at once where memory did not suffice for more; results do not depend on it."""


def step(verb: str, tags: tuple[str, ...] = ()) -> Callable[[Step], Task[..., Any]]:
    """A Prefect task named after its verb, each run after the source it works on; a result passes and is not stored."""

    def decorate(function: Step) -> Task[..., Any]:
        named = task(name=verb, task_run_name=verb + " {source}", persist_result=False, tags=tags)
        return named(watched(verb, function))

    return decorate


def done(function: Step, *given: Any, small: bool) -> Any:
    """Call a function with an order as its last argument; a file that is damaged is named where it was read."""
    with pl.Config(streaming_chunk_size=FEW) if small else nullcontext():
        try:
            return function(*given)
        except (pl.exceptions.PolarsError, pa.ArrowException, OSError) as error:
            told = is_full(error) or getattr(error, "errno", None) or isinstance(error, MedinstError)
            if told or (found := damaged(Root(given[-1].root))) is None:
                raise
            raise found from error


@step("fetch", tags=("network",))
def fetch(source: str, order: Order, small: bool = False) -> Fetched:
    """Bring the files of a source into the root."""
    return done(work.fetch, source, order, small=small)


@step("read")
def read(source: str, fetched: Fetched, order: Order, small: bool = False) -> tuple[Batch, ...]:
    """Read the records of a source."""
    return done(work.read, source, fetched, order, small=small)


@step("render")
def render(source: str, batches: tuple[Batch, ...], order: Order, small: bool = False) -> tuple[Rendered, ...]:
    """Render the samples of a source's tasks."""
    return done(work.render, source, batches, order, small=small)


@step("deduplicate")
def deduplicate(source: str, rendered: tuple[Rendered, ...], order: Order, small: bool = False) -> tuple[Kept, ...]:
    """Leave out what is there twice."""
    return done(work.deduplicate, source, rendered, order, small=small)


@step("index")
def index(
    source: str, rendered: tuple[Rendered, ...], kept: tuple[Kept, ...], order: Order, small: bool = False
) -> tuple[Indexed, ...]:
    """Index the words of a source's samples."""
    return done(work.index, source, rendered, kept, order, small=small)


@task(name="piece", task_run_name="{stage} {piece}", persist_result=False)
def piece(source: str, stage: Stage, piece: Piece, before: tuple[Any, ...], order: Order, small: bool = False) -> Tally:
    """Do the work of a stage on one piece of a large split."""
    return done(work.piece, source, stage, piece, before, order, small=small)


@task(name="prepare the audit", task_run_name="prepare the audit", persist_result=False)
def prepare_audit(state: State) -> list[AuditPiece]:
    """Find the pieces of an audit of many samples."""
    return work.prepare_audit(state)


@task(name="audit piece", task_run_name="look for {piece}", persist_result=False)
def audit_piece(piece: AuditPiece, indexed: tuple[Indexed, ...], order: Order) -> None:
    """Make a piece of an audit of many samples."""
    done(work.audit_piece, piece, indexed, order, small=False)


@task(name="measure", task_run_name="measure {piece}", persist_result=False)
def measure_samples(piece: Piece, outcome: Outcome, order: Order) -> None:
    """Measure a file of a build of many samples."""
    done(work.measure_samples, piece, outcome, order, small=False)


@task(name="audit", task_run_name="audit near duplicates and leaks", persist_result=False)
def audit(state: State) -> State:
    """Look for near duplicates and leaks among the samples of all sources."""
    with phase("audit"):
        return work.audit(state)
