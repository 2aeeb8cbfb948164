"""medinst benchmark."""

from pathlib import Path

from rich.console import Console
from rich.table import Table

from flows.benchmark import benchmark
from schemas.errors import EvaluationError
from schemas.licence import Profile
from schemas.settings import Settings
from tasks.base.store.root import Root
from tasks.build.builds.state import newest
from tasks.model.benchmark.place import find


def run(console: Console, profile: Profile, seed: int, export: str | None, out: str | None, root: str | None) -> int:
    """Write the benchmark and say what it holds.

    Returns:
        exit code 0; what goes wrong is raised.
    """
    place = Root(root or Settings().root)
    newest(place)  # before Prefect starts, which takes a while
    release = benchmark(root=root, profile=profile, seed=seed)
    made = find(place, release.version)
    console.print(_table(made.tests))
    for name, reason in made.said["withheld"].items():
        console.print(f"[yellow]·[/] {name}: {reason}", highlight=False)
    console.print(f"Benchmark [bold]{release.version}[/]: {release.tasks} tests, {release.samples:,} samples")
    console.print(f"At:        {release.uri}", highlight=False)
    if export is not None:
        if not place.is_local:
            raise EvaluationError(f"{place.url} is no folder; lm-evaluation-harness reads test sets from a folder.")
        from tasks.model.benchmark.harness import export_tasks

        folder = export_tasks(made, place, Path(out or place.uri("lm-eval", made.version)))
        console.print(f"Tasks:     {folder}", highlight=False)
        console.print(f"Try:       lm_eval --model dummy --include_path {folder} --tasks medinst32_zs --limit 2")
    return 0


def _table(tests: dict[str, dict[str, object]]) -> Table:
    table = Table(title="MedINST32", title_justify="left")
    for name in ("test", "category", "answers", "tier"):
        table.add_column(name)
    for name in ("samples", "paper's"):
        table.add_column(name, justify="right")
    for task, test in tests.items():
        tier = test["tier"]
        assert isinstance(tier, dict)
        texts = (task, test["category"], test["form"], tier["name"], f"{test['rows']:,}", f"{test['size']:,}")
        table.add_row(*map(str, texts))
    return table
