"""medinst baseline."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from flows.commands.options import ROOT, RootOption, Verbose
from flows.console.output import keeps, out


def baseline(
    tests: Annotated[
        list[str] | None,
        typer.Argument(
            help="Tests of the benchmark, such as NCBI-disease (default: all that can be trained for).",
            show_default=False,
        ),
    ] = None,
    kind: Annotated[
        Literal["encoder", "linear"],
        typer.Option(help="encoder: a small recurrent network, needs torch; linear: logistic regression."),
    ] = "encoder",
    seed: Annotated[
        str, typer.Option(help="Seed of the training: a number, several or a range (3,7 or 0-2); each is a variant.")
    ] = "0",
    folder: Annotated[
        str | None, typer.Option("--out", help="Folder or bucket for the answers (default: in the root).")
    ] = None,
    root: RootOption = ROOT,
    verbose: Verbose = False,
) -> int:
    """Train a small model for each test on its own training split, as a baseline, and score it.

    It can do so for tests of entities, tags and labels that have a training split. Nothing is pretrained, and training
    samples that leak into the test are left out. Each test takes minutes on one core.

    Example: medinst baseline NCBI-disease BC5CDR Hallmarks-of-Cancer --seed 0-2
    """
    from flows.console.base import say_base
    from flows.console.baseline import baseline_progress, show_trained
    from flows.console.scores import show_evaluations
    from flows.server import PrefectServer
    from tasks.base.predictions.bucket import address
    from tasks.base.store.root import Root
    from tasks.build.builds.runs import refuse_unusable
    from tasks.model.baseline.choice import choose, refuse_missing
    from tasks.model.baseline.plan import plans
    from tasks.model.evaluate.variants import seeds

    refuse_missing(kind)
    chosen, place = seeds("training_seed", seed), Root(root)
    planned = plans(kind, choose(tests or (), place), chosen, place, folder)
    say_base(root)
    refuse_unusable(place)
    kept = address(planned[0].folder if len(planned) == 1 else planned[0].folder.parent)
    keeps(f"Answers are kept in {kept}.")
    out().print(f"{kind} baseline for {', '.join(planned[0].asked)}; seeds {', '.join(map(str, chosen))}")
    with PrefectServer(verbose) as server, baseline_progress(out()):
        from flows.baseline import baseline as baseline_flow

        server.ready()
        baseline_flow(
            kind=kind,
            tests=list(planned[0].asked),
            seeds=chosen,
            root=root,
            out=folder,
        )
    found: list[Path] = [plan.folder for plan in planned]
    show_trained(out(), found)
    code = show_evaluations(out(), found, place)
    out().print(f"Answers:     {kept}", highlight=False)
    out().print(f"Leaderboard: {address(planned[0].folder.parent)}/leaderboard.html", highlight=False)
    return code
