"""Progress of a build, one line a source; quiet where the output is no terminal."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from tasks.base.store.watch import Moment, listen

STEPS = ("fetch", "read", "render", "deduplicate")


@contextmanager
def build_progress(console: Console, sources: list[str]) -> Iterator[None]:
    """Show how far each source is, as long as the block runs."""
    if not console.is_terminal:
        yield
        return
    columns = (
        TextColumn("{task.fields[source]:<18}"),
        BarColumn(24),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        lines: dict[str, TaskID] = {}

        def show(moment: Moment) -> None:
            if moment.source not in lines:
                lines[moment.source] = progress.add_task("", total=len(STEPS), source=moment.source)
            line = lines[moment.source]
            if moment.seconds is None:
                progress.update(line, description=moment.verb)
            elif moment.error:
                progress.update(line, description=f"[red]{moment.verb} failed[/red]")
                progress.stop_task(line)
            else:
                progress.advance(line)
                if moment.verb == STEPS[-1]:
                    progress.update(line, description="done", visible=False)

        overall = progress.add_task("starting Prefect", total=None, source=f"{len(sources)} sources")
        stop = listen(show)
        try:
            yield
        finally:
            stop()
            progress.remove_task(overall)
