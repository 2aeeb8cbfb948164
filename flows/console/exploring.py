"""Progress of writing an explorer: how many samples are done."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


@contextmanager
def exploring_progress(console: Console) -> Iterator[Callable[[int, int], None]]:
    """Show how many samples are written of how many; nothing where the output is not a terminal."""
    if not console.is_terminal:
        yield lambda _done, _total: None
        return
    columns = (TextColumn("samples"), BarColumn(24), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        line = progress.add_task("samples", total=None)
        yield lambda done, total: progress.update(line, completed=done, total=total)
