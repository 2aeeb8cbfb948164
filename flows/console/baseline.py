"""Baselines for a terminal: how far a training is, and what was trained."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from flows.console.words import count
from schemas.baseline import Fitted
from tasks.model.baseline import tally
from tasks.model.baseline.receipt import kept
from tasks.model.baseline.tally import Epoch


@contextmanager
def baseline_progress(console: Console) -> Iterator[None]:
    """Show the epochs as long as the block runs; nothing where the output is not a terminal."""
    columns = (BarColumn(24), MofNCompleteColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        line = progress.add_task("starting Prefect, reading the training samples", total=None)

        def trained(epoch: Epoch) -> None:
            said = f"epochs at most · {epoch.test}, seed {epoch.seed} · held-out score {epoch.score:.3f}"
            progress.update(line, completed=epoch.epoch, total=epoch.epochs, description=said)

        stop = tally.listen(trained)
        try:
            yield
        finally:
            stop()


def show_trained(console: Console, folders: Sequence[Path]) -> None:
    """Print what was trained for each test, and what it cannot say."""
    receipts = [found for folder in folders if (found := kept(folder))]
    for receipt in receipts:
        title = f"{receipt.kind} baseline, seed {receipt.seed}: training"
        console.print(_table(title, receipt.tests))
    tests = {name: fitted for receipt in receipts for name, fitted in receipt.tests.items()}
    for name, fitted in tests.items():
        if said := _beyond(fitted):
            best = f"with all else right the main strict metric would be {fitted.ceiling['strict']:.3f}"
            console.print(f"[yellow]·[/] {name}: cannot be predicted: {said}; {best}.", highlight=False)


def _table(title: str, tests: dict[str, Fitted]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("test")
    for column in ("samples", "leaks left out", "held out", "weights", "epochs", "held-out score", "seconds"):
        table.add_column(column, justify="right")
    for name, each in tests.items():
        table.add_row(
            name, f"{each.samples:,}", f"{sum(each.leaking.values()):,}", f"{each.held:,} of {each.held_from}",
            f"{each.parameters:,}", f"{each.best_epoch} of {each.epochs}", f"{each.held_score:.3f}",
            f"{each.seconds:.0f}",
        )  # fmt: skip
    return table


def _beyond(fitted: Fitted) -> str:
    """What the tags or labels cannot say of a test, in words."""
    reach = fitted.test
    of = f" of {reach.mentions:,} mentions"
    lost = {
        "of several parts": reach.discontinuous,
        "overlapping with another": reach.overlapping,
        "beginning or ending within a word": reach.within_words,
    }
    said = ", ".join(f"{number:,} {words}" for words, number in lost.items() if number)
    unseen = f"the label sets of {count(reach.unseen_sets, 'sample')}, which no training sample has"
    return f"{said}{of}" if said else unseen if reach.unseen_sets else ""
