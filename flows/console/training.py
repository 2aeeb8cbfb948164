"""Progress of a training (steps, loss or reward, tokens a second), and what it gained."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from schemas.trained import Comparison, Cost, Trained
from tasks.model.evaluate import tally as asking
from tasks.model.finetune import card, compare
from tasks.model.finetune import loss as training
from tasks.model.finetune.loss import Logged
from tasks.model.finetune.plan import Plan


@contextmanager
def training_progress(console: Console) -> Iterator[None]:
    """Show how far a training is, and the questions after it, as long as the block runs."""
    columns = (BarColumn(24), MofNCompleteColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        line = progress.add_task("starting Prefect, reading the mixture", total=None)

        def trained(point: Logged, steps: int) -> None:
            rate = point.tokens / max(1e-9, point.seconds)
            said = f"steps · {point.summary} · {rate:,.0f} tokens/s"
            progress.update(line, completed=point.step, total=steps, description=said)

        def asked(asked: asking.Progress) -> None:
            progress.update(line, completed=asked.answered, total=None, description=f"answers · {asked.rate:.1f}/s")

        stops = (training.listen(trained), asking.listen(asked))
        try:
            yield
        finally:
            for stop in stops:
                stop()


def show_training(console: Console, plan: Plan) -> None:
    """Print how a training went and what the model gained."""
    trained, comparison = plan.trained, compare.kept(plan)
    assert trained is not None
    _say_training(console, trained, plan.cost)
    if comparison:
        console.print(_table(str(plan.folder), comparison))
        for note in comparison.notes:
            console.print(f"[yellow]·[/] {note}", highlight=False)
        console.print(f"Each test:  {plan.folder}/{compare.PAGE}", highlight=False)
    console.print(f"Model:      {plan.folder}", highlight=False)
    console.print(f"Curves:     {plan.folder}/{card.curves(plan.recipe).page}", highlight=False)


def _say_training(console: Console, trained: Trained, cost: Cost) -> None:
    data = trained.data
    course = f"loss {trained.first_loss:.3f} at first, {trained.last_loss:.3f} at last"
    if trained.reinforced:
        course = f"reward {trained.reinforced.first.reward:.3f} at first, {trained.reinforced.last.reward:.3f} at last"
    console.print(
        f"{trained.steps:,} steps, {trained.tokens:,} tokens in {cost.seconds:,.0f} s; {course}; "
        f"{trained.trained_parameters:,} of {trained.parameters:,} weights",
        highlight=False,
    )
    if trained.reinforced:
        _say_rewards(console, trained)
    elif left_out := sum(data.too_long.values()):
        most = sorted(data.too_long.items(), key=lambda item: -item[1])[:3]
        names = ", ".join(f"{task} {count:,}" for task, count in most)
        console.print(
            f"[yellow]·[/] {left_out:,} of {left_out + data.samples:,} samples are longer than "
            f"{trained.recipe.max_length:,} tokens and were left out whole (most: {names})",
            highlight=False,
        )


def _say_rewards(console: Console, trained: Trained) -> None:
    """Print what was left out, and whether the reward is earned."""
    reinforced, rules = trained.reinforced, trained.recipe.reinforce
    assert reinforced is not None
    assert rules is not None
    if reinforced.left_out:
        reasons = ", ".join(f"{why} {count:,}" for why, count in reinforced.left_out.items())
        console.print(
            f"[yellow]·[/] {reinforced.prompts:,} prompts are trained on; left out: {reasons}", highlight=False
        )
    if watched := reinforced.watched:
        earned = "[green]✓[/]" if watched.lead > 0 else "[yellow]![/]"
        console.print(
            f"{earned} {watched.prompts:,} prompts held out: reward {watched.before.reward:.3f} before, "
            f"{watched.after.reward:.3f} after (gain {watched.gain:+.3f}, {watched.low:+.3f} to {watched.high:+.3f}); "
            f"without a model {watched.honest_reward:.3f}, best attack {watched.attack_reward:.3f}; equal answers in a "
            f"task {watched.after.same:.0%}, of the right ones {watched.right_same:.0%}",
            highlight=False,
        )
        if watched.is_constant(rules.collapse):
            console.print("[yellow]![/] the model says the same to all questions of a task", highlight=False)


def _table(folder: str, comparison: Comparison) -> Table:
    table = Table(title=f"{Path(folder).name} on MedINST32 {comparison.benchmark}", title_justify="left")
    for column in ("tier", "set"):
        table.add_column(column)
    for column in ("tests", "before", "after", "gain", "95 % interval"):
        table.add_column(column, justify="right")
    for each in comparison.tiers:
        values = (f"{each.before:.3f}", f"{each.after:.3f}", f"{each.gain:+.3f}")
        table.add_row(each.tier, each.kind, str(each.tests), *values, f"{each.low:+.3f} to {each.high:+.3f}")
    return table
