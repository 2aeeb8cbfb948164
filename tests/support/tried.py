"""What docs/reliability.md counts: how often each fault was tried, and how often its guarantee held.

A test case is one try, unless it says how many it holds: `record_property("tried", 8)`. `make reliability` runs the
tests that the page names, keeps their counts in `build/tried.json`, and writes them into the page. With that file, a
contract test compares the page with it.
"""

import json
import re
import sys
from collections import Counter

import pytest

from tests.support.places import CHECKOUT

PAGE = CHECKOUT / "docs" / "reliability.md"
COUNTS = CHECKOUT / "build" / "tried.json"
NAMED = re.compile(r"`(tests/[\w/]+\.py::test_\w+)`")
ROW = re.compile(r"^\| (?!---|Fault ).+ \| (\d+, \d+) \|$", re.MULTILINE)

Counts = dict[str, tuple[int, int]]
"""Test -> how often it was tried, and held."""


class Counting:
    """A pytest plugin that counts."""

    def __init__(self) -> None:
        self.tried: Counter[str] = Counter()
        self.held: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a case that ran; one that is skipped does not count."""
        if report.when == "call" and not report.skipped:
            number = int(dict(report.user_properties).get("tried", 1))  # pyright: ignore[reportArgumentType]
            name = report.nodeid.partition("[")[0]
            self.tried[name] += number
            self.held[name] += number * report.passed

    @property
    def counts(self) -> Counts:
        """What was counted."""
        return {name: (number, self.held[name]) for name, number in sorted(self.tried.items())}


def figure(row: str, counts: Counts) -> str | None:
    """The figure of a row of the page; None where a test of it was not run."""
    named = NAMED.findall(row)
    if not named or not all(name in counts for name in named):
        return None
    return ", ".join(str(sum(counts[name][side] for name in named)) for side in (0, 1))


def rewritten(page: str, counts: Counts) -> str:
    """The page with the figures that were counted."""
    return ROW.sub(lambda row: row[0].replace(f"| {row[1]} |", f"| {figure(row[0], counts) or row[1]} |"), page)


def main() -> int:
    """Run the tests, keep what they count, and write it into the page."""
    page, counting = PAGE.read_text("utf-8"), Counting()
    code = pytest.main(["-q", "-n0", *dict.fromkeys(NAMED.findall(page))], plugins=[counting])
    COUNTS.parent.mkdir(exist_ok=True)
    COUNTS.write_text(json.dumps(counting.counts, indent=1), "utf-8")
    PAGE.write_text(rewritten(page, counting.counts), "utf-8")
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
