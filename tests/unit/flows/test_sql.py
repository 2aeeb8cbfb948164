"""`medinst sql`: where the query comes from, where the answer goes, and what is refused."""

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import polars as pl
import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.console.answers import query_text
from tasks.base.store.root import Root
from tasks.build.catalogue.file import PLACE

ROWS = "SELECT i, i || ',\"x\"' AS text, [i, NULL] AS list, i = 1 AS b, NULL AS nothing, i AS text FROM range(3) t(i)"
COLUMNS = ["i", "text", "list", "b", "nothing", "text_2"]


@pytest.fixture
def root(tmp_path: Path) -> Root:
    (tmp_path / "root" / "catalogue").mkdir(parents=True)
    duckdb.connect(tmp_path / "root" / PLACE).close()
    return Root(str(tmp_path / "root"))


def sql(root: Root, *arguments: str, given: str = ""):
    return CliRunner().invoke(app, ["sql", *arguments, "--root", root.url], input=given, env={"COLUMNS": "300"})


def read(path: Path) -> list[list[object]]:
    """The rows of a file, whatever its format."""
    text = "" if path.suffix == ".parquet" else path.read_text(encoding="utf-8")
    if path.suffix == ".csv":
        header, *rows = csv.reader(text.splitlines())
        assert header == COLUMNS
        return [[json.loads(cell) if cell[:1] in "[tf01234" and cell else cell or None for cell in row] for row in rows]
    if path.suffix == ".parquet":
        found = pl.read_parquet(path).to_dicts()
    else:
        found = json.loads(text) if path.suffix == ".json" else list(map(json.loads, text.splitlines()))
    assert all(list(row) == COLUMNS for row in found)
    return [list(row.values()) for row in found]


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".json", ".jsonl"])
def test_an_answer_is_written_whole(root: Root, suffix: str, tmp_path: Path) -> None:
    file = tmp_path / f"it's a file{suffix}"
    file.write_text("of before")
    done = sql(root, ROWS.replace("i || ',\"x\"'", "'=' || i"), "--out", str(file))
    assert (done.exit_code, done.stdout) == (0, f"Wrote 3 rows to {file}.\n")
    assert read(file) == [[i, f"={i}", [i, None], i == 1, None, i] for i in range(3)]
    assert [path.name for path in tmp_path.iterdir() if path.name != "root"] == [file.name]


def test_a_text_with_commas_and_quotes_is_one_cell(root: Root, tmp_path: Path) -> None:
    sql(root, ROWS, "--out", str(tmp_path / "a.csv"))
    assert (tmp_path / "a.csv").read_text().splitlines()[1] == '0,"0,""x""","[0, null]",false,,0'


@pytest.mark.parametrize(("suffix", "text"), [(".csv", "a\n"), (".json", "[]\n"), (".jsonl", "")])
def test_an_answer_without_rows_is_a_file_too(root: Root, suffix: str, text: str, tmp_path: Path) -> None:
    assert sql(root, "SELECT 1 AS a WHERE false", "--out", str(tmp_path / f"a{suffix}")).exit_code == 0
    assert (tmp_path / f"a{suffix}").read_text() == text


REFUSED = {
    "another suffix": ("SELECT 1", "a.txt", r"ends in \.csv, \.json, \.jsonl, \.parquet, found `\.txt`"),
    "no suffix": ("SELECT 1", "a", "found ``"),
    "no folder": ("SELECT 1", "no/a.csv", "a file in a folder that is there"),
    "a folder": ("SELECT 1", "folder.csv", "found a folder"),
    "a wrong query": ("SELECT FROM WHERE", "a.csv", "syntax error"),
    "a query that fails on its way": ("SELECT 1 / (i - 20000)::UTINYINT FROM range(30000) t(i)", "a.csv", "range"),
    "a query that takes too long": (
        "SELECT a.range FROM range(100000000) a, range(100000000) b", "a.jsonl", r"given up.*--timeout"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("query", "name", "said"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_written_leaves_the_file_of_before(
    root: Root, query: str, name: str, said: str, tmp_path: Path
) -> None:
    (tmp_path / "folder.csv").mkdir()
    old = tmp_path / "a.csv"
    old.write_text("of before")
    done = sql(root, query, "--out", str(tmp_path / name), "--timeout", "0.5")
    assert done.exit_code == 1
    assert re.search(said, done.stderr), done.stderr
    assert old.read_text() == "of before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "folder.csv", "root"]


def test_a_query_comes_from_standard_input_or_a_file(root: Root, tmp_path: Path) -> None:
    file = tmp_path / "a query.sql"
    file.write_text("\ufeffSELECT 41 + 1 AS answer -- of everything\n", encoding="utf-8")
    wanted = '[\n {\n  "answer": 42\n }\n]\n'
    assert sql(root, f"@{file}", "--json").stdout == wanted
    assert sql(root, "-", "--json", given=file.read_text(encoding="utf-8-sig")).stdout == wanted


BAD = {
    "no file": ("@nowhere.sql", "expected a file with a query in UTF-8, found no such file"),
    "a folder": ("@.", "found is a directory"),
    "nothing": ("-", "Expected one SELECT, SHOW, DESCRIBE or SUMMARIZE, found nothing"),
    "several": ("SELECT 1; SELECT 2", "found SELECT, SELECT"),
    "the environment": ("SELECT getenv('HOME')", "getenv"),
    "the network": ("SELECT * FROM 'https://example.org/a.parquet'", "a.parquet"),
    "an extension": ("INSTALL httpfs", "Expected one SELECT"),
    "another file": ("SELECT * FROM read_csv('/etc/passwd')", "disabled"),
    "files by a pattern": ("SELECT * FROM glob('/etc/*')", "disabled"),
    "more memory": ("SELECT list(i) FROM range(900000000) t(i)", "memory did not suffice"),
    "no table": ("SELECT * FROM nothing", "SHOW TABLES"),
}


@pytest.mark.parametrize(("query", "said"), BAD.values(), ids=BAD)
def test_what_is_not_answered_says_why(root: Root, query: str, said: str) -> None:
    done = sql(root, query, "--memory", "64MB")
    assert done.exit_code == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_table_shows_the_first_rows_and_says_so(root: Root) -> None:
    shown = sql(root, "FROM range(201)").stdout
    assert "│ 199" in shown
    assert "│ 200" not in shown
    assert "These are the first 200 rows. For all: medinst sql" in shown
    assert "first" not in sql(root, "FROM range(200)").stdout


@pytest.mark.heavy
def test_a_question_costs_no_library_that_it_does_not_need(root: Root) -> None:
    heavy = ("polars", "pyarrow", "pandas", "numpy", "prefect", "great_expectations", "mcp")
    script = (
        "import sys\nfrom flows.cli import app\n"
        f"try: app(['sql', 'SELECT 1', '--root', {root.url!r}])\nexcept SystemExit: pass\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_terminal_is_told_that_a_query_is_awaited(monkeypatch, capsys) -> None:
    waiting = io.StringIO("FROM parity")
    waiting.isatty = lambda: True
    monkeypatch.setattr("sys.stdin", waiting)
    assert query_text("-") == "FROM parity"
    assert "Ctrl-D" in capsys.readouterr().err
