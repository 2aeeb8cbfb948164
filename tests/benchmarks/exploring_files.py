"""The explorer as files, in Chromium: `python -m tests.benchmarks.exploring_files [ROWS]`, on invented samples."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flows.explore import write_explorer
from tasks.base.store.root import Root
from tasks.tools.explore.offline.serve import served as files_of
from tests.benchmarks.exploring import ROWS, invented
from tests.benchmarks.measure import Meter, answer
from tests.support.browser import loopback_browser
from tests.support.explored import fill, served
from tests.support.medinst import wait_until
from tests.support.places import CHECKOUT

VIEWS: Mapping[str, str] = {
    "all samples": "/samples",
    "task and split": "/samples?task=BioRED&split=test",
    "label": "/samples?label=tissue",
    "length": "/samples?least=500&most=520",
    "a frequent word": "/samples?q=of",
    "a rare word in one split": "/samples?q=gland&split=train",
    "the last page": "/samples?page=6000",
}
"""What is asked for, after one list that starts DuckDB."""

ROUNDS = ("first", "again")
"""All views are asked for once, and then once more."""


def work(meter: Meter, arguments: list[str]) -> None:
    """Write the folder of that many samples, and look at its pages; CPU seconds leave the browser out."""
    rows = int(arguments[0]) if arguments else ROWS
    with tempfile.TemporaryDirectory(prefix="medinst-bench-") as name:
        folder = Path(name)
        fill(folder, invented(rows))
        with meter.measured("to write the folder"):
            write_explorer(None, Root(name), folder / "out", CHECKOUT / ".venv/npm", lambda _done, _total: None)
        with served(files_of(folder / "out"), wait_until) as page:
            for driver in loopback_browser(folder / "profile"):
                _look(driver, page, meter)


def _look(driver: Any, page: str, meter: Meter) -> None:
    with meter.measured("all tasks: the first view"):
        driver.get(f"{page}/")
        _shown(driver)
    with meter.measured("the first list, with the start of DuckDB"):
        _go(driver, "/samples?task=AnEM")
    for round_ in ROUNDS:
        for title, path in VIEWS.items():
            with meter.measured(f"{title}, {round_}"):
                _go(driver, path)


def _go(driver: Any, path: str) -> None:
    driver.execute_script(
        "document.getElementById('main').ariaBusy = 'waiting'; location.hash = arguments[0]", f"#{path}"
    )
    _shown(driver)


def _shown(driver: Any) -> None:
    """Wait in the page itself, which looks at each frame: asking from here would take longer than a filter."""
    driver.execute_async_script(
        "const done = arguments[0], main = document.getElementById('main');"
        "const look = () => main.ariaBusy === 'false' ? done() : requestAnimationFrame(look); look()"
    )


if __name__ == "__main__":
    answer(work)
