"""medinst check."""

from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.options import ROOT, RootOption
from flows.console.output import out
from flows.console.words import count

if TYPE_CHECKING:
    from pathlib import Path

    from tasks.base.paper.counts import Counts
    from tasks.build.builds.build import Build


def check(
    update: Annotated[
        bool, typer.Option("--update", help="Write the newest build's counts as the expected ones.")
    ] = False,
    root: RootOption = ROOT,
) -> int:
    """Check all declarations, and the newest build's counts against the expected ones.

    Example: medinst check; after a change of the sources: medinst check --update
    """
    from flows.console.checkout import checkout, is_checkout
    from sources import folders
    from tasks.tools.declare.faults import faults, strangers

    if not folders():
        checkout("medinst check")
    checked = _checked()
    wrong = [f"{name}: {fault}" for name in checked for fault in faults(name)]
    wrong += strangers() if is_checkout() else ()
    wrong += _counts(update, root)
    for fault in wrong:
        out().print(f"[red]·[/] {fault}", highlight=False)
    out().print(f"{count(len(checked), 'source')} checked, {count(len(wrong), 'fault')}")
    return 1 if wrong else 0


def _checked() -> list[str]:
    """The sources of a checkout, and one's own; of an installed program only these."""
    from flows.console.checkout import is_checkout
    from sources import registry

    return [name for name, source in registry().items() if source.own or is_checkout()]


def _counts(update: bool, root: str) -> list[str]:
    """Differences of the newest build's counts from the expected ones; none after an update."""
    from pathlib import Path

    from schemas.errors import MedinstError
    from schemas.receipts import ORIGIN
    from tasks.base.paper import counted_on, counts
    from tasks.base.store.root import Root, is_local
    from tasks.build.builds.build import Build
    from tasks.build.builds.state import load_state

    state = load_state(Root(root))
    if state is None:
        if update:
            raise MedinstError(f"Nothing has been built in {root} that could be counted. Build first: medinst build")
        return []
    build = Build(state)
    found = build.counts
    if not update:
        _say_new(build)
        return counts.differences(build.expected, found)
    mirror = next((mirror for mirror in state.order.mirrors if mirror != ORIGIN), "")
    if not build.is_original and not is_local(mirror):
        raise MedinstError(
            f"The counts would be written to the mirror that was built from, {mirror}, which is not a folder on this "
            f"machine. Copy it here, build with `--mirror <folder>`, then: medinst check --update"
        )
    for path, tasks in _files(found, None if build.is_original else Path(counts.counts_of(mirror))).items():
        before = counts.parse(path.read_text(encoding="utf-8")) if path.exists() else {}
        path.write_text(counts.write(before | tasks), encoding="utf-8")
        written = path.name
        if build.is_original:
            beside = path.with_name(counted_on.FILE)
            marks = counted_on.load(beside) | {task: build.read_from[task] for task in tasks}
            beside.write_text(counted_on.write(marks), encoding="utf-8")
            written += f", and the files that they were counted on to {beside.name}"
        out().print(f"Wrote the counts of {count(len(tasks), 'task')} to {written}; look at the difference: git diff")
    return []


def _files(found: "Counts", mirror: "Path | None") -> "dict[Path, Counts]":
    """Where counts are kept -> those that belong there: with the mirror, or with the declarations of their sources."""
    from sources import FOLDER, home
    from sources import tasks as declared_tasks
    from tasks.base.paper import counts

    files: dict[Path, Counts] = {}
    for task, rows in found.items():
        folder = home(declared_tasks()[task][0].id)
        path = mirror or (counts.COMMITTED if folder == FOLDER else folder / counts.COUNTS)
        files.setdefault(path, {})[task] = rows
    return files


def _say_new(build: "Build") -> None:
    """Name the tasks of the publishers' files that were made from bytes which were never counted."""
    new = sorted(task for task, each in build.outcomes.items() if each.rendered.original and task not in build.expected)
    if new:
        out().print(
            f"{count(len(new), 'task')} of files that were not counted yet, so held against no count: {', '.join(new)}"
            ". To count them: medinst check --update",
            highlight=False,
        )
