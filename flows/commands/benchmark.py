"""medinst benchmark."""

from typing import Annotated, Literal

import typer

from flows.commands.options import ROOT, RootOption
from flows.console.output import keeps, out
from flows.console.words import count
from schemas.base import Collections
from schemas.licence import Profile


def benchmark(
    profile: Annotated[Profile, typer.Option(help="What the benchmark may hold.")] = "local",
    collection: Annotated[
        Collections,
        typer.Option(help="Whose held-out tests: the paper's 32, those declared beyond, your own, or all."),
    ] = "paper",
    seed: Annotated[int, typer.Option(help="Seed of all random draws.")] = 2024,
    export: Annotated[
        Literal["lm-eval"] | None, typer.Option(help="Also write task files for this harness.", show_default=False)
    ] = None,
    folder: Annotated[
        str | None, typer.Option("--out", help="Folder of the exported task files (default: in the root).")
    ] = None,
    root: RootOption = ROOT,
) -> None:
    """Make MedINST32 from the latest release: 32 test sets, the training sets without them, two mixtures.

    Example: medinst benchmark --export lm-eval
    """
    from pathlib import Path

    from flows.console.base import say_base
    from schemas.errors import EvaluationError
    from tasks.base.store.root import Root
    from tasks.build.builds.runs import refuse_unusable
    from tasks.model.benchmark.place import find

    place = Root(root)
    say_base(root)
    if export is not None and not place.is_local:
        raise EvaluationError(f"{place.url} is not a folder; lm-evaluation-harness reads test sets from a folder.")
    refuse_unusable(place)
    keeps("The benchmark that was there before stays.")
    from flows.console.progress import build_progress
    from flows.server import PrefectServer

    with build_progress(out()), PrefectServer() as server:
        from flows.benchmark import benchmark as benchmark_flow

        server.ready()
        release = benchmark_flow(root=root, profile=profile, seed=seed, collection=collection)
    from flows.console.mixture import show_overlap
    from flows.console.tables import benchmark_table
    from tasks.model.benchmark.tests import NO_EXAMPLES
    from tasks.model.benchmark.training import TRAINING

    made = find(place, release.version)
    out().print(benchmark_table(made.manifest.tasks))
    for name, reason in made.manifest.withheld.items():
        out().print(f"[yellow]·[/] {name}: {reason}", highlight=False)
    for name, test in made.manifest.tasks.items():
        if not test.examples:
            out().print(f"[yellow]·[/] {name}: {NO_EXAMPLES}.", highlight=False)
        if test.repeats:
            shared = f"{test.shares[test.repeats]:,} of {test.rows:,} samples"
            out().print(f"[yellow]·[/] {name}: {shared} are in {test.repeats} too.", highlight=False)
    shared = sum(bool(test.texts) for test in made.manifest.tasks.values())
    out().print(f"[yellow]·[/] {count(shared, 'test')} with texts that another test has too: the card lists them.")
    overlaps = {name: each.overlap for name, each in made.manifest.mixtures.items()}
    show_overlap(out(), {TRAINING: made.manifest.overlap, **overlaps})
    out().print(
        f"Benchmark [bold]{release.version}[/]: {count(release.tasks, 'test')}, {count(release.samples, 'sample')}"
    )
    out().print(f"At:        {release.uri}", highlight=False)
    if export is not None:
        from tasks.model.benchmark.harness import export_tasks

        tasks = export_tasks(made, Path(folder or place.uri("lm-eval", made.version)))
        out().print(f"Tasks:     {tasks}", highlight=False)
        out().print(f"Try:       lm_eval --model dummy --include_path {tasks} --tasks medinst32_zs --limit 2")
