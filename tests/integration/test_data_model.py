"""Every query of the documentation runs on a catalogue built from the miniatures and finds something."""

import re
from pathlib import Path

import duckdb
import polars as pl
import pytest

from schemas.meanings import meanings, plain
from tasks.base.store.root import Root
from tasks.build.builds.runs import Run, now, record
from tasks.build.catalogue.query import ask
from tasks.build.pipeline.finish import finish
from tests.support.gathering import gather
from tests.support.places import CHECKOUT

PAGES = ("docs/first-queries.md", "docs/analyst.md", "docs/data-model.md", "docs/diagnostics.md")
NOTEBOOK = "docs/explore.py"
BLOCK = re.compile(r"^```sql\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CELL = re.compile(r'f"""\n( +SELECT .*?)"""', re.DOTALL)
MAY_BE_EMPTY = re.compile(r"^-- may be empty: \S.*$", re.MULTILINE)


def queries():
    for page in (*PAGES, NOTEBOOK):
        text = (CHECKOUT / page).read_text(encoding="utf-8")
        for block in (CELL if page == NOTEBOOK else BLOCK).finditer(text):
            line = text.count("\n", 0, block.start()) + 1
            query = block[1].replace("{category.value}", "NER").replace("{limit.value}", "0.9")
            yield pytest.param(query, id=f"{page}:{line}")


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A root with the catalogue of all miniatures, made without Prefect."""
    state = gather(tmp_path_factory.mktemp("root"), CHECKOUT / "demo")
    place = Root(state.order.root)
    run = Run(run="docs", name="queries of the documentation", started=now(), profile=state.order.profile)
    record(place, run)
    judged = finish(state, run)
    assert judged.refusal is None
    return place


@pytest.mark.slow
@pytest.mark.parametrize("query", list(queries()))
def test_query_of_the_documentation_finds_rows(query, root):
    with ask(root, query) as answer:
        rows = answer.fetchall()
    assert rows or MAY_BE_EMPTY.search(query), "finds nothing; if it may, say why: -- may be empty: <reason>"


@pytest.mark.slow
def test_no_loss_is_unaccounted_for(root):
    (query,) = [block.values[0] for block in queries() if "AS balanced" in block.values[0]]
    with ask(root, query) as answer:
        balanced = [column[0] for column in answer.description].index("balanced")
        assert all(row[balanced] for row in answer.fetchall())


@pytest.mark.slow
def test_every_reject_says_what_why_and_where(root):
    with ask(root, "SELECT DISTINCT stage FROM rejects") as answer:
        assert {stage for (stage,) in answer.fetchall()} >= {"read", "render", "deduplicate"}
    lacking = """
        SELECT * FROM rejects WHERE '' IN (stage, source, id, record_id, reason)
            OR (split = '') <> (reason = 'in no list') OR (part = '') <> (stage <> 'read')
            OR (task = '') <> (stage = 'read') OR (detail = '' AND stage = 'read')
            OR (twin = '') <> (reason NOT IN ('duplicate', 'test text'))
            OR (stage <> 'deduplicate' AND id <> record_id)"""
    with ask(root, lacking) as answer:
        assert answer.fetchall() == []
    strangers = """
        SELECT * FROM rejects WHERE stage = 'deduplicate' AND (
            EXISTS (SELECT 1 FROM samples WHERE samples.id = rejects.id AND samples.split = rejects.split)
            OR (twin <> '' AND twin NOT IN (SELECT id FROM samples WHERE samples.task = rejects.task)))"""
    with ask(root, strangers) as answer:
        assert answer.fetchall() == []


@pytest.mark.slow
def test_the_sum_over_everything_holds(root):
    """What readers met is in the records or rejects; each task's candidates are samples of the release or rejects."""
    sums = """
        SELECT (SELECT sum(read) FROM counts) - (SELECT sum(kept) FROM counts)
            - (SELECT count(*) FROM rejects WHERE stage = 'read'),
        (SELECT sum(value)::BIGINT FROM profiles WHERE measure = 'candidates') - (SELECT count(*) FROM samples)
            - (SELECT count(*) FROM rejects WHERE stage <> 'read'),
        (SELECT sum(value) FROM profiles WHERE measure IN ('lost_records', 'lost_candidates', 'unbalanced'))"""
    with ask(root, sums) as answer:
        assert answer.fetchall() == [(0, 0, 0)]


@pytest.mark.slow
def test_the_catalogue_opens_in_plain_duckdb_too(root):
    with duckdb.connect(root.uri("catalogue", "catalogue.duckdb"), read_only=True) as connection:
        connection.execute(f"SET VARIABLE medinst_root = '{root.url}'")
        assert connection.sql("SELECT count(*) FROM samples").fetchall() > [(0,)]


@pytest.mark.slow
def test_every_table_view_and_column_has_its_comment(root):
    tables = "SELECT table_name, comment FROM duckdb_{}s() WHERE NOT internal".replace("table_name", "{}_name")
    for kind in ("TABLE", "VIEW"):
        with ask(root, tables.format(kind.lower(), kind.lower())) as answer:
            assert dict(answer.fetchall()) == {
                name: plain(one.about) for name, one in meanings().items() if one.kind == kind
            }
    columns = "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal"
    with ask(root, columns) as answer:
        found = answer.fetchall()
    assert [f"{table}.{column}" for table, column, comment in found if not comment] == [], "see schemas/catalogue.yml"
    assert {(table, column): comment for table, column, comment in found} == {
        (table, column): plain(words) for table, one in meanings().items() for column, words in one.columns.items()
    }


@pytest.mark.slow
def test_columns_are_declared_in_their_order(root):
    """So that the documentation lists them as a query shows them."""
    for name, one in meanings().items():
        with ask(root, f"SELECT column_name FROM (DESCRIBE {name})") as answer:
            assert [column for (column,) in answer.fetchall()] == list(one.columns), name


@pytest.mark.slow
def test_the_tables_of_a_release_say_what_their_columns_mean(root):
    (release,) = [name for name in root.names("releases") if not name.endswith(".json")]
    folder = root.uri("releases", release, "catalogue")
    tables = {path.stem: pl.read_parquet_schema(path) for path in Path(folder).glob("*.parquet")}
    said = pl.read_parquet(Path(folder, "columns.parquet"))
    assert {(table, column) for table, columns in tables.items() if table != "columns" for column in columns} == set(
        said.select("table", "column").iter_rows()
    )
    assert said.filter(pl.col("comment") == "").is_empty()


@pytest.mark.slow
def test_every_reason_is_described(root):
    page = (CHECKOUT / "docs/data-model.md").read_text(encoding="utf-8")
    with ask(root, "SELECT DISTINCT reason FROM rejects ORDER BY reason") as answer:
        reasons = [reason for (reason,) in answer.fetchall()]
    assert [reason for reason in reasons if f"`{reason}`" not in page] == []
