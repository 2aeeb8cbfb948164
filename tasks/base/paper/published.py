"""Results that the paper reports (Han et al., 2024), measured by its authors on the published test sets."""

import csv
from functools import cache
from typing import NamedTuple

from expectations import FOLDER

_FILE = FOLDER / "published.csv"


class Published(NamedTuple):
    """One reported number."""

    task: str
    metric: str
    model: str
    value: float


@cache
def published() -> tuple[Published, ...]:
    """The reported numbers, in the order of expectations/published.csv."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Published(row["task"], row["metric"], row["model"], float(row["value"])) for row in csv.DictReader(file)
        )
