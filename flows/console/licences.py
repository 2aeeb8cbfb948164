"""What profiles hold and lose, for a terminal."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from schemas.state import State
from schemas.task import CATEGORIES
from tasks.base.licences.profiles import Contents, Extent, Lost
from tasks.base.licences.terms import joined
from tasks.tools.declare.articles import Article


def show_licences(console: Console, found: Sequence[Contents], state: State | None) -> None:
    """Print what profiles hold and lose."""
    console.print(_overview(found))
    console.print(_categories(found))
    for each in found:
        console.print(_words(each), highlight=False)
        for reason, lost in _by_reason(each).items():
            console.print(_lost_table(f"Lost against local, because {reason}", lost))
    if state is None:
        console.print("Nothing has been built yet, so nothing is counted: medinst build --mirror demo")
    else:
        console.print(f"Samples are those of the newest build, of profile `{state.order.profile}`.", highlight=False)


def show_articles(console: Console, articles: Sequence[Article]) -> None:
    """Print how many articles of each corpus have which licence."""
    table = Table(title="Full articles by the licence that PubMed Central lists", title_justify="left")
    for name in ("source", "licence"):
        table.add_column(name)
    table.add_column("articles", justify="right")
    table.add_column("commercial use")
    counts = Counter((each.source, each.licence, each.commercial) for each in articles)
    for (source, licence, commercial), number in sorted(counts.items()):
        table.add_row(source, licence, f"{number:,}", "yes" if commercial else "[yellow]no[/]")
    console.print(table)


def _overview(found: Sequence[Contents]) -> Table:
    table = Table(title="What each profile may hold", title_justify="left")
    table.add_column("profile")
    for name in ("sources", "tasks", "built", "samples", "lost sources", "lost samples"):
        table.add_column(name, justify="right")
    for name in ("pass on", "commercial", "share alike"):
        table.add_column(name)
    for each in found:
        extent = each.extent
        lost = None if extent.samples is None else sum(one.samples or 0 for one in each.lost)
        rights = (each.terms.redistribute, each.terms.commercial)
        table.add_row(
            each.profile,
            *map(_number, (extent.sources, extent.tasks, extent.built, extent.samples, len(each.lost), lost)),
            *("yes" if right else "[yellow]not all[/]" for right in rights),
            f"[yellow]{len(each.terms.share_alike)} licences[/]" if each.terms.share_alike else "none",
        )
    return table


def _categories(found: Sequence[Contents]) -> Table:
    table = Table(title="By category: tasks, and samples of the newest build", title_justify="left")
    table.add_column("category")
    for each in found:
        table.add_column(each.profile, justify="right")
    for category, words in CATEGORIES.items():
        extents = (each.categories[category] for each in found)
        table.add_row(words, *(_both(extent) for extent in extents))
    return table


def _words(each: Contents) -> str:
    """The terms of a profile as a whole, in a sentence or two."""
    if each.extent.built == 0:
        return f"The newest build has nothing for [bold]{each.profile}[/]."
    whole = "as a whole" if each.extent.built is None else "of the newest build"
    words = f"[bold]{each.profile}[/] {whole} has the licence `{each.terms.name}`."
    if each.terms.share_alike:
        words += f" Share-alike: {joined(licence.terms.title for licence in each.terms.share_alike)}."
    if each.terms.conflict:
        words += " These terms cannot be merged into one licence; each part keeps its own."
    return words


def _by_reason(each: Contents) -> dict[str, list[Lost]]:
    groups: dict[str, list[Lost]] = {}
    for one in each.lost:
        groups.setdefault(one.reason, []).append(one)
    return groups


def _lost_table(title: str, lost: Sequence[Lost]) -> Table:
    table = Table(title=escape(title), title_justify="left")
    for name in ("source", "licence"):
        table.add_column(name, no_wrap=name == "source")
    for name in ("tasks", "samples"):
        table.add_column(name, justify="right")
    table.add_column("evidence", overflow="fold")
    for one in lost:
        words = escape(f"{one.evidence.words} {one.evidence.url}")
        table.add_row(one.source, one.licence, _lost_tasks(one), _number(one.samples), words)
    return table


def _lost_tasks(one: Lost) -> str:
    return ", ".join([*([str(len(one.tasks))] if one.tasks else []), *one.splits])


def _both(extent: Extent) -> str:
    return str(extent.tasks) if extent.samples is None else f"{extent.tasks} ({extent.samples:,})"


def _number(value: int | None) -> str:
    return "–" if value is None else f"{value:,}"
