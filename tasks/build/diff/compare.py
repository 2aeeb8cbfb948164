"""Comparing two sides, task by task; splits whose files have equal bytes are not opened."""

from collections.abc import Iterator, Sequence

import duckdb

from schemas.diff import Cause, Diff, SplitDiff, TaskDiff
from schemas.manifest import ReleasedTask
from schemas.task import SPLITS, Split
from sources import tasks as declared_tasks
from tasks.build.diff.rows import Subject, connected, differing
from tasks.build.diff.sides import Side
from tasks.build.diff.why import absent, changes, textual


def compare(before: Side, after: Side) -> Diff:
    """The difference between two sides.

    Tasks that only the first has and the second was not asked for are left out.
    """
    tasks = sorted({*before.manifest.tasks, *after.manifest.tasks})
    with connected(before, after) as connection:
        compared = [split for task in tasks for split in _task(connection, before, after, task)]
    made = ((task, before.manifest.tasks.get(task), after.manifest.tasks.get(task)) for task in tasks)
    told = ((task, changes(was.made_of, now.made_of)) for task, was, now in made if was and now and was.made_of)
    return Diff(
        before=before.name,
        after=after.name,
        splits=tuple(split for split in compared if split.causes),
        tasks=tuple(TaskDiff(task=task, changes=found) for task, found in told if found),
        stale=after.manifest.stale,
        unchanged=sum(not split.causes for split in compared),
    )


def _task(connection: duckdb.DuckDBPyConnection, before: Side, after: Side, task: str) -> Iterator[SplitDiff]:
    """The splits of a task that have rows on one of the two sides."""
    was, now = before.manifest.tasks.get(task), after.manifest.tasks.get(task)
    if was is None or now is None:
        yield from _whole(before, after, task)
        return
    missing = after.manifest.missing.get(task, {})
    there: list[Split] = [split for split in SPLITS if was.rows.get(split) or now.rows.get(split)]
    opened: list[Split] = [split for split in there if split not in missing and not _equal(before, after, task, split)]
    found = _opened(connection, before, after, task, opened) if opened else {}
    for split in there:
        lost = was.rows.get(split, 0)
        if split in missing and lost:
            cause = Cause(kind="removed", cause=f"withheld: {missing[split]}", rows=lost)
            yield _split(task, split, lost, 0, [cause])
        else:
            yield _split(task, split, lost, now.rows.get(split, 0), found.get(split, []))


def _whole(before: Side, after: Side, task: str) -> Iterator[SplitDiff]:
    """The splits of a task that one side does not have."""
    was, now = before.manifest.tasks.get(task), after.manifest.tasks.get(task)
    if was is not None:
        why = absent(task, after.manifest, declared_tasks())
        if why is not None:
            yield from _all(task, was, "removed", why)
    elif now is not None:
        held = before.manifest.withheld.get(task)
        yield from _all(task, now, "added", f"was withheld: {held}" if held else f"not in {before.name}")


def _all(task: str, side: ReleasedTask, kind: str, why: str) -> Iterator[SplitDiff]:
    for split in SPLITS:
        if rows := side.rows.get(split, 0):
            cause = Cause.model_validate({"kind": kind, "cause": why, "rows": rows})
            yield _split(task, split, *((rows, 0) if kind == "removed" else (0, rows)), [cause])


def _equal(before: Side, after: Side, task: str, split: Split) -> bool:
    digest = before.digest(task, split)
    return digest is not None and digest == after.digest(task, split)


def _opened(
    connection: duckdb.DuckDBPyConnection, before: Side, after: Side, task: str, splits: Sequence[Split]
) -> dict[str, list[Cause]]:
    was, now = before.manifest.tasks[task], after.manifest.tasks[task]
    subject = Subject(task, now.source, _parts(task), textual(was.made_of, now.made_of))
    one: list[Split] = [split for split in splits if was.rows.get(split)]
    other: list[Split] = [split for split in splits if now.rows.get(split)]
    return dict(differing(connection, before, after, subject, (one, other)))


def _parts(task: str) -> tuple[str, ...]:
    """The parts that a task reads; of one that is not declared, only its own rejects count."""
    return tuple(declared_tasks()[task][1].reads) if task in declared_tasks() else ()


def _split(task: str, split: str, before: int, after: int, causes: list[Cause]) -> SplitDiff:
    counted = {
        kind: sum(cause.rows for cause in causes if cause.kind == kind) for kind in ("added", "removed", "changed")
    }
    return SplitDiff(task=task, split=split, before=before, after=after, causes=tuple(causes), **counted)
