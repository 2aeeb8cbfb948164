"""medinst check."""

from typing import Annotated

import typer

from flows.commands.options import ROOT, RootOption
from flows.console.output import out
from flows.console.words import count


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
    from tasks.base.paper import counts
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
    expected = counts.expected(state.order.mirrors, build.is_original)
    if not update:
        return counts.differences(expected, found)
    mirror = next((mirror for mirror in state.order.mirrors if mirror != ORIGIN), "")
    path = counts.COMMITTED if build.is_original else Path(counts.counts_of(mirror))
    path.write_text(counts.write({**expected, **found}), encoding="utf-8")
    out().print(f"Wrote the counts of {count(len(found), 'task')} to {path.name}; look at the difference: git diff")
    return []
