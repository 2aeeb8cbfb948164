"""The 32 held-out tasks, read from expectations/medinst32.csv."""

import csv
from functools import cache

from expectations import FOLDER
from schemas.benchmark import Held

_FILE = FOLDER / "medinst32.csv"


@cache
def held_out() -> dict[str, Held]:
    """The held-out tasks by name, in the order of the paper."""
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
