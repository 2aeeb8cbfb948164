"""How long the queries of docs/data-model.md take on a catalogue, each on a connection of its own."""

import re
import time
from typing import Any

import numpy as np

from tasks.base.store.root import Root
from tasks.build.catalogue.query import ask
from tests.support.places import CHECKOUT

PAGE = CHECKOUT / "docs" / "data-model.md"
TIMES = 5


def answered(root: Root) -> dict[str, Any]:
    """The seconds of each query, by its first line, and of all of them the 95th percentile."""
    found = {_title(query): [_seconds(root, query) for _ in range(TIMES)] for query in documented()}
    every = [seconds for several in found.values() for seconds in several]
    return {"p95": float(np.percentile(every, 95)), "queries": found}


def documented() -> list[str]:
    """The queries of the page."""
    return re.findall(r"^```sql\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def _title(query: str) -> str:
    return " ".join(query.split())[:70]


def _seconds(root: Root, query: str) -> float:
    started = time.perf_counter()
    with ask(root, query) as connection:
        connection.fetchall()
    return time.perf_counter() - started
