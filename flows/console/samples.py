"""Records and samples as a person reads them."""

from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel

from schemas.errors import DeclarationError, MedinstError, did_you_mean
from schemas.receipts import Rendered
from schemas.state import Built, State
from schemas.task import HOW_ANSWERABLE
from sources import registry
from sources import tasks as declared_tasks
from tasks.base.store.frames import scan
from tasks.base.store.root import Root
from tasks.build.builds.state import newest


def show_samples(console: Console, name: str, count: int, root: str) -> None:
    """Print records of a source and a sample of each of its tasks, or samples of a task.

    Raises:
        DeclarationError: no source or task has the name.
        MedinstError: the newest build has nothing of it.
    """
    place = Root(root)
    if name in declared_tasks():
        source = declared_tasks()[name][0].id
        built = _built(newest(place), source)
        _samples(console, place, _rendered(built, name), count)
    elif name in registry():
        built = _built(newest(place), name)
        _records(console, place, built, count)
        for rendered in built.rendered:
            if not rendered.withheld:
                _samples(console, place, rendered, 1)
    else:
        near = did_you_mean(name, [*registry(), *declared_tasks()])
        raise DeclarationError(f"There is no source or task `{name}`{near}. See what is declared: medinst tasks")


def _built(state: State, source: str) -> Built:
    found = next((built for built in state.sources if built.source == source), None)
    if found is None or found.withheld or found.failed or not found.rendered:
        reason = (found.withheld or found.failed) if found else ""
        why = f": {reason}" if reason else ""
        raise MedinstError(f"The newest build has nothing of `{source}`{why}. Build it: medinst build {source}")
    return found


def _rendered(built: Built, task: str) -> Rendered:
    found = next((rendered for rendered in built.rendered if rendered.task == task), None)
    if found is None or found.withheld:
        reason = found.withheld if found else "it was not asked for"
        raise MedinstError(
            f"The newest build has no samples of `{task}`: {reason}. Build it: medinst build --task {task}"
        )
    return found


def _records(console: Console, root: Root, built: Built, count: int) -> None:
    for batch in built.batches:
        for split in batch.splits:
            path = root.local(f"{batch.place}/{batch.part}-{split}.parquet")
            for row in scan(path).head(count).collect().iter_rows(named=True):
                title = f"record {row['id']} · {batch.source}/{batch.part}/{split}"
                console.print(Panel("\n".join(_lines(row)), title=escape(title), title_align="left"))
            break


def _lines(row: dict[str, Any]) -> Iterator[str]:
    for name, value in row.items():
        if name == "id" or value in (None, [], ""):
            continue
        if isinstance(value, list) and value and isinstance(value[0], dict):
            yield f"[bold]{name}[/] ({len(value)})"
            yield from (f"  {escape(_annotation(item))}" for item in value[:12])
        else:
            yield f"[bold]{name}[/] {escape(str(value))}"


def _annotation(item: dict[str, Any]) -> str:
    if "spans" in item:
        spans = ",".join(f"{span['start']}-{span['end']}" for span in item["spans"])
        links = ", ".join(f"{link['database']}/{link['identifier']}" for link in item["links"])
        return f"{item['id']} {item['type']} {spans} {item['text']!r} {links}".rstrip()
    arguments = "; ".join(f"{each['role']}: {each['text']} ({each['target']})" for each in item.get("arguments", []))
    return f"{item.get('id', '')} {item.get('type', '')} {item.get('trigger', '')} {arguments}".strip()


def _samples(console: Console, root: Root, rendered: Rendered, count: int) -> None:
    task = declared_tasks()[rendered.task][1]
    if task.because:
        console.print(f"[yellow]{task.name} is {HOW_ANSWERABLE[task.answerable]}[/]: {escape(task.because)}")
    for split, tally in rendered.splits.items():
        if tally.kept:
            rows = scan([root.local(place) for place in rendered.files(split)]).head(count).collect()
            for row in rows.iter_rows(named=True):
                parts = (f"[bold]{name}[/]\n{escape(row[name])}" for name in ("instruction", "input", "output"))
                title = f"{rendered.task} · {split} · sample {row['id']} of record {row['record_id']}"
                console.print(Panel("\n\n".join(parts), title=escape(title), title_align="left"))
            return
