"""The spread over variants, for a terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from schemas.evaluation import ALL, AXES, Spread

MEANING = (
    "Deviation: what another way of asking, or another training, changes. Interval: what other samples would change "
    "(95 %). Changed: samples whose answer is not the same in all variants."
)


def show_spread(console: Console, found: Sequence[Spread]) -> None:
    """Print how much the strict scores differ between variants, one table for each axis."""
    for axis in dict.fromkeys(each.axis for each in found):
        rows = [each for each in found if (each.axis, each.kind) == (axis, "strict")]
        names = list(dict.fromkeys(name for each in rows for name in each.variants))
        console.print(_table(f"Spread over {len(names)} variants: {said(axis)}", rows, len(names)))
        for number, name in enumerate(names, 1):
            console.print(f"  {number}  {name}", highlight=False)
    if found:
        console.print(f"[dim]{MEANING}[/]", highlight=False)


def said(axis: str) -> str:
    """What variants differ in, in words."""
    return AXES[axis].what if axis in AXES else "all together"


def _table(title: str, rows: Sequence[Spread], most: int) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("task")
    table.add_column("strict")
    for column in ("variants", "mean", "deviation", "lowest", "highest", "95 % interval", "samples", "changed"):
        table.add_column(column, justify="right")
    for each in rows:
        whole = each.task == ALL
        name = f"[bold]mean of {each.tasks} tasks[/]" if whole else each.task
        count = f"{len(each.variants)}" if len(each.variants) == most else f"{len(each.variants)} of {most}"
        values = (each.mean, each.deviation, each.lowest, each.highest)
        interval = f"\\[{each.low:.3f}, {each.high:.3f}]"
        table.add_row(
            name, each.metric, count, *(f"{value:.3f}" for value in values), interval, f"{each.samples:,}",
            f"{each.changed:.1%}", end_section=whole,
        )  # fmt: skip
    return table
