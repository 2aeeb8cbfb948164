"""The steps of a build as Prefect tasks: thin verbs over the pure functions of `tasks/build/pipeline/work.py`.

They stand apart from the work because importing Prefect takes two seconds, which the processes that parse do without.
Results are receipts and are never persisted: the `_done.json` of a stage folder is what makes a build resumable.
"""

from collections.abc import Callable
from typing import Any

from prefect import Task, task

from schemas.audit import Indexed
from schemas.receipts import Batch, Fetched, Kept, Order, Rendered
from schemas.state import State
from tasks.base.store.phases import phase, watched
from tasks.build.pipeline import work

Step = Callable[..., Any]


def step(verb: str, tags: tuple[str, ...] = ()) -> Callable[[Step], Task[..., Any]]:
    """A Prefect task named after its verb, each run after the source it works on; a result passes and is not stored."""

    def decorate(function: Step) -> Task[..., Any]:
        named = task(name=verb, task_run_name=verb + " {source}", persist_result=False, tags=tags)
        return named(watched(verb, function))

    return decorate


@step("fetch", tags=("network",))
def fetch(source: str, order: Order) -> Fetched:
    """Bring the files of a source into the root."""
    return work.fetch(source, order)


@step("read")
def read(source: str, fetched: Fetched, order: Order) -> tuple[Batch, ...]:
    """Read the records of a source."""
    return work.read(source, fetched, order)


@step("render")
def render(source: str, batches: tuple[Batch, ...], order: Order) -> tuple[Rendered, ...]:
    """Render the samples of a source's tasks."""
    return work.render(source, batches, order)


@step("deduplicate")
def deduplicate(source: str, rendered: tuple[Rendered, ...], order: Order) -> tuple[Kept, ...]:
    """Leave out what is there twice."""
    return work.deduplicate(source, rendered, order)


@step("index")
def index(source: str, rendered: tuple[Rendered, ...], kept: tuple[Kept, ...], order: Order) -> tuple[Indexed, ...]:
    """Index the words of a source's samples."""
    return work.index(source, rendered, kept, order)


@task(name="audit", task_run_name="audit near duplicates and leaks", persist_result=False)
def audit(state: State) -> State:
    """Look for near duplicates and leaks among the samples of all sources."""
    with phase("audit"):
        return work.audit(state)
