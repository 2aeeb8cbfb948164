"""What `medinst guard` prints."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from flows.console.output import err, out
from flows.console.words import count
from schemas.audit import KINDS
from schemas.guard import Guarded

_STYLES = {"brightgreen": "green", "orange": "yellow", "red": "bold red"}


@contextmanager
def watched() -> Iterator[Callable[[int], None]]:
    """Show how many rows were looked at, as long as the block runs; quiet where the output is not a terminal."""
    if not err().is_terminal:
        yield lambda _rows: None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=err(), transient=True) as progress:
        line = progress.add_task("reading the tests", total=None)
        yield lambda rows: progress.update(line, description=f"{rows:,} rows")


def show_guarded(report: Guarded, clean: Path | None, folder: Path | None) -> None:
    """Print a report: a table of the tests, examples, and the result."""
    console = out()
    touched = [test for test in report.tests if test.touched]
    if touched:
        console.print(_table(report))
        for found in report.findings:
            said = found.words or "words are not quoted: the licence of the test does not let everybody pass them on"
            console.print(
                f"{escape(found.file)}, row {found.row:,}: [bold]{found.kind}[/] of {escape(found.test)} "
                f"{escape(found.sample)} ({_share(found.share)}): {escape(said)}",
                highlight=False,
            )
    for line in _notes(report):
        console.print(line, highlight=False)
    console.print(f"Result: [{_STYLES[report.colour]}]{escape(report.message)}[/]", highlight=False)
    for what, place in (("Clean copy", clean), ("Report", folder and folder / "report.html")):
        if place:
            console.print(f"{what}: {escape(str(place))}", highlight=False)


def _share(share: float) -> str:
    return "<1%" if share < 0.01 else f"{share:.0%}"


def _table(report: Guarded) -> Table:
    table = Table(title="Tests that the training set touches", title_justify="left")
    table.add_column("test")
    for name in ("samples", "touched", *KINDS, "rows"):
        table.add_column(name, justify="right")
    for test in report.tests:
        if test.touched:
            kinds = (f"{test.kinds.get(kind, 0):,}" for kind in KINDS)
            table.add_row(escape(test.name), f"{test.samples:,}", f"{test.touched:,}", *kinds, f"{test.rows:,}")
    return table


def _notes(report: Guarded) -> Iterator[str]:
    data = report.data
    layouts = ", ".join(f"{rows:,} as {name}" for name, rows in data.layouts.items())
    yield f"Looked at: {count(data.rows, 'row')} of {escape(data.name)} in {count(data.files, 'file')} ({layouts})"
    if data.empty:
        yield f"[yellow]Empty:[/] {count(data.empty, 'row')} without any text"
    for each in report.against:
        yield f"Against: {count(each.rows, 'sample')} of {escape(each.name)}"
    untouched = [test.name for test in report.tests if not test.touched]
    if untouched:
        yield f"Untouched: {escape(', '.join(untouched))}"
    short = sum(test.short for test in report.tests)
    if short:
        yield f"Short: {count(short, 'sample')} of fewer than eight words, found only where a whole field equals them"
    if report.stock:
        yield f"Boilerplate: {count(report.stock, 'sequence')} of words in too many texts to tell anything"
