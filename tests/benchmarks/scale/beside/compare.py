"""Ours and other tools on the same rows: what each costs, and how much of what was planted it finds."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from tests.benchmarks.scale.beside import measures
from tests.benchmarks.scale.beside.abstracts import STEPS, Ours, Sizes, build, generate, hand_over
from tests.benchmarks.scale.beside.driver import FOUND, read
from tests.benchmarks.scale.beside.pairs import pairs
from tests.benchmarks.scale.beside.tools import LEAKS, NEAR, Tool, absent, find, version
from tests.benchmarks.scale.watch import Cost

Known = dict[str, Any]
PARTS = ("pairs", "near", "leaks")
OURS = "MedINST"


def beside(
    folder: Path, rows: int, mirror: Path, environment: dict[str, str], parts: Sequence[str] = PARTS
) -> dict[str, Known]:
    """Compare ours with others.

    Args:
        folder: scratch.
        rows: of all sources together, from which the sizes follow.
        mirror: with the pairs of SciELO, if they are compared.
        environment: of the processes, added to that of this one.
        parts: what is compared.

    Returns:
        the table of each part.
    """
    sizes, texts = Sizes.of(rows), folder / "abstracts"
    if {"near", "leaks"} & set(parts):
        generate(texts, sizes)
    made: dict[str, Callable[[], Known]] = {
        "pairs": lambda: pairs(mirror, folder, environment),
        "near": lambda: _near(texts, folder / "near", sizes, environment),
        "leaks": lambda: _leaks(texts, folder / "leaks", sizes, environment),
    }
    return {part: made[part]() for part in parts}


def _near(texts: Path, folder: Path, sizes: Sizes, environment: dict[str, str]) -> Known:
    ours = build(texts, folder, sizes.near, 0, environment)
    found = pl.concat([ours.dropped(), ours.found("near").select("id", "twin")])
    mine = _row(ours, "3 words, 64 hashes in 16 bands, verified to 0.7", measures.near(ours.ledger, found))
    return {"rows": sizes.near, **_beside(mine, ours, folder, NEAR, measures.near, environment)}


def _leaks(texts: Path, folder: Path, sizes: Sizes, environment: dict[str, str]) -> Known:
    ours = build(texts, folder, sizes.train, sizes.test, environment)
    tests = pl.read_parquet([ours.root.local(name) for name in ours.task.files("test")], columns=["id"])
    dropped = ours.dropped().join(tests, left_on="twin", right_on="id", how="semi")
    found = pl.concat([dropped.select("id"), ours.found("leaks").select(id="train_id")])
    mine = _row(ours, "13 words, and near duplicates", measures.leaks(ours.ledger, found))
    return {"rows": sizes.train, "tests": sizes.test, **_beside(mine, ours, folder, LEAKS, measures.leaks, environment)}


def _beside(
    mine: Known,
    ours: Ours,
    folder: Path,
    tools: Sequence[Tool],
    measure: Callable[[pl.DataFrame, pl.DataFrame], measures.Counts],
    environment: dict[str, str],
) -> Known:
    """Our row and those of the tools that are installed."""
    hand_over(ours, folder)
    rows, left_out = [mine], absent(tools)
    _say(mine)
    for number, tool in enumerate(tool for tool in tools if version(tool)):
        out = folder / f"{number}-{tool.name}"
        try:
            cost = find(tool, folder, out, environment)
        except RuntimeError as error:
            left_out.append(f"{tool.name} is left out ({tool.settings}): {error}")
            continue
        found = pl.DataFrame(list(read(out / FOUND)), {"id": pl.String, "twin": pl.String})
        name = f"{tool.name} {version(tool)}"
        row = {"tool": name, "settings": tool.settings, "cost": cost._asdict(), "found": measure(ours.ledger, found)}
        rows.append(row)
        _say(row)
    return {"tools": rows, "left out": left_out}


def _say(row: Known) -> None:
    """What is known so far: the tables come when all are done."""
    cost = Cost(**row["cost"])
    sys.stdout.write(
        f"{row['tool']}, {row['settings']}: {cost.cpu:.1f} CPU s, {cost.wall:.1f} s, {cost.peak / 1e6:.0f} MB, "
        f"{row['found']}\n"
    )
    sys.stdout.flush()


def _row(ours: Ours, settings: str, counts: measures.Counts) -> Known:
    steps = {step: ours.costs[step]._asdict() for step in STEPS if step in ours.costs}
    return {"tool": OURS, "settings": settings, "cost": ours.cost._asdict(), "steps": steps, "found": counts}
