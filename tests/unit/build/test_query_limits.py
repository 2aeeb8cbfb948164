"""What a query may take: time, memory, and nothing of the terminal."""

import json
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from flows.cli import app
from schemas.errors import QueryError
from tasks.base.store.root import Root
from tasks.build.catalogue.file import PLACE
from tasks.build.catalogue.query import ask

LONG = "SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE a.range + b.range = 3"
HOSTILE = "SELECT chr(27) || '[31mred' || chr(27) || ']0;title' || chr(7) || chr(8238) || 'evil' || chr(155) AS text"


@pytest.fixture
def root(tmp_path: Path) -> Root:
    (tmp_path / "catalogue").mkdir()
    duckdb.connect(tmp_path / PLACE).close()
    return Root(str(tmp_path))


def sql(root: Root, *arguments: str):
    return CliRunner().invoke(app, ["sql", *arguments, "--root", root.url])


def test_a_query_that_takes_too_long_is_given_up(root: Root) -> None:
    with pytest.raises(QueryError, match=r"within 0\.2 s, found none.*--timeout"), ask(root, LONG, seconds=0.2):
        pass
    given_up = sql(root, LONG, "--timeout", "0.2")
    assert given_up.exit_code == 1
    assert "given up" in given_up.stderr


def test_the_time_of_a_quick_query_does_not_run_out_later(root: Root) -> None:
    with ask(root, "SELECT 1", seconds=600) as answer:
        assert answer.fetchall() == [(1,)]


def test_a_query_that_needs_too_much_memory_is_told(root: Root) -> None:
    big = "SELECT list(i) FROM range(200000000) t(i)"
    with pytest.raises(QueryError, match=r"memory did not suffice.*--memory"), ask(root, big, memory="64MB") as answer:
        answer.fetchall()
    assert "Memory must have a number" in sql(root, "SELECT 1", "--memory", "lots").stderr


def test_nothing_stays_of_what_a_query_spilled(root: Root) -> None:
    with ask(root, "SELECT count(DISTINCT md5(i::text)) FROM range(1000000) t(i)", memory="32MB") as answer:
        assert answer.fetchall() == [(1_000_000,)]
    assert [path.name for path in Path(root.url).rglob("*") if path.is_file()] == ["catalogue.duckdb"]


def test_no_text_of_an_answer_drives_the_terminal(root: Root) -> None:
    shown = sql(root, HOSTILE).stdout
    assert r"\x1b[31mred\x1b]0;title\x07\u202eevil\x9b" in shown
    assert not {"\x1b", "\x07", "\u202e", "\x9b"} & set(shown)
    printed = sql(root, HOSTILE, "--json").stdout
    assert not {"\x1b", "\x07", "\u202e", "\x9b"} & set(printed)
    assert json.loads(printed) == [{"text": "\x1b[31mred\x1b]0;title\x07\u202eevil\x9b"}]


@pytest.mark.parametrize("count", [0, 1, 2500])
def test_json_is_the_same_however_long(count: int, root: Root) -> None:
    printed = sql(root, f"SELECT i, [i] AS l FROM range({count}) t(i)", "--json").stdout
    rows = [{"i": number, "l": [number]} for number in range(count)]
    assert printed == json.dumps(rows, indent=1) + "\n"
