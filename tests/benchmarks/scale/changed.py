"""`python -m tests.benchmarks.scale.changed ROOT FOLDER`: an audit after a small change, beside one from scratch.

The samples of a build are linked into a root of their own, indexed and audited from scratch; then some training samples
of one task get other texts, its index is made again, and the audit too, which finds the earlier one.
"""

import argparse
import os
import shutil
from pathlib import Path

import polars as pl
from rich.console import Console
from rich.table import Table

from schemas.receipts import Kept, Rendered
from schemas.state import Built, State
from tasks.base.store.frames import read
from tasks.base.store.parquet import OPTIONS
from tasks.base.store.root import Root
from tasks.build.builds.build import Build
from tasks.build.builds.state import load_state
from tests.benchmarks.scale.staged import STATE, receipts, run
from tests.benchmarks.scale.watch import Cost

STAGES = ("index", "audit")
MARK = "changed"


def main() -> None:
    """Measure both, and print what the second costs of the first."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.scale.changed", description=__doc__)
    parser.add_argument("root", help="root of a build")
    parser.add_argument("folder", type=Path, help="scratch; nothing of the root is changed")
    parser.add_argument("--share", type=float, default=0.01, help="of all samples, how many get another text [0.01]")
    given = parser.parse_args()
    folder = given.folder.resolve() / MARK
    state = load_state(Root(given.root))
    if state is None:
        raise SystemExit(f"`{given.root}` holds no build: medinst build --root {given.root}")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        _write(folder, linked(state, Root(given.root), folder / "root"))
        whole = _run(folder)
        due = round(given.share * sum(_kept(outcome.kept) for outcome in Build(state).outcomes.values()))
        after, task = changed(receipts(folder), due)
        _write(folder, after)
        _report(whole, _run(folder), f"{due:,} training samples of {task}")
    finally:
        shutil.rmtree(folder)


def linked(state: State, root: Root, folder: Path) -> State:
    """The same build in another root on the same disk, with its samples alone."""
    for each in (each for outcome in Build(state).outcomes.values() for each in outcome):
        if not (folder / each.place).exists():
            shutil.copytree(root.local(each.place), folder / each.place, copy_function=os.link)
    sources = tuple(built.model_copy(update={"indexed": ()}) for built in state.sources)
    order = state.order.model_copy(update={"root": str(folder)})
    return state.model_copy(update={"order": order, "sources": sources, "audit": None})


def changed(state: State, due: int) -> tuple[State, str]:
    """A build of which so many training samples of one task have other texts, and the name of the task.

    It is the first task that has twice as many: the words of some of its inputs stand in the opposite order.
    """
    root = Root(state.order.root)
    fit = (
        (built, *outcome)
        for built in state.sources
        for outcome in Build(state).outcomes.values()
        if outcome.kept.source == built.source
        and "train" in outcome.kept.splits
        and outcome.kept.splits["train"].kept >= 2 * due
    )
    built, rendered, kept = next(fit)
    places = {each.place: f"{each.place}-{MARK}" for each in (rendered, kept)}
    for place, new in places.items():
        shutil.copytree(root.local(place), root.local(new), copy_function=os.link)
    file = root.local(rendered.files("train")[0].replace(rendered.place, places[rendered.place]))
    rows = read(file)
    some = pl.int_range(pl.len()) < due
    turned = pl.col("input").str.split(" ").list.reverse().list.join(" ")
    rows = rows.with_columns(input=pl.when(some).then(turned).otherwise("input"))
    file.unlink()  # a link to the file of the build
    rows.write_parquet(file, **OPTIONS)

    def renamed(each: Rendered | Kept) -> Rendered | Kept:
        if each.place not in places:
            return each
        return each.model_copy(update={"fingerprint": f"{each.fingerprint}-{MARK}", "place": places[each.place]})

    new = built.model_copy(
        update={"rendered": tuple(map(renamed, built.rendered)), "kept": tuple(map(renamed, built.kept))}
    )
    return _with(state, new), rendered.task


def _with(state: State, new: Built) -> State:
    sources = tuple(new if built.source == new.source else built for built in state.sources)
    return state.model_copy(update={"sources": sources, "audit": None})


def _kept(kept: Kept) -> int:
    return sum(tally.kept for tally in kept.splits.values())


def _write(folder: Path, state: State) -> None:
    (folder / STATE).write_text(state.model_dump_json(), encoding="utf-8")


def _run(folder: Path) -> dict[str, Cost]:
    return {name: cost for stage in STAGES for name, cost in run(folder, stage, {}).items()}


def _report(whole: dict[str, Cost], after: dict[str, Cost], what: str) -> None:
    table = Table("CPU s", "from scratch", "after a change", "share", title=what)
    for name, cost in whole.items():
        table.add_row(name, f"{cost.cpu:.1f}", f"{after[name].cpu:.1f}", f"{after[name].cpu / cost.cpu:.0%}")
    one, other = (sum(cost.cpu for cost in costs.values()) for costs in (whole, after))
    table.add_row("all", f"{one:.1f}", f"{other:.1f}", f"{other / one:.0%}")
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
