"""The tables of a build on clusters of several sizes."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from schemas.plan import STAGES
from tests.benchmarks.scale.metered import Step

PIECE = " piece"
"""How the verb of a piece ends, after the name of its stage."""


def write(console: Console, known: dict[str, Any]) -> None:
    """Print what the sizes cost, and what the steps moved in the smallest."""
    sizes: dict[int, Any] = known["sizes"]
    first = next(iter(sizes))
    console.print(_steps(known["rows"], sizes[first]["steps"]))
    table = Table(
        "workers",
        "wall s",
        "steps, wall s",
        "workers, CPU s",
        "flow, CPU s",
        "store, CPU s",
        "efficiency, wall",
        "efficiency, replayed",
        "same bytes",
        title=f"{known['rows']:,} rows on clusters; load before: {known['load']:.1f}",
    )
    for workers, size in sizes.items():
        span, replayed = (_shared(sizes[first]["steps"], size["steps"], of) * first / workers for of in (spent, replay))
        cpu = size["cpu"]
        table.add_row(
            str(workers),
            f"{size['wall']:.0f}",
            f"{spent(size['steps']):.0f}",
            *(f"{cpu[name]:.0f}" for name in ("workers", "flow", "store")),
            f"{span:.0%}",
            f"{replayed:.0%}",
            "yes" if size["files"] == sizes[first]["files"] else "NO",
        )
    console.print(table)


def spent(steps: Sequence[Step]) -> float:
    """Seconds from the beginning of the first step of a source to the end of the last."""
    ours = _of_sources(steps)
    return max(step.end for step in ours) - min(step.begin for step in ours)


def replay(steps: Sequence[Step]) -> float:
    """Seconds that the steps of the sources would take if each took its CPU seconds and workers had a core each.

    Each worker takes the steps that it took, in that order. A stage waits for all steps before it of its source; the
    pieces of one wait only for the stage before it. So the figure depends neither on other work on the machine nor on
    the store's.
    """
    free: dict[int, float] = defaultdict(float)
    stage: dict[str, float] = defaultdict(float)
    every: dict[str, float] = defaultdict(float)
    for step in _of_sources(steps):
        before = stage if step.verb.endswith(PIECE) else every
        end = max(free[step.process], before[step.source]) + step.cpu
        free[step.process] = end
        every[step.source] = max(every[step.source], end)
        if before is every:
            stage[step.source] = end
    return max(free.values())


def _shared(one: Sequence[Step], other: Sequence[Step], seconds: Any) -> float:
    return seconds(one) / seconds(other)


def _of_sources(steps: Sequence[Step]) -> list[Step]:
    return [step for step in steps if step.source and step.verb.removesuffix(PIECE) in STAGES]


def _steps(rows: int, steps: Sequence[Step]) -> Table:
    table = Table("step", "steps", "wall s", "CPU s", "µs CPU a row", "sent MB", "received MB", "bytes a row")
    verbs = dict.fromkeys(step.verb for step in steps)
    for verb in verbs:
        of = [step for step in steps if step.verb == verb]
        wall, cpu = sum(step.end - step.begin for step in of), sum(step.cpu for step in of)
        sent, received = sum(step.sent for step in of), sum(step.received for step in of)
        moved = f"{(sent + received) / rows:,.0f}"
        each = (f"{wall:.1f}", f"{cpu:.1f}", f"{cpu / rows * 1e6:.1f}", f"{sent / 1e6:.1f}", f"{received / 1e6:.1f}")
        table.add_row(verb, str(len(of)), *each, moved)
    return table
