"""medinst finetune."""

from pathlib import Path
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
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only print the plan and an estimate of memory and operations.")
    ] = False,
    accelerate: Annotated[
        Path | None,
        typer.Option(
            help="Train on several devices: a configuration file of accelerate, such as those in "
            "deployments/accelerate.",
            show_default=False,
        ),
    ] = None,
    folder: Annotated[str | None, typer.Option("--out", help="Folder for models (default: in the root).")] = None,
    root: RootOption = ROOT,
    verbose: Verbose = False,
) -> None:
    """Train a model on a mixture offline, and measure its gain on MedINST32; needs the extra `models`.

    A recipe with `reinforce` trains on the rewards of the model's own answers (GRPO). See docs/finetuning.md.

    Example: medinst finetune tiny_cpu --limit 3000 --set max_steps=50
    """
    from flows.console.outline import show_outline
    from tasks.base.store.root import Root
    from tasks.model.finetune import accelerated, outline
    from tasks.model.finetune.checks import has_template
    from tasks.model.finetune.plan import make_plan
    from tasks.model.finetune.recipe import load

    chosen = load(recipe, [*(settings or ()), *([f"samples={limit}"] if limit else ())])
    accelerated.refuse_alone(chosen, accelerate)
    launch = accelerated.read(accelerate) if accelerate else accelerated.ALONE
    models = Path(folder) if folder else None
    plan = None if dry_run else make_plan(chosen, Root(root), models)
    show_outline(out(), outline.outline(chosen, Root(root), models, launch.processes), launch.shards)
    if plan is None:
        return
    keeps(f"Checkpoints and answers are kept in {plan.folder}.")
    from flows.console.training import show_training, training_progress
    from flows.server import PrefectServer

    if not chosen.scratch and not has_template(plan.base.tokenizer):
        out().print(f"[yellow]·[/] {plan.base.name} has no chat template: prompts are plain lines.", highlight=False)
    with PrefectServer(verbose) as server, training_progress(out()):
        from flows.finetune import finetune as finetune_flow

        server.ready()
        finetune_flow(recipe=chosen, root=root, out=folder, accelerate=str(launch.path) if accelerate else None)
    show_training(out(), plan)
