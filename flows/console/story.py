"""medinst why: the story of one record or sample, from its bytes to the release or the reject that ends its way."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from schemas.cleaning import CLEAN_UPS
from tasks.tools.why.find import Key
from tasks.tools.why.story import Asked, Lost, Made, Story

SHOWN = 30
"""Records of one name, and rows of a view, that a terminal shows; `--json` gives all."""

SHORT = 160
"""Characters that are shown of a text."""


def show_choice(console: Console, name: str, keys: Sequence[Key]) -> None:
    """Print the records among which to choose."""
    console.print(f"{len(keys)} records are called `{escape(name)}`. Ask for one of them:", highlight=False)
    console.print(_choice(keys))


def show_story(console: Console, story: Story) -> None:
    """Print the story of a record."""
    for title, lines in _panels(story):
        console.print(Panel("\n".join(lines), title=escape(title), title_align="left"))


def _choice(keys: Sequence[Key]) -> Table:
    table = Table()
    table.add_column("medinst why …")
    for key in keys[:SHOWN]:
        table.add_row(escape(key.name))
    if len(keys) > SHOWN:
        table.add_row(f"and {len(keys) - SHOWN} more: medinst why --json …")
    return table


def _panels(story: Story) -> Iterator[tuple[str, list[str]]]:
    split = story.split or "in no split"
    yield f"record {story.record_id} · {story.source}/{story.part} · {split}", [*_source(story), *_record(story)]
    for task in story.tasks:
        yield f"task {task.task}", list(_task(task, story))


def _source(story: Story) -> Iterator[str]:
    yield f"[bold]source[/]   {escape(story.title)} · {escape(story.licence)}"
    for blob in story.files:
        copy = "" if blob.original else " · a miniature"
        yield f"[bold]file[/]     {escape(blob.name)} · {blob.bytes:,} bytes · {blob.trust}{copy}"
        yield f"         {escape(blob.url)}"
        yield f"         sha256 {blob.sha256}"


def _record(story: Story) -> Iterator[str]:
    if story.place is None:
        yield f"[bold]place[/]    not known: {escape(story.unplaced)}"
    else:
        place = story.place
        lines = f"line {place.lines[0]}" if place.lines[0] == place.lines[1] else "lines {}-{}".format(*place.lines)
        yield f"[bold]place[/]    {escape(place.member)}, {lines}, bytes {place.bytes[0]}-{place.bytes[1]}"
        yield f"         found {place.found}"
    yield f"[bold]read[/]     {_outcome(story.lost) if story.lost else '[green]kept[/] as a record'}"
    for each in story.cleaned:
        places = "1 place" if each.places == 1 else f"{each.places} places"
        yield f"[bold]cleaned[/]  {each.clean_up} in `{each.field}`, {places}: {CLEAN_UPS[each.clean_up]}"
        yield f"         {escape(repr(each.before))} → {escape(repr(each.after))}"


def _task(task: Asked, story: Story) -> Iterator[str]:
    if story.lost:
        yield "nothing to render: the record was not kept"
    elif task.withheld:
        yield f"not built: {escape(task.withheld)}"
    for lost in task.lost:
        yield f"[bold]render[/]   {_outcome(lost)}"
    for sample in task.samples:
        yield from _sample(sample, story)


def _sample(sample: Made, story: Story) -> Iterator[str]:
    mark = " ← asked for" if sample.id == story.asked_for else ""
    yield f"[bold]sample[/]   {sample.id} · {sample.split}{mark}"
    yield f"         {escape(_short(sample.input))}"
    yield f"         → {escape(_short(sample.output))}"
    yield f"[bold]then[/]     {_outcome(sample.lost) if sample.lost else '[green]kept[/]: no duplicate of another'}"
    if sample.answer and not sample.lost:
        yield "         its answer is made of all answers to this input:"
        yield f"         → {escape(_short(sample.answer))}"
    if not sample.lost:
        yield f"[bold]release[/]  {sample.release or 'not in the newest one'}"
    yield from _flags(sample.id, story)


def _flags(id_: str, story: Story) -> Iterator[str]:
    near = [row for row in story.near if id_ in (row["id"], row["twin"])]
    for row in near[:SHOWN]:
        other = (
            f"{row['twin_task']}/{row['twin_split']} {row['twin']}"
            if row["id"] == id_
            else f"{row['task']}/{row['split']} {row['id']}"
        )
        yield f"[bold]near[/]     [yellow]{row['similarity']:.2f}[/] like {escape(other)}"
    for row in [row for row in story.leaks if id_ in (row["test_id"], row["train_id"])][:SHOWN]:
        other = f"leaks into the test {row['test_task']} {row['test_id']}"
        if row["test_id"] == id_:
            other = f"is met in training by {row['train_task']} {row['train_id']}"
        yield f"[bold]leak[/]     [yellow]{escape(other)}[/] ({row['kind']}): {escape(_short(str(row['evidence'])))}"


def _outcome(lost: Lost) -> str:
    twin = f"; kept instead: {escape(lost.twin)}" if lost.twin else ""
    detail = f": {escape(lost.detail)}" if lost.detail else ""
    return f"[red]left out[/] ({lost.stage}), {escape(lost.reason)}{detail}{twin}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHORT else f"{line[:SHORT]} …"
