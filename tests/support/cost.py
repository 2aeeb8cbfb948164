"""A pytest plugin: what each test costs in CPU seconds; one that costs much without saying so by a mark is listed.

CPU seconds, not seconds on the clock: they vary less on a busy machine. They still differ several times between
machines, and on one that shares its processor with others, so no test fails by its cost. What a fixture costs is shared
by whoever uses it, and counted apart.
"""

import os
from collections.abc import Iterator

import pytest
from hypothesis.internal.charmap import charmap

MARKS = {1.0: "heavy", 10.0: "slow"}
"""From so many CPU seconds on a test needs this mark; the highest that fits is the one."""
PLACES = {"integration": "heavy", "corpora": "slow", "models": "slow"}
"""The mark that a test has by its folder."""
_SETUP, _SECONDS = pytest.StashKey[float](), pytest.StashKey[float]()


def cpu() -> float:
    """The CPU seconds of this process so far, and of its children that ended."""
    return sum(os.times()[:4])


def pytest_collection_finish() -> None:
    """Make Hypothesis's table of characters, for a second of CPU time, before any test draws a text."""
    charmap()


def needed(seconds: float) -> str | None:
    """The mark that a test of this cost needs."""
    return next((mark for least, mark in sorted(MARKS.items(), reverse=True) if seconds > least), None)


def lacking(seconds: float, marks: set[str]) -> str | None:
    """The mark that a test of this cost lacks; a mark for more is not a lack."""
    order = [mark for _, mark in sorted(MARKS.items())]
    wanted = needed(seconds)
    return wanted if wanted and not marks & {*order[order.index(wanted) :]} else None


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--cpu", type=int, default=0, metavar="N", help="list the N tests with the most CPU seconds")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark tests by where they lie. Of several workers, none shall wait at the end: files with slow tests begin."""
    for item in items:
        for place, mark in PLACES.items():
            if place in item.path.parts:
                item.add_marker(mark)
    if hasattr(config, "workerinput"):
        slow = {item.path for item in items if item.get_closest_marker("slow")}
        items.sort(key=lambda item: item.path not in slow)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    before = cpu()
    try:
        return (yield)
    finally:
        item.stash[_SETUP] = cpu() - before


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    before = cpu()
    try:
        return (yield)
    finally:
        item.stash[_SECONDS] = cpu() - before


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report: pytest.TestReport = yield
    if call.when != "call":
        return report
    seconds = item.stash[_SECONDS]
    marks = {mark.name for mark in item.iter_markers()}
    report.user_properties += [("cpu", seconds), ("setup", item.stash[_SETUP]), ("lacks", lacking(seconds, marks))]
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [
        (dict(report.user_properties), report.nodeid)
        for status in ("passed", "failed")
        for report in terminalreporter.stats.get(status, ())
        if report.when == "call"
    ]
    if shown := terminalreporter.config.getoption("cpu"):
        terminalreporter.section("CPU seconds")
        for line in listed([(told.get("cpu", 0.0), told.get("setup", 0.0), name) for told, name in reports], shown):
            terminalreporter.line(line)
    for told, name in reports:
        if told.get("lacks"):
            terminalreporter.line(
                f"{name} took {told['cpu']:.1f} CPU seconds: make it cheaper, or mark it @pytest.mark.{told['lacks']}"
            )


def listed(costs: list[tuple[float, float, str]], most: int) -> Iterator[str]:
    """The files and the tests that cost the most: in the tests, and in the fixtures that were set up for them."""
    files: dict[str, list[float]] = {}
    for test, setup, name in costs:
        both = files.setdefault(name.partition("::")[0], [0.0, 0.0])
        both[0] += test
        both[1] += setup
    yield "    test  fixtures"
    for rows in ([("", *map(sum, zip(*files.values(), strict=True)))], [(name, *both) for name, both in files.items()]):
        for name, test, setup in sorted(rows, key=lambda row: -row[1] - row[2])[:most]:
            yield f"{test:8.2f}  {setup:8.2f}  {name or 'all'}"
    for test, setup, name in sorted(costs, reverse=True)[:most]:
        yield f"{test:8.2f}  {setup:8.2f}  {name}"
