"""medinst check: the declarations, and the newest build's counts against the expected ones."""

from pathlib import Path

from rich.console import Console

from flows.commands.checkout import checkout
from schemas.errors import MedinstError
from schemas.settings import Settings
from sources import registry
from tasks.base.paper import counts
from tasks.base.store.root import Root
from tasks.build.builds.outcomes import is_original, rendered_counts
from tasks.build.builds.state import load_state
from tasks.build.fetch.mirror import ORIGIN
from tasks.tools.declare.faults import faults, strangers


def run(console: Console, update: bool, root: str | None) -> int:
    """Print what is wrong.

    Returns:
        exit code: 1 where something is.
    """
    checkout("medinst check")
    wrong = [f"{name}: {fault}" for name in registry() for fault in faults(name)]
    wrong += strangers()
    place = Root(root or Settings().root)
    state = load_state(place)
    if state is None and update:
        raise MedinstError(f"Nothing has been built in {place.url} that could be counted. Build first: medinst build")
    if state is not None:
        found = rendered_counts(state)
        expected = counts.expected(state.order.mirrors, is_original(state))
        if update:
            mirror = next((mirror for mirror in state.order.mirrors if mirror != ORIGIN), "")
            path = counts.COMMITTED if is_original(state) else Path(counts.counts_of(mirror))
            path.write_text(counts.write({**expected, **found}), encoding="utf-8")
            console.print(f"Wrote the counts of {len(found)} tasks to {path.name}; look at the difference: git diff")
        else:
            wrong += counts.differences(expected, found)
    for fault in wrong:
        console.print(f"[red]·[/] {fault}", highlight=False)
    console.print(f"{len(registry())} sources checked, {len(wrong)} faults")
    return 1 if wrong else 0
