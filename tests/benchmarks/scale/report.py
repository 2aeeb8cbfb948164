"""The tables of a measurement."""

import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

Known = dict[str, Any]


def stages(console: Console, known: Known) -> None:
    """What each stage costs."""
    rows = known["rows"]
    table = _table(
        f"{rows:,} rows, stage by stage", "stage", "rows/s", "CPU s", "wall s", "peak MB", "not mapped", "disk MB"
    )
    for name, cost in known["stages"].items():
        table.add_row(name, f"{rows / cost['wall']:,.0f}", *_cost(cost))
    console.print(table)


def build(console: Console, known: Known) -> None:
    """What the whole build costs."""
    table = _table(
        f"{known['rows']:,} rows, `medinst build`", "", "rows/s", "CPU s", "wall s", "peak MB", "not mapped", "disk MB"
    )
    table.add_row("all processes", f"{known['rows'] / known['build']['wall']:,.0f}", *_cost(known["build"]))
    console.print(table)


def found(console: Console, known: Known) -> None:
    """Recall and precision."""
    for what, rows in known["found"].items():
        console.print(_shares(f"Planted: {what}", rows))


def queries(console: Console, known: Known) -> None:
    """Seconds of the documented queries."""
    table = _table(f"Queries of docs/data-model.md, p95 {known['queries']['p95']:.2f} s", "query", "best s", "worst s")
    for query, seconds in known["queries"]["queries"].items():
        table.add_row(query, f"{min(seconds):.2f}", f"{max(seconds):.2f}")
    console.print(table)


def beside(console: Console, known: Known) -> None:
    """Others on the same rows."""
    parts = known["beside"]
    if "pairs" in parts:
        title = f"{parts['pairs']['rows']:,} pairs of SciELO"
        table = _table(title, "pipeline", "CPU s", "wall s", "peak MB", "not mapped", "disk MB")
        for name, cost in parts["pairs"]["costs"].items():
            table.add_row(name, *_cost(cost))
        console.print(table)
    for part, title in {
        "near": "Near duplicates among {rows:,} abstracts",
        "leaks": "{rows:,} training abstracts against {tests:,} tests",
    }.items():
        if part in parts:
            _tools(console, title.format(**parts[part]), parts[part])


def _tools(console: Console, title: str, part: Known) -> None:
    kinds = list(part["tools"][0]["found"])
    table = _table(title, "", "settings", "CPU s", "wall s", "peak MB", *kinds)
    for row in part["tools"]:
        found = [share(*row["found"][kind]) for kind in kinds]
        table.add_row(row["tool"], row["settings"], *_cost(row["cost"])[:3], *found)
    console.print(table)
    for step, cost in part["tools"][0]["steps"].items():
        console.print(f"of ours, {step}: {cost['cpu']:.1f} CPU s")
    for line in part["left out"]:
        console.print(line, highlight=False)


def share(right: int, of: int) -> str:
    """A share in percent, cut and not rounded: 100 is all."""
    return f"{right * 10_000 // of / 100:.2f} %" if of else "–"


def growth(console: Console, folder: Path, known: Known) -> None:
    """How many times as much ten times the rows cost, where both were measured."""
    other = folder / f"results-{known['rows'] // 10}.json"
    if not other.exists() or not {"stages", "build"} & known.keys():
        return
    before = json.loads(other.read_text(encoding="utf-8"))
    table = _table(
        f"{known['rows']:,} rows cost so many times as much as {before['rows']:,}", "stage", "CPU", "wall", "peak"
    )
    pairs = [(name, cost, before["stages"].get(name)) for name, cost in known.get("stages", {}).items()]
    pairs.append(("whole build", known.get("build"), before.get("build")))
    for name, now, then in pairs:
        if now and then:
            table.add_row(name, *(f"{now[what] / max(then[what], 1e-9):.1f}" for what in ("cpu", "wall", "peak")))
    console.print(table)


def _shares(title: str, rows: list[dict[str, Any]]) -> Table:
    table = _table(title, "", "right", "of", "share")
    for row in rows:
        share = f"{row['right'] / row['of']:.2%}" if row["of"] else "–"
        table.add_row(row["what"], f"{row['right']:,}", f"{row['of']:,}", share)
    return table


def _cost(cost: dict[str, Any]) -> list[str]:
    return [
        f"{cost['cpu']:,.1f}",
        f"{cost['wall']:,.1f}",
        f"{cost['peak'] / 1e6:,.0f}",
        f"{cost['anonymous'] / 1e6:,.0f}",
        f"{cost['disk'] / 1e6:,.0f}",
    ]


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    for number, name in enumerate(columns):
        table.add_column(name, justify="right" if number else "left")
    return table
