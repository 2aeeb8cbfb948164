"""docs/reliability.md: each fault names a test, each test is there, and each row has its figure."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.support.places import CHECKOUT

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
