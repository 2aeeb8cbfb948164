"""docs/reliability.md: each fault names a test, each test is there, and each row has its figure."""

import ast
import json
import re
from functools import cache
from pathlib import Path

import pytest

from tests.support.places import CHECKOUT
from tests.support.tried import COUNTS, PAGE, rewritten

TABLE = re.compile(r"^\| (?!---|Fault )(.+) \|$", re.MULTILINE)
ROWS = [row.split(" | ") for row in TABLE.findall((CHECKOUT / "docs" / "reliability.md").read_text())]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
FIGURE = re.compile(r"(\d+), \1")


@cache
def named_in(path: Path) -> frozenset[str]:
    return frozenset(node.name for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:40])
def test_a_row_names_a_test_that_is_there(row: list[str]) -> None:
    assert len(row) == 4, "fault, what happens, test, tried and held"
    named = NAMED.findall(row[2])
    assert named, f"{row[2]} names no test"
    for file, test in named:
        assert (CHECKOUT / file).exists(), file
        assert test in named_in(CHECKOUT / file), f"{file} has no {test}"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:40])
def test_what_was_tried_held(row: list[str]) -> None:
    assert FIGURE.fullmatch(row[3]), row[3]


def test_no_fault_is_told_twice() -> None:
    assert len(ROWS) > 40
    assert len({row[0] for row in ROWS}) == len(ROWS)


@pytest.mark.skipif(not COUNTS.exists(), reason="make reliability has counted nothing yet")
def test_the_figures_are_those_that_the_tests_counted() -> None:
    page = PAGE.read_text("utf-8")
    assert rewritten(page, json.loads(COUNTS.read_text("utf-8"))) == page, "write them: make reliability"


def test_a_figure_is_the_sum_of_the_cases_of_its_tests() -> None:
    page = "| a | b | `tests/x.py::test_a`, `tests/x.py::test_b` | 1, 1 |\n| c | d | `tests/x.py::test_c` | 7, 7 |\n"
    counts = {"tests/x.py::test_a": (3, 3), "tests/x.py::test_b": (2, 1)}
    assert rewritten(page, counts) == page.replace("1, 1", "5, 4")
