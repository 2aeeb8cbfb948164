"""Scores of parts of the tests, for a terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from schemas.evaluation import ALL, StratumScore
from tasks.model.score.strata import STRATA


def show_strata(console: Console, found: Sequence[StratumScore]) -> None:
    """Print the scores of parts of the tests, one table for each stratum."""
    for name in dict.fromkeys(each.stratum for each in found):
        console.print(_table(name, [each for each in found if each.stratum == name]))


def _table(name: str, rows: Sequence[StratumScore]) -> Table:
    table = Table(title=f"By {name}: {STRATA[name].what}", title_justify="left")
    for column in ("task", "part", "strict"):
        table.add_column(column)
    counts = ("samples", "gold items") if any(each.items is not None for each in rows) else ("samples",)
    for column in ("value", "95 % interval", *counts):
        table.add_column(column, justify="right")
    for place, each in enumerate(rows):
        first = place == 0 or rows[place - 1].task != each.task
        last = place + 1 == len(rows) or rows[place + 1].task != each.task
        task = each.task if each.task != ALL else "[bold]mean[/]"
        metric = each.metric if each.task != ALL else f"mean of {each.tasks} tasks"
        interval = f"\\[{each.low:.3f}, {each.high:.3f}]"
        numbers = [f"{each.samples:,}", "" if each.items is None else f"{each.items:,}"][: len(counts)]
        table.add_row(
            task if first else "", each.group, metric, f"{each.value:.3f}", interval, *numbers, end_section=last
        )
    return table
