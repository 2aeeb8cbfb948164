"""Questions to a build: what it was asked for, has, withholds, misses and lost."""

import polars as pl

from schemas.licence import Profile, refusal
from schemas.receipts import Kept, Rendered
from schemas.release import Lost
from schemas.state import Built, State
from schemas.task import Split
from sources import find
from tasks.base.paper import counts
from tasks.base.store.frames import scan
from tasks.base.store.rejects import rejects_place
from tasks.base.store.root import Root
from tasks.build.builds.order import chosen_sources, chosen_tasks


def refused(state: State) -> dict[str, str]:
    """The sources that the profile of an order does not admit, with the reason."""
    return {
        source.id: reason
        for source in chosen_sources(state.order)
        if (reason := refusal(state.order.profile, source.licence, source.access))
    }


def _tasks(built: Built) -> list[tuple[str, Rendered, Kept]]:
    kept = {task.task: task for task in built.kept}
    return [(task.task, task, kept[task.task]) for task in built.rendered if task.task in kept]


def outcomes(state: State) -> list[tuple[Built, Rendered, Kept]]:
    """The tasks that a build has, sorted by name: their sources, rendered samples, and what deduplication left."""
    found = [(built, rendered, kept) for built in state.sources for _, rendered, kept in _tasks(built)]
    return sorted(found, key=lambda item: item[1].task)


def withheld(state: State) -> dict[str, str]:
    """Tasks that were asked for and are left out for a declared reason."""
    reasons: dict[str, str] = {}
    for built in state.sources:
        if built.withheld:
            reasons |= {task.name: built.withheld for task in chosen_tasks(state.order, find(built.source))}
        reasons |= {task.task: task.withheld for task in built.rendered if task.withheld}
    return dict(sorted(reasons.items()))


def missing(state: State) -> dict[str, dict[Split, str]]:
    """Tasks of which some splits are left out for a declared reason, with these splits."""
    found = {task.task: task.missing for built in state.sources for task in built.rendered if task.missing}
    return dict(sorted(found.items()))


def chosen(state: State) -> list[str]:
    """The names of all tasks that were asked for."""
    return sorted(task.name for source in chosen_sources(state.order) for task in chosen_tasks(state.order, source))


def is_original(state: State) -> bool:
    """Whether all files of a build are the publishers', none a miniature."""
    return all(rendered.original for _, rendered, _ in outcomes(state))


def admitted(state: State, profile: Profile) -> State:
    """A build as if it had been asked for under a profile: what that does not admit is withheld with the reason.

    It has no audit, because that of the whole build tells of what is withheld now.
    """
    order = state.order.model_copy(update={"profile": profile})
    narrowed = state.model_copy(update={"order": order, "audit": None})
    reasons = refused(narrowed)
    kept = (
        Built(source=built.source, withheld=reasons[built.source]) if built.source in reasons else built
        for built in state.sources
    )
    return narrowed.model_copy(update={"sources": tuple(kept)})


def rendered_counts(state: State) -> counts.Counts:
    """Rendered samples of each task and split, before deduplication."""
    return counts.counted(rendered for built in state.sources for rendered in built.rendered)


def rejects_files(state: State) -> list[str]:
    """The files of rejects of all stages of a build."""
    files: list[str] = []
    for built in state.sources:
        files += [rejects_place("read", batch.source, batch.fingerprint) for batch in built.batches if batch.splits]
        files += [rejects_place("render", task.task, task.fingerprint) for task in built.rendered if task.splits]
        files += [rejects_place("deduplicate", task.task, task.fingerprint) for task in built.kept]
    return list(dict.fromkeys(files))


def lost(state: State, root: Root) -> list[Lost]:
    """How many records and samples each stage left out, by reason."""
    files = rejects_files(state)
    if not files:
        return []
    columns = ["stage", "source", "part", "task", "split", "reason"]
    found = scan([root.local(file) for file in files]).group_by(columns).agg(rows=pl.len()).sort(columns)
    return [Lost(**row) for row in found.collect().iter_rows(named=True)]
