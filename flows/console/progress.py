"""Progress of a command: one line a phase, with what is done of all; quiet where the output is not a terminal."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from flows.console.words import count
from tasks.base.store.phases import Moment, listen

SHOWN = 3
"""Sources at work that a line names."""


Expect = Callable[[Mapping[str, int]], None]
"""Takes how many sources pass through each phase of single sources, as soon as that is known."""


@contextmanager
def build_progress(console: Console) -> Iterator[Expect]:
    """Show how far each phase is, as long as the block runs; lines of finished phases vanish."""
    if not console.is_terminal:
        yield lambda _totals: None
        return
    columns = (
        TextColumn("{task.description:<12}"),
        BarColumn(24),
        TextColumn("{task.fields[words]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        lines = Lines(progress)
        stop = listen(lines.show)
        try:
            yield lines.totals.update
        finally:
            stop()


class Lines:
    """The line of each phase.

    Args:
        progress: where they are shown.

    Attributes:
        totals: how many sources pass through each phase of single sources.
    """

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.totals: dict[str, int] = {}
        self.lines: dict[str, TaskID] = {}
        self.at_work: dict[str, list[str]] = {}
        self.ended: dict[str, int] = {}
        self.failed: dict[str, int] = {}
        self.start = progress.add_task("start", total=None, words="starting Prefect")

    def show(self, moment: Moment) -> None:
        """Show that a phase, or a source in it, has begun or ended."""
        self.progress.update(self.start, visible=False)
        phase = moment.verb
        if phase not in self.lines:
            self.lines[phase] = self.progress.add_task(phase, total=self.totals.get(phase), words="")
            self.at_work[phase], self.ended[phase], self.failed[phase] = [], 0, 0
        if moment.seconds is None:
            self.at_work[phase].append(moment.source)
        else:
            self.at_work[phase].remove(moment.source)
            self.ended[phase] += 1
            self.failed[phase] += bool(moment.error)
        if moment.source:
            over = self.ended[phase] >= self.totals.get(phase, 0)
            self.progress.update(
                self.lines[phase], completed=self.ended[phase], words=self._words(phase), visible=not over
            )
        else:
            self.progress.update(self.lines[phase], visible=bool(self.at_work[phase]))

    def _words(self, phase: str) -> str:
        """`12 of 94 sources, 1 failed:` and the names of those at work."""
        failed = f", [red]{self.failed[phase]} failed[/]" if self.failed[phase] else ""
        names = self.at_work[phase]
        now = ", ".join([*names[:SHOWN], *["…"] * (len(names) > SHOWN)])
        total = count(self.totals.get(phase, 0), "source")
        return f"{self.ended[phase]:,} of {total}{failed}{f': {now}' if now else ''}"
