"""The declared addresses in a terminal: progress while they are asked, and what was found."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from flows.console.output import err
from schemas.links import Link
from tasks.build.links.summary import by_urgency, counts, troubles

_COLOURS = {"alive": "green", "moved": "cyan", "gone": "bold red", "login page": "red", "skipped": "dim"}


@contextmanager
def asking() -> Iterator[Callable[[int, int], None]]:
    """Show how many addresses have answered, as long as the block runs; quiet where errors go to no terminal."""
    if not err().is_terminal:
        yield lambda _done, _of: None
        return
    columns = (
        TextColumn("addresses"),
        BarColumn(24),
        TextColumn("{task.completed} of {task.total}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err(), transient=True) as progress:
        line = progress.add_task("addresses", total=None)
        yield lambda done, of: progress.update(line, completed=done, total=of)


def show_links(console: Console, links: Sequence[Link], every: bool, page: str) -> None:
    """Print what needs a person, or all links, then how many there are of each verdict."""
    shown = by_urgency(links) if every else troubles(links)
    if shown:
        table = Table(title="Declared addresses", title_justify="left")
        for name in ("source", "verdict", "since", "last alive"):
            table.add_column(name, no_wrap=True)
        table.add_column("address", overflow="fold")
        table.add_column("found", overflow="fold")
        for link in shown:
            table.add_row(
                link.source, _coloured(link.verdict), link.since, link.last_alive, escape(link.url), escape(link.detail)
            )
        console.print(table)
    console.print(" · ".join(f"{number} {_coloured(verdict)}" for verdict, number in counts(links).items()))
    if page:
        console.print(f"Page:  {page}", highlight=False, soft_wrap=True)


def _coloured(verdict: str) -> str:
    return f"[{_COLOURS.get(verdict, 'yellow')}]{verdict}[/]"
