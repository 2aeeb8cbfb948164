"""What an agent is given of a query has a limit, whatever the query asks for."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tasks.tools.agents import answers
from tasks.tools.agents.answers import ROWS, WHOLE, Desk


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Desk:
    @contextmanager
    def ask(_root: object, query: str, *_: object) -> Iterator[Any]:
        yield duckdb.connect().execute(query)

    monkeypatch.setattr(answers, "ask", ask)
    return Desk(str(tmp_path))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT range(300000) AS x",
        "SELECT list(repeat('word ', 900)) AS x FROM range(500)",
        "SELECT map_from_entries(list((i::VARCHAR, repeat('a', 3000)))) AS x FROM range(90) AS t(i)",
        "SELECT [range(150), range(150)] AS x, repeat('a', 99999) AS y FROM range(900)",
    ],
)
def test_what_is_given_is_bounded_and_says_what_is_missing(query: str, desk: Desk) -> None:
    found = desk.sql(query)
    said = json.dumps(found, ensure_ascii=False)
    assert len(said) < WHOLE + 2_000
    assert " more" in said


def test_a_short_list_is_whole(desk: Desk) -> None:
    assert desk.sql(f"SELECT range({ROWS}) AS x")["rows"] == [[list(range(ROWS))]]


def test_half_a_character_is_asked_for_as_another(desk: Desk) -> None:
    assert desk.sql("SELECT 'a\ud800' AS x")["rows"] == [["a?"]]
