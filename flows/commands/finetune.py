"""medinst finetune."""

from pathlib import Path
from typing import cast

from rich.console import Console
from rich.table import Table

from flows.console.training import training_progress
from flows.finetune import finetune
from schemas.finetune import Comparison, Recipe, Trained
from schemas.settings import Settings
from tasks.base.store.root import Root
from tasks.model.finetune import compare
from tasks.model.finetune.plan import make_plan


def run(console: Console, recipe: Recipe, root: str | None, out: str | None) -> int:
    """Train a model by a recipe, then print what it gained.

    Returns:
        exit code 0; what goes wrong is raised.
    """
    plan = make_plan(recipe, Root(root or Settings().root), Path(out) if out else None)
    console.print(
        f"{plan.base.name} on {plan.mixture.name} ({plan.mixture.rows:,} samples, version {plan.mixture.version})",
        highlight=False,
    )
    with training_progress(console):
        folder = cast(str, finetune(recipe=recipe, root=root, out=out))
    trained = plan.trained
    assert trained is not None
    _say_training(console, trained)
    comparison = compare.kept(plan)
    if comparison:
        console.print(_table(folder, comparison))
        console.print(f"Each test:  {folder}/{compare.PAGE}", highlight=False)
    console.print(f"Model:      {folder}", highlight=False)
    console.print(f"Loss:       {folder}/loss.html", highlight=False)
    return 0


def _say_training(console: Console, trained: Trained) -> None:
    data = trained.data
    console.print(
        f"{trained.steps:,} steps, {trained.tokens:,} tokens in {trained.seconds:,.0f} s; "
        f"loss {trained.first_loss:.3f} at first, {trained.last_loss:.3f} at last; "
        f"{trained.trained_parameters:,} of {trained.parameters:,} weights",
        highlight=False,
    )
    if left_out := sum(data.too_long.values()):
        most = sorted(data.too_long.items(), key=lambda item: -item[1])[:3]
        names = ", ".join(f"{task} {count:,}" for task, count in most)
        console.print(
            f"[yellow]·[/] {left_out:,} of {left_out + data.samples:,} samples are longer than "
            f"{trained.recipe.max_length:,} tokens and were left out whole (most: {names})",
            highlight=False,
        )


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
