"""medinst finetune."""

from typing import Annotated

import typer

from flows.commands.options import ROOT, RootOption, Verbose
from flows.console.output import keeps, out


def finetune(
    recipe: Annotated[str, typer.Argument(help="A ready-made recipe, or a .yml file.")],
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            help="Override a recipe field: learning_rate=1e-4, lora.rank=8; repeatable.",
            show_default=False,
        ),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Maximum number of samples of the mixture.")] = None,
    folder: Annotated[str | None, typer.Option("--out", help="Folder for models (default: in the root).")] = None,
    root: RootOption = ROOT,
    verbose: Verbose = False,
) -> None:
    """Train a model on a mixture offline, and measure its gain on MedINST32; needs the extra `models`.

    Example: medinst finetune tiny_cpu --limit 3000 --set max_steps=50
    """
    from pathlib import Path

    from tasks.base.store.root import Root
    from tasks.model.finetune.plan import make_plan
    from tasks.model.finetune.recipe import load

    chosen = load(recipe, [*(settings or ()), *([f"samples={limit}"] if limit else ())])
    plan = make_plan(chosen, Root(root), Path(folder) if folder else None)
    keeps(f"Checkpoints and answers are kept in {plan.folder}.")
    from flows.console.training import show_training, training_progress
    from flows.server import PrefectServer

    out().print(
        f"{plan.base.name} on {plan.mixture.name} ({plan.mixture.rows:,} samples, version {plan.mixture.version})",
        highlight=False,
    )
    with PrefectServer(verbose) as server, training_progress(out()):
        from flows.finetune import finetune as finetune_flow

        server.ready()
        finetune_flow(recipe=chosen, root=root, out=folder)
    show_training(out(), plan)
