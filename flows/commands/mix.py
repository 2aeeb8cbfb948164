"""medinst mix."""

from collections.abc import Callable, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from flows.mix import mix
from schemas.mixture import Recipe
from schemas.settings import Settings
from sources import tasks as declared_tasks
from tasks.base.paper.held_out import held_out
from tasks.base.store.root import Root
from tasks.base.store.versions import MANIFEST
from tasks.build.builds.state import newest
from tasks.model.mixture.counting import counter
from tasks.model.mixture.recipe import load
from tasks.model.mixture.selection import choose
from tasks.model.mixture.write import MIXTURES


def run(
    console: Console,
    asked: str,
    changes: Sequence[str],
    root: str | None,
    out: str | None,
    print_json: Callable[[Any], None] | None,
) -> int:
    """Draw a mixture and say what it holds.

    Returns:
        exit code: 0, or 1 where a quota could not be met; what goes wrong is raised.
    """
    recipe = load(asked, changes)
    _check(recipe, root)
    release = mix(recipe=recipe, root=root, out=out)
    place = Root(out or root or Settings().root)
    said = place.read_json(f"{MIXTURES}/{recipe.name}/{release.version}/{MANIFEST}")
    if print_json is not None:
        print_json({"uri": release.uri, **{name: value for name, value in said.items() if name != "files"}})
    else:
        _show(console, release.uri, said)
    return 1 if said["shortfalls"] else 0


def _check(recipe: Recipe, root: str | None) -> None:
    """Find what is wrong before Prefect starts, which takes a while."""
    choose(recipe, declared_tasks(), held_out())
    counter(recipe.tokenizer)
    newest(Root(root or Settings().root))


def _show(console: Console, uri: str, said: dict[str, Any]) -> None:
    console.print(_table(said))
    left_out = {
        "leak into a test": said["leaking"],
        "are too long or too short": sum(share["wrong_length"] for share in said["tasks"].values()),
        "are no training samples of the chosen tasks": said["foreign"],
    }
    for reason, number in left_out.items():
        if number:
            console.print(f"[yellow]·[/] {number:,} samples {reason} and are left out.", highlight=False)
    for name, short in said["shortfalls"].items():
        console.print(f"[red]·[/] {name}: quota {short['asked']:,}, there are {short['given']:,}.", highlight=False)
    reasons = {**said["missing"], **said["withheld"]}
    for reason in dict.fromkeys(reasons.values()):
        tasks = [task for task, why in reasons.items() if why == reason]
        console.print(f"[yellow]·[/] {len(tasks)} tasks: {escape(reason)}", highlight=False)
    console.print(
        f"Mixture [bold]{said['recipe']['name']}[/] {said['version']}: {len(said['tasks'])} tasks, "
        f"{said['samples']:,} samples, {said['tokens']:,} tokens ({said['counted']}), licence {said['licence']}"
    )
    console.print(f"At:      {uri}", highlight=False)
    console.print(f"Picture: {uri}/mixture.svg", highlight=False)


def _table(said: dict[str, Any]) -> Table:
    recipe = said["recipe"]
    table = Table(title=f"{recipe['name']}: rows and tokens", title_justify="left")
    for name in ("task", "category", "licence"):
        table.add_column(name)
    few_shot = ["with examples"] * bool(recipe["few_shot"])
    for name in ("candidates", "rows", "%", "tokens", "%", "tokens a row", *few_shot):
        table.add_column(name, justify="right")
    for task, share in sorted(said["tasks"].items(), key=lambda item: (-item[1]["rows"], item[0])):
        numbers = [
            f"{share['held']:,}",
            f"{share['rows']:,}",
            f"{100 * share['rows'] / said['samples']:.2f}",
            f"{share['tokens']:,}",
            f"{100 * share['tokens'] / max(1, said['tokens']):.2f}",
            f"{share['tokens'] / share['rows']:.0f}",
            *[f"{share['few_shot']:,}" for _ in few_shot],
        ]
        table.add_row(task, share["category"], share["licence"], *numbers)
    return table
