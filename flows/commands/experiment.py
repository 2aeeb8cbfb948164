"""medinst experiment."""

from typing import Annotated

import typer

from flows.commands.options import ROOT, RootOption, Verbose
from flows.console.output import keeps, out


def experiment(
    name: Annotated[str, typer.Argument(help="A ready-made experiment, or a .yml file.")],
    only: Annotated[
        list[str] | None,
        typer.Option(help="Only this system, or this row of it; repeatable.", show_default=False),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            help="Override a field: seeds=[1], exam.limit=50, settings.max_steps=500; repeatable.",
            show_default=False,
        ),
    ] = None,
    root: RootOption = ROOT,
    verbose: Verbose = False,
) -> None:
    """Train a model in several ways and with several seeds, and compare all on MedINST32; needs the extra `models`.

    Rows that are done are not repeated, and rows that another process works on are left to it: with several GPUs, start
    the command once for each. Example: medinst experiment smollm2_small --only base --only unseen_lora-seed-1
    """
    from tasks.base.store.root import Root
    from tasks.model.experiment.declared import load
    from tasks.model.experiment.plan import chosen, make_plan
    from tasks.model.finetune.plan import require_extra

    declared = load(name, settings or ())
    require_extra()
    plan = make_plan(declared, Root(root))
    rows = chosen(plan, only or ())
    keeps(f"Rows that are done are kept in {plan.folder}.")
    done = sum(plan.result(row) is not None for row in rows)
    out().print(f"{declared.name}: {len(rows)} rows, {done} of them done", highlight=False)
    from flows.console.training import training_progress
    from flows.server import PrefectServer

    with PrefectServer(verbose) as server, training_progress(out()):
        from flows.experiment import experiment as experiment_flow

        server.ready()
        experiment_flow(experiment=declared, only=only, root=root)
    if elsewhere := [row.name for row in rows if plan.result(row) is None]:
        out().print(f"With other processes: {', '.join(elsewhere)}", highlight=False)
    out().print(f"Tables:  {plan.folder}/README.md", highlight=False)
