"""A mixture for a terminal: its tasks and shares, and what is left out."""

from collections.abc import Mapping

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from flows.console.words import count
from schemas.drawn import Overlaps
from schemas.manifest import MixtureManifest
from tasks.model.mixture.limits import LIMITED, limited


def show_mixture(console: Console, uri: str, manifest: MixtureManifest) -> None:
    """Print the tasks and shares of a mixture, and what is left out."""
    console.print(_table(manifest))
    left_out = {
        "would leak into a test": manifest.leaking,
        "too long or too short": sum(share.wrong_length for share in manifest.tasks.values()),
        "not training samples of the chosen tasks": manifest.foreign,
    }
    for reason, number in left_out.items():
        if number:
            console.print(f"[yellow]·[/] {count(number, 'sample')} left out: {reason}.", highlight=False)
    for kind, number in limited(manifest.tasks).items():
        console.print(f"[yellow]·[/] {count(number, 'sample')} left out: more {LIMITED[kind]} than the recipe allows.")
    for name, short in manifest.shortfalls.items():
        console.print(f"[red]·[/] {name}: quota {short.asked:,}, available {short.given:,}.", highlight=False)
    reasons = {**manifest.missing, **manifest.withheld}
    for reason in dict.fromkeys(reasons.values()):
        tasks = [task for task, why in reasons.items() if why == reason]
        console.print(f"[yellow]·[/] {count(len(tasks), 'task')}: {escape(reason)}", highlight=False)
    console.print(
        f"Mixture [bold]{manifest.recipe.name}[/] {manifest.version}: {count(len(manifest.tasks), 'task')}, "
        f"{manifest.samples:,} samples, {manifest.tokens:,} tokens ({manifest.counted}), licence {manifest.licence}"
    )
    instructions = 100 * manifest.instruction_tokens / max(1, manifest.tokens)
    console.print(f"Instructions take {instructions:.1f} % of the tokens.", highlight=False)
    show_overlap(console, {"this mixture": manifest.overlap})
    console.print(f"At:      {uri}", highlight=False)
    console.print(f"Picture: {uri}/mixture.svg", highlight=False)


def show_overlap(console: Console, sets: Mapping[str, Overlaps]) -> None:
    """Print how many test texts of which test are in some training sets."""
    for name, found in sets.items():
        texts = {test: each.texts for test, each in found.items() if each.texts}
        rows, samples = (sum(getattr(each, field) for each in found.values()) for field in ("rows", "samples"))
        console.print(
            f"Test texts in {name}: {sum(texts.values()):,} of {samples:,} samples of {count(len(found), 'test')}; "
            f"{rows:,} times a training sample leaks into a test.",
            highlight=False,
        )
        for test, number in texts.items():
            console.print(f"[yellow]·[/] {test}: {number:,} of {found[test].samples:,}", highlight=False)


def _table(manifest: MixtureManifest) -> Table:
    recipe = manifest.recipe
    table = Table(title=f"{recipe.name}: rows and tokens", title_justify="left")
    for name in ("task", "category", "licence"):
        table.add_column(name)
    few_shot = ["with examples"] * bool(recipe.few_shot)
    for name in ("candidates", "rows", "%", "tokens", "%", "tokens a row", *few_shot):
        table.add_column(name, justify="right")
    for task, share in sorted(manifest.tasks.items(), key=lambda item: (-item[1].rows, item[0])):
        numbers = [
            f"{share.held:,}",
            f"{share.rows:,}",
            f"{100 * share.rows / manifest.samples:.2f}",
            f"{share.tokens:,}",
            f"{100 * share.tokens / max(1, manifest.tokens):.2f}",
            f"{share.tokens / share.rows:.0f}",
            *[f"{share.few_shot:,}" for _ in few_shot],
        ]
        table.add_row(task, share.category, share.licence, *numbers)
    return table
