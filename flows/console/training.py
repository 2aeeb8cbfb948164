"""Progress of a training: steps, loss, tokens a second; quiet where the output is no terminal."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tasks.model.evaluate import watch as asking
from tasks.model.finetune import watch as training
from tasks.model.finetune.watch import Point


@contextmanager
def training_progress(console: Console) -> Iterator[None]:
    """Show how far a training is, and the questions after it, as long as the block runs."""
    columns = (BarColumn(24), MofNCompleteColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        line = progress.add_task("starting Prefect, reading the mixture", total=None)

        def trained(point: Point, steps: int) -> None:
            rate = point.tokens / max(1e-9, point.seconds)
            said = f"steps · loss {point.loss:.3f} · {rate:,.0f} tokens/s"
            progress.update(line, completed=point.step, total=steps, description=said)

        def asked(asked: asking.Progress) -> None:
            progress.update(line, completed=asked.answered, total=None, description=f"answers · {asked.rate:.1f}/s")

        stops = (training.listen(trained), asking.listen(asked))
        try:
            yield
        finally:
            for stop in stops:
                stop()
