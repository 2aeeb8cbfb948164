"""`python -m tests.benchmarks.scale.stages FOLDER STAGE`: one stage of a build in a process of its own, with marks.

The receipts of the stages before it are in `FOLDER/state.json`. The stages of a source are those that `flows/build.py`
names; what comes after them, over all sources, is taken apart by the functions that it calls.
"""

import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import polars as pl

from schemas.plan import FIELDS
from schemas.state import Built, State
from tasks.base.store.hashing import digest, identifier
from tasks.base.store.normal import normalised
from tasks.base.store.root import Root
from tasks.build.pipeline import work
from tests.benchmarks.measure import warm_up
from tests.benchmarks.scale.marks import marked
from tests.benchmarks.scale.staged import STATE, receipts

AUDIT = {
    "near duplicates": ("texts", "earlier", "repeated", "clusters", "near"),
    "leakage": ("common", "by_document", "by_text", "by_words", "by_cluster", "listed", "keep"),
}
END = {"profile": ("measure",), "judge": ("judge",), "publish": ("publish",), "catalogue": ("_note",)}
"""Piece of the audit or of the end of a build -> the functions that do it."""


def main() -> None:
    """Do a stage, and keep the receipts."""
    folder, stage = Path(sys.argv[1]), sys.argv[2]
    state = receipts(folder)
    warm_up()
    state = _stages()[stage](state)
    (folder / STATE).write_text(state.model_dump_json(), encoding="utf-8")


def stages() -> list[str]:
    """The names of all stages, in their order."""
    return list(_stages())


def _stages() -> dict[str, Callable[[State], State]]:
    found: dict[str, Callable[[State], State]] = {verb: _by_source(field, verb) for verb, field in FIELDS.items()}
    if hasattr(work, "audit"):
        found["audit"] = _audit
    return {**found, "end": _end, "hash": _hash}


def _by_source(field: str, verb: str) -> Callable[[State], State]:
    """A stage of each source, one source after the other."""
    function = getattr(work, verb)
    wanted = [
        name for name in inspect.signature(function).parameters if name in Built.model_fields and name != "source"
    ]

    def run(state: State) -> State:
        done = []
        with marked(verb):
            for built in state.sources:
                made = function(built.source, *(getattr(built, name) for name in wanted), state.order)
                done.append(built.model_copy(update={field: made}))
        return state.model_copy(update={"sources": tuple(done)})

    return run


def _audit(state: State) -> State:
    import tasks.build.audit

    with taken_apart(tasks.build.audit, AUDIT):
        return work.audit(state)


def _end(state: State) -> State:
    import tasks.build.pipeline.finish
    from tasks.build.builds.runs import Run, now

    with taken_apart(tasks.build.pipeline.finish, END):
        judged = tasks.build.pipeline.finish.finish(
            state, Run(run="scale", name="scale", started=now(), profile=state.order.profile)
        )
    if judged.refusal is not None:
        raise judged.refusal
    return state


def _hash(state: State) -> State:
    """Ids and keys of all samples once more: what they cost within `render`, reading the samples included."""
    with marked("ids and keys alone"):
        for task in (task for built in state.sources for task in built.rendered):
            samples = pl.scan_parquet(
                [Root(state.order.root).local(f"{task.place}/{split}.parquet") for split in task.splits]
            )
            named = identifier(*(pl.col(name) for name in ("source", "task", "record_id", "input", "output")))
            keys = (digest(normalised(pl.col(name))).bin.size().sum() for name in ("input", "output"))
            samples.select(named.str.len_bytes().sum(), *keys).collect(engine="streaming")
    return state


@contextmanager
def taken_apart(module: Any, pieces: Mapping[str, tuple[str, ...]]) -> Iterator[None]:
    """Bound the calls of some functions of a module; those that it does not have are left out."""
    with ExitStack() as stack:
        for piece, names in pieces.items():
            for name in names:
                if hasattr(module, name):
                    stack.enter_context(patch.object(module, name, _bounded(piece, getattr(module, name))))
        yield


def _bounded(piece: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        with marked(piece):
            return function(*args, **kwargs)

    return call


if __name__ == "__main__":
    main()
