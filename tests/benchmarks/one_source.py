"""One source on real files; started with its id and the mirror."""

import tempfile
from pathlib import Path

from schemas.settings import Settings
from sources import find
from tasks.build.fetch.source import fetch_source
from tests.benchmarks import data_path
from tests.benchmarks.measure import Meter, answer


def work(meter: Meter, arguments: list[str]) -> None:
    """Fetch and take the data path."""
    source, mirror = find(arguments[0]), arguments[1]
    with tempfile.TemporaryDirectory(prefix="medinst-bench-") as folder:
        root = Path(folder)
        with meter.measured("fetch"):
            fetched = fetch_source(source, data_path.order(root, mirror), Settings())
        data_path.run(source, fetched, root, meter)


if __name__ == "__main__":
    answer(work)
