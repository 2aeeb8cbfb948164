"""What is declared, and what the newest build has of it."""

from typing import Any

from rich.table import Table

from flows.console.tables import coloured
from flows.rows import SourceRow
from flows.rows import source_rows as built_rows
from schemas.licence import together
from schemas.source import UNVERIFIED
from sources import registry
from sources import tasks as declared_tasks
from tasks.base.store.root import Root
from tasks.build.builds.build import Build
from tasks.build.builds.state import load_state


def source_rows(root: str) -> list[dict[str, Any]]:
    """One row a declared source."""
    state = load_state(Root(root))
    built: dict[str, SourceRow] = {row.source: row for row in built_rows(state)} if state else {}
    return [
        {
            "source": source.id,
            "title": source.title,
            "homepage": source.homepage,
            "tasks": [task.name for task in source.tasks],
            "access": source.access,
            "apply": source.apply,
            "licence": together(source.licences()),
            "redistribute": all(licence.terms.redistribute for licence in source.licences()),
            "commercial": all(licence.terms.commercial for licence in source.licences()),
            "verified": source.verified,
            "status": built[source.id].outcome if source.id in built else "not built",
            "reason": built[source.id].reason if source.id in built else "",
        }
        for source in registry().values()
    ]


def source_table(rows: list[dict[str, Any]]) -> Table:
    """The sources for a terminal."""
    table = Table(title=f"{len(rows)} declared sources", title_justify="left")
    for name in ("source", "title", "tasks", "access", "licence", "real files", "newest build"):
        table.add_column(name)
    for row in rows:
        verified = "verified" if row["verified"] else f"[yellow]{UNVERIFIED}[/]"
        table.add_row(
            row["source"],
            row["title"],
            str(len(row["tasks"])),
            row["access"],
            row["licence"],
            verified,
            coloured(row["status"]),
        )
    return table


def task_rows(root: str) -> list[dict[str, Any]]:
    """One row a declared task."""
    state = load_state(Root(root))
    kept = {task.task: task for built in state.sources for task in built.kept} if state else {}
    left_out = Build(state).withheld if state else {}
    return [
        {
            "task": name,
            "category": task.category,
            "source": source.id,
            "labels": list(task.labels),
            "answerable": task.answerable,
            "because": task.because or "",
            "verified": source.verified,
            "status": "built" if name in kept else "withheld" if name in left_out else "not built",
            "reason": left_out.get(name, ""),
            "rows": {split: tally.kept for split, tally in kept[name].splits.items()} if name in kept else {},
        }
        for name, (source, task) in sorted(declared_tasks().items())
    ]


def task_table(rows: list[dict[str, Any]]) -> Table:
    """The tasks for a terminal."""
    table = Table(title=f"{len(rows)} declared tasks", title_justify="left")
    for name in ("task", "category", "source"):
        table.add_column(name)
    for name in ("train", "dev", "test"):
        table.add_column(name, justify="right")
    for name in ("newest build", "answerable", "labels"):
        table.add_column(name)
    for row in rows:
        counts = [f"{row['rows'].get(split, 0):,}" if row["rows"] else "–" for split in ("train", "dev", "test")]
        labels = ", ".join(row["labels"][:4]) + (" …" if len(row["labels"]) > 4 else "")
        marked = row["answerable"] if row["answerable"] == "yes" else f"[yellow]{row['answerable']}[/]"
        table.add_row(row["task"], row["category"], row["source"], *counts, coloured(row["status"]), marked, labels)
    return table
