"""What changed between releases, and what people accepted of it, as it is printed."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from flows.console.words import count
from schemas.diff import Diff
from schemas.drift import Acceptance, Finding

_COLOURS = {"added": "green", "removed": "red", "changed": "cyan"}


def show_diff(console: Console, diff: Diff) -> None:
    """Print the splits that changed, what their tasks are made of, and the sums."""
    if diff.splits:
        console.print(_splits(diff))
    if diff.tasks:
        table = Table("task", "what it is made of")
        for each in diff.tasks:
            table.add_row(each.task, escape(", ".join(each.changes)))
        console.print(table)
    for source, why in diff.stale.items():
        console.print(f"[yellow]{source}[/] is stale: {escape(why)}", highlight=False)
    console.print(diff_summary(diff), highlight=False)


def diff_summary(diff: Diff) -> str:
    """A diff in one line."""
    numbers = f"{count(diff.added, 'row')} added, {diff.removed:,} removed, {diff.changed:,} changed"
    splits = f"{len(diff.splits):,} of {count(len(diff.splits) + diff.unchanged, 'split')}"
    return f"{diff.before} → {diff.after}: {numbers}, in {splits}"


def _splits(diff: Diff) -> Table:
    table = Table(title="What changed", title_justify="left")
    table.add_column("task", no_wrap=True)
    table.add_column("split")
    for name in ("before", "after", "added", "removed", "changed"):
        table.add_column(name, justify="right")
    table.add_column("why")
    for row in diff.splits:
        numbers = (row.before, row.after, row.added, row.removed, row.changed)
        causes = (f"[{_COLOURS[each.kind]}]{each.rows:,} {each.kind}[/]: {escape(each.cause)}" for each in row.causes)
        table.add_row(row.task, row.split, *(f"{number:,}" for number in numbers), "\n".join(causes))
    return table


def show_waiting(console: Console, waiting: Sequence[tuple[str, Finding]]) -> None:
    """Print what stops the next release until somebody accepts it."""
    if not waiting:
        console.print("Nothing is waiting to be accepted.")
        return
    table = Table(title="Waiting to be accepted", title_justify="left")
    table.add_column("name", no_wrap=True)
    for name in ("measure", "found"):
        table.add_column(name)
    for _, each in waiting:
        table.add_row(each.name, each.measure, escape(each.found))
    console.print(table)
    console.print('Look: medinst diff latest build. If it is meant to be so: medinst accept NAME --why "…"')


def show_accepted(console: Console, accepted: Sequence[Acceptance], title: str) -> None:
    """Print what was accepted, by whom, when and why."""
    if not accepted:
        return
    table = Table(title=escape(title), title_justify="left")
    table.add_column("name", no_wrap=True)
    for name in ("measure", "found", "who", "when (UTC)", "why"):
        table.add_column(name)
    for each in accepted:
        table.add_row(
            each.name, each.measure, escape(each.found), escape(each.who), f"{each.at:%Y-%m-%d %H:%M}", escape(each.why)
        )
    console.print(table)


def accepted_json(waiting: Sequence[tuple[str, Finding]], accepted: Sequence[Acceptance]) -> dict[str, Any]:
    """The same for programs."""
    return {
        "waiting": [{"name": each.name, "base": base, **each.model_dump(mode="json")} for base, each in waiting],
        "accepted": [{"name": each.name, **each.model_dump(mode="json")} for each in accepted],
    }
