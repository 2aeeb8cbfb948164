"""Tables that the commands print."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from flows.console.words import count
from flows.rows import SourceRow
from schemas.benchmark import HeldOutTest
from schemas.release import ParityRow
from tasks.base.paper.parity import STATUSES, summary

_COLOURS = {
    "equal": "green",
    "explained": "cyan",
    "unexplained": "bold red",
    "withheld": "yellow",
    "not built": "dim",
    "built": "green",
    "stale": "yellow",
    "partly built": "yellow",
    "unreachable": "red",
    "failed": "bold red",
    "pass": "green",
    "warning": "yellow",
    "critical": "bold red",
}


def coloured(word: str) -> str:
    """A status in its colour."""
    return f"[{_COLOURS[word]}]{word}[/]" if word in _COLOURS else word


def source_table(rows: Sequence[SourceRow]) -> Table:
    """What became of each source of a build."""
    table = Table(title="Sources of this build", title_justify="left")
    table.add_column("source")
    for name in ("records", "samples", "rejects", "seconds"):
        table.add_column(name, justify="right")
    table.add_column("outcome")
    table.add_column("verdict")
    for row in rows:
        table.add_row(
            row.source,
            f"{row.records:,}",
            f"{row.samples:,}",
            f"{row.rejects:,}",
            f"{row.seconds:.1f}",
            coloured(row.outcome),
            coloured(row.verdict),
        )
    table.add_section()
    totals = [sum(getattr(row, name) for row in rows) for name in ("records", "samples", "rejects")]
    table.add_row(count(len(rows), "source"), *(f"{total:,}" for total in totals), "", "", "")
    return table


def print_reasons(console: Console, rows: Sequence[SourceRow]) -> None:
    """Print why sources, or parts of them, are missing, grouped by reason."""
    reasons: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row.reason:
            reasons[row.reason].append(row.source)
    for reason, sources in reasons.items():
        console.print(f"[bold]{', '.join(sources)}[/]: {escape(reason)}", highlight=False)


def parity_table(rows: Sequence[ParityRow]) -> Table:
    """This build against Table 11 of the paper."""
    table = Table(title="This build against Table 11 of the paper (rows of train / dev / test)", title_justify="left")
    table.add_column("task", no_wrap=True)
    for name in ("paper", "ours"):
        table.add_column(name, justify="right")
    table.add_column("status")
    table.add_column("why")
    for row in rows:
        table.add_row(row.task, _triple(row.paper), _triple(row.ours), coloured(row.status), escape(row.reason))
    return table


def parity_summary(rows: list[ParityRow]) -> str:
    """The number of rows of each status in one line."""
    counts = summary(rows)
    return " · ".join(f"{counts[status]} {coloured(status)}" for status in STATUSES)


def _triple(counts: tuple[int, int, int] | None) -> str:
    return "–" if counts is None else " / ".join(f"{count:,}" for count in counts)


def rows_table(names: Sequence[str], rows: Sequence[tuple[object, ...]]) -> Table:
    """The answer of a query."""
    table = Table(*names)
    for row in rows:
        table.add_row(*("" if value is None else escape(str(value)) for value in row))
    return table


def benchmark_table(tests: Mapping[str, HeldOutTest]) -> Table:
    """The tests of a benchmark."""
    table = Table(title="MedINST32", title_justify="left")
    for name in ("test", "category", "answers", "tier"):
        table.add_column(name)
    for name in ("samples", "paper's"):
        table.add_column(name, justify="right")
    table.add_column("examples from")
    for task, test in tests.items():
        numbers = (f"{test.rows:,}", f"{test.size:,}")
        table.add_row(task, test.category, test.form, test.tier.name, *numbers, ", ".join(test.examples) or "none")
    return table
