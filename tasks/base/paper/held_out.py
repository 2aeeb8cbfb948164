"""The held-out tasks: the 32 of the paper, from expectations/medinst32.csv, and those that other sources declare."""

import csv
from functools import cache

from expectations import FOLDER
from schemas.base import Collections
from schemas.benchmark import Held
from sources import registry

_FILE = FOLDER / "medinst32.csv"


def held_out(collection: Collections = "all") -> dict[str, Held]:
    """The held-out tasks by name: those of the paper in its order, then those of other sources by name of the source.

    Args:
        collection: whose.
    """
    paper = _of_paper() if collection in ("paper", "all") else {}
    return paper | {
        task: Held(task=task, splits=splits)
        for source in registry().values()
        if collection in (source.collection, "all")
        for task, splits in source.tests.items()
    }


@cache
def _of_paper() -> dict[str, Held]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {
            row["task"]: Held(
                task=row["task"],
                metric=row["metric"],
                splits=tuple(row["splits"].split("+")),  # pyright: ignore[reportArgumentType]
                size=int(row["size"]),
            )
            for row in csv.DictReader(file)
        }
