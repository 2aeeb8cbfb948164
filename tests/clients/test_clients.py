"""The catalogue opens in the clients that analysts have: every table, every view, every comment."""

import json
import subprocess
from pathlib import Path

import pytest

from schemas.meanings import meanings, plain
from tasks.base.store.root import Root
from tasks.build.catalogue.file import PLACE
from tasks.build.catalogue.query import ask
from tests.clients.conftest import Asked

pytestmark = pytest.mark.heavy

CLIENTS = ["duckdb", "attached", "adbc", "harlequin"]
COUNTS = " UNION ALL ".join(f"SELECT '{name}' AS name, count(*)::INT AS n FROM {name}" for name in meanings())
COLUMNS = "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal ORDER BY ALL"


def ours(root: Root, query: str) -> list[list[object]]:
    with ask(root, query) as answer:
        return [list(row) for row in answer.fetchall()]


@pytest.mark.parametrize("client", CLIENTS)
def test_every_table_and_view_has_the_same_rows_in(client: str, asked: Asked, root: Root) -> None:
    counts = asked(client, root.url, COUNTS)
    assert counts == ours(root, COUNTS)
    assert {"samples", "mentions", "sources", "documents"} <= {name for name, rows in counts if rows > 3}


def test_the_clients_are_of_the_version_before_ours(asked: Asked) -> None:
    assert asked("duckdb", "", "SELECT version()")[0][0].startswith("v1.5.")


def test_an_older_duckdb_reads_the_comments(asked: Asked, root: Root) -> None:
    comments = asked("duckdb", "", COLUMNS)
    said = {(name, column): plain(words) for name, one in meanings().items() for column, words in one.columns.items()}
    assert {(name, column): comment for name, column, comment in comments} == said
    assert len(said) > 200


@pytest.mark.parametrize("client", CLIENTS)
def test_tables_need_no_root_and_views_say_that_they_do(client: str, asked: Asked) -> None:
    assert asked(client, "", "SELECT count(*)::INT FROM parity") == [[163]]
    for view in [name for name, one in meanings().items() if one.kind == "VIEW"] if client == "duckdb" else ["samples"]:
        assert "SET_VARIABLE_medinst_root" in asked(client, "", f"SELECT count(*) FROM {view}"), view


@pytest.mark.parametrize("told", [True, False], ids=["told where the root is", "started in the root"])
def test_the_shell_answers(programs: Path, root: Root, told: bool, tmp_path: Path) -> None:
    query = "SELECT count(*)::INT AS n FROM samples"
    before = f"SET VARIABLE medinst_root = '{root.url}'; " if told else ""
    file, cwd = (tmp_path / "copy.duckdb", tmp_path) if told else (Path(PLACE), Path(root.url))
    if told:
        file.write_bytes(Path(root.local(PLACE)).read_bytes())
    command = [programs / "duckdb", "-readonly", "-json", file, "-c", before + query]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60, check=True)
    assert [list(row.values()) for row in json.loads(done.stdout)] == ours(root, query)
