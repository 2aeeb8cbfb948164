"""Why some files are known in one place only, so that their sources are withheld when that fails."""

import csv
from functools import cache

from expectations import FOLDER


@cache
def one_address() -> dict[str, str]:
    """expectations/one_address.csv: source -> why some of its files have no second address, or none elsewhere."""
    with (FOLDER / "one_address.csv").open(encoding="utf-8", newline="") as file:
        return {row["source"]: row["reason"] for row in csv.DictReader(file)}
