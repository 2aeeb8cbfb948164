"""medinst check."""

from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.options import ROOT, RootOption
from flows.console.output import out
from flows.console.words import count

if TYPE_CHECKING:
    from tasks.build.builds.build import Build


def check(
    update: Annotated[
        bool, typer.Option("--update", help="Write the newest build's counts as the expected ones.")
    ] = False,
    root: RootOption = ROOT,
) -> int:
    """Check all declarations, and the newest build's counts against the expected ones.

    Example: medinst check; after a change of the sources: medinst check --update
    """
    from flows.console.checkout import checkout
    from sources import registry
    from tasks.tools.declare.faults import faults, strangers

    checkout("medinst check")
    wrong = [f"{name}: {fault}" for name in registry() for fault in faults(name)]
    wrong += strangers()
    wrong += _counts(update, root)
    for fault in wrong:
        out().print(f"[red]·[/] {fault}", highlight=False)
    out().print(f"{count(len(registry()), 'source')} checked, {count(len(wrong), 'fault')}")
    return 1 if wrong else 0


def _counts(update: bool, root: str) -> list[str]:
    """Differences of the newest build's counts from the expected ones; none after an update."""
    from pathlib import Path

    from schemas.errors import MedinstError
    from tasks.base.paper import counted_on, counts
    from tasks.base.store.root import Root
    from tasks.build.builds.build import Build
    from tasks.build.builds.state import load_state
    from tasks.build.fetch.mirror import ORIGIN

    state = load_state(Root(root))
    if state is None:
        if update:
            raise MedinstError(f"Nothing has been built in {root} that could be counted. Build first: medinst build")
        return []
    build = Build(state)
    found = build.counts
    if not update:
        _say_new(build)
        return counts.differences(build.expected, found)
    mirror = next((mirror for mirror in state.order.mirrors if mirror != ORIGIN), "")
    path = counts.COMMITTED if build.is_original else Path(counts.counts_of(mirror))
    known = counts.expected(state.order.mirrors, build.is_original)
    path.write_text(counts.write({**known, **found}), encoding="utf-8")
    written = path.name
    if build.is_original:
        read = {task: build.read_from[task] for task in found}
        counted_on.COMMITTED.write_text(counted_on.write({**counted_on.committed(), **read}), encoding="utf-8")
        written += f", and the files that they were counted on to {counted_on.COMMITTED.name}"
    out().print(f"Wrote the counts of {count(len(found), 'task')} to {written}; look at the difference: git diff")
    return []


def _say_new(build: "Build") -> None:
    """Name the tasks of the publishers' files that were made from bytes which were never counted."""
    new = sorted(task for task, each in build.outcomes.items() if each.rendered.original and task not in build.expected)
    if new:
        out().print(
            f"{count(len(new), 'task')} of files that were not counted yet, so held against no count: {', '.join(new)}"
            ". To count them: medinst check --update",
            highlight=False,
        )
