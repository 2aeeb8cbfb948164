"""The catalogue: what a build has, by SQL; and what SQL may not do."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from schemas.errors import QueryError
from schemas.receipts import Order, Release, Verdict
from schemas.records import KINDS
from schemas.state import Built, State
from schemas.task import WORDINGS
from sources import find, registry
from sources import tasks as declared
from tasks.base.store.root import Root
from tasks.build.builds.build import Build
from tasks.build.builds.runs import Run, now
from tasks.build.catalogue.file import NAME, PLACE, TABLES, quoted
from tasks.build.catalogue.query import ask
from tasks.build.catalogue.write import write_catalogue
from tasks.build.judge.measure import Profiles, measure
from tasks.build.pipeline import work
from tests.support.places import DEMO

SOURCES = ("mqp", "ncbi_disease", "scifact")
FAILED, WITHHELD = "biosses", "bioinfer"
pytestmark = pytest.mark.heavy

VERDICT = Verdict(
    suite="samples",
    subject="MQP train",
    task="MQP",
    source="mqp",
    measure="unparsable",
    severity="critical",
    success=False,
    expectation="none",
    found="2",
    examples=("0a", "1b"),
    command="medinst show MQP",
)
RELEASE = Release(version="1", profile="local", uri="/x", manifest_sha256="0", tasks=1, samples=2, partial=True)

Everything = tuple[State, Profiles]


def build(place: Path) -> Everything:
    """A build of a few miniatures without its flow, with one source that failed and one that is withheld."""
    order = Order(root=str(place), mirrors=(str(DEMO),), workers=1, sources=tuple(sorted((*SOURCES, FAILED, WITHHELD))))
    found = [Built(source=FAILED, failed="read: broken"), Built(source=WITHHELD, withheld="no licence")]
    for source in SOURCES:
        fetched = work.fetch(source, order)
        batches = work.read(source, fetched, order)
        rendered = work.render(source, batches, order)
        kept = work.deduplicate(source, rendered, order)
        found.append(Built(source=source, fetched=fetched, batches=batches, rendered=rendered, kept=kept))
    state = State(order=order, sources=tuple(sorted(found, key=lambda built: built.source)))
    return state, measure(Build(state))


def write(state: State, profiles: Profiles) -> str:
    run = Run(run="r1", name="build", started=now(), finished=now(), state="completed", profile="local")
    return write_catalogue(Build(state), profiles, [VERDICT], [run], [(RELEASE, True)])


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Everything:
    state, profiles = build(tmp_path_factory.mktemp("work") / "it's a root")
    write(state, profiles)
    return state, profiles


@pytest.fixture
def root(built: Everything) -> Root:
    return Root(built[0].order.root)


@pytest.fixture
def sql(root: Root) -> Callable[[str], list[tuple[Any, ...]]]:
    def answer(query: str) -> list[tuple[Any, ...]]:
        with ask(root, query) as found:
            return found.fetchall()

    return answer


Sql = Callable[[str], list[tuple[Any, ...]]]


# What is in it


def test_every_table_is_a_parquet_file_too(root: Root, sql: Sql, built: Everything) -> None:
    tables = {name for (name,) in sql("SELECT table_name FROM duckdb_tables()")}
    assert set(root.names(TABLES)) == {f"{table}.parquet" for table in tables}
    for table in tables:
        file = Path(root.url, TABLES, f"{table}.parquet")
        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            found = connection.execute("SELECT * FROM read_parquet(?)", [str(file)])
            kept = [column[0] for column in found.description], sorted(map(repr, found.fetchall()))
        with ask(root, f"FROM {table}") as asked:
            assert kept == ([column[0] for column in asked.description], sorted(map(repr, asked.fetchall())))
    assert len(pl.read_parquet(Path(root.url, TABLES, "tasks.parquet"), glob=False)) > 100
    root.write_bytes(f"{TABLES}/old.parquet", b"")
    write(*built)
    assert "old.parquet" not in root.names(TABLES)


def test_the_ddl_makes_all_tables_and_views(sql: Sql) -> None:
    tables = {name for (name,) in sql("SELECT table_name FROM information_schema.tables")}
    wanted = {
        "sources",
        "files",
        "tasks",
        "instructions",
        "splits",
        "counts",
        "rejects",
        "verdicts",
        "runs",
        "releases",
    }
    assert tables >= wanted | {
        "documents",
        "mentions",
        "relations",
        "events",
        "samples",
        "parity",
        "profiles",
        "labels",
    }


def test_every_duckdb_since_1_0_opens_it(built: Everything, root: Root) -> None:
    """Bytes 8 to 20 of a database are the sign DUCK and the number of its storage version, 64 in DuckDB 1.0."""
    head = Path(root.local(PLACE)).read_bytes()[8:20]
    assert (head[:4], int.from_bytes(head[4:], "little")) == (b"DUCK", 64)


VIEWS = ["documents", "mentions", "relations", "events", "chains", "sentences"]
VIEWS += ["questions", "pairs", "texts", "translations", "summaries", "samples"]
EMPTY = {"relations", "events", "chains", "questions", "texts", "translations", "summaries"}
"""Those of which these sources have nothing."""


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_can_be_asked_also_where_a_build_has_none(sql: Sql, view: str) -> None:
    (columns,) = sql(f"SELECT count(*) FROM (DESCRIBE {view})")
    assert columns[0] >= 4
    assert (sql(f"SELECT count(*) FROM {view}") == [(0,)]) == (view in EMPTY)


def test_each_record_is_in_the_view_of_its_kind(sql: Sql, built: Everything) -> None:
    views = {"Document": "documents", "Sentence": "sentences", "Pair": "pairs"}
    wanted = {
        (views[find(batch.source).format_of(batch.part).kind], batch.source, batch.part, split, tally.kept)
        for source in built[0].sources
        for batch in source.batches
        for split, tally in batch.splits.items()
    }
    assert set(views) <= set(KINDS)
    found = {
        (view, *row)
        for view in views.values()
        for row in sql(f"SELECT source, part, split, count(*) FROM {view} GROUP BY ALL")
    }
    assert found == wanted
    assert len(found) >= 8


def test_mentions_are_those_of_the_records(sql: Sql, built: Everything, root: Root) -> None:
    batch = next(each for source in built[0].sources for each in source.batches if each.part == "abstracts")
    frame = pl.read_parquet(root.local(f"{batch.place}/{batch.part}-train.parquet"))
    entities = frame.explode("entities").drop_nulls("entities")
    first = entities["entities"][0]
    found = sql("SELECT * FROM mentions WHERE split = 'train' AND part = 'abstracts'")
    assert len(found) == entities.height
    row = dict(
        zip(("source", "part", "split", "document", "mention", "type", "text", "first", "last"), found[0], strict=False)
    )
    assert (row["document"], row["mention"], row["type"], row["text"]) == (
        frame["id"][0],
        first["id"],
        first["type"],
        first["text"],
    )
    place, length = row["first"] + 1, row["last"] - row["first"]
    text = sql(f"SELECT substr(text, {place}, {length}) FROM documents WHERE id = '{row['document']}'")
    assert text == [(row["text"],)]


def test_samples_are_those_that_are_published(sql: Sql, built: Everything, root: Root) -> None:
    kept = {
        (task.task, split, tally.kept)
        for source in built[0].sources
        for task in source.kept
        for split, tally in task.splits.items()
        if tally.kept
    }
    assert set(sql("SELECT task, split, count(*) FROM samples GROUP BY ALL")) == kept
    assert sum(tally.rejected for source in built[0].sources for task in source.kept for tally in task.splits.values())
    assert set(sql("SELECT task, split, kept FROM splits WHERE kept > 0")) == kept


def test_nothing_is_lost_between_the_tables(sql: Sql) -> None:
    assert sql("SELECT * FROM splits WHERE rendered <> kept + rejected") == []
    assert sql("SELECT * FROM counts WHERE read <> kept + rejected") == []
    assert sql("SELECT count(*) FROM splits") > [(5,)]
    lost = """
        SELECT task, split, rejected, (SELECT count(*) FROM rejects
            WHERE stage = 'deduplicate' AND rejects.task = splits.task AND rejects.split = splits.split) AS listed
        FROM splits WHERE rejected <> listed"""
    assert sql(lost) == []
    unread = """
        SELECT source, part, split, rejected, (SELECT count(*) FROM rejects
            WHERE stage = 'read' AND rejects.source = counts.source AND rejects.part = counts.part
              AND rejects.split = counts.split) AS listed
        FROM counts WHERE rejected <> listed"""
    assert sql(unread) == []


def test_records_become_samples_or_rejects(sql: Sql) -> None:
    """For tasks of one sample a record: what the reader kept = what was rendered + what rendering rejected."""
    query = """
        SELECT task, split, records, rendered, (SELECT count(*) FROM rejects
            WHERE stage = 'render' AND rejects.task = splits.task AND rejects.split = splits.split) AS listed
        FROM splits WHERE records <> rendered + listed"""
    assert sql(query) == []
    assert sql("SELECT count(*) > 0 FROM rejects WHERE stage = 'render'") == [(True,)]


def test_rejects_say_why(sql: Sql) -> None:
    found = sql("SELECT source, part, split, id FROM rejects WHERE stage = 'read' AND reason = 'repeated record'")
    assert found == [("ncbi_disease", "abstracts", "train", "90000201")]
    twins = sql("""
        SELECT count(*), count(*) FILTER (twin IN (SELECT id FROM samples WHERE samples.task = rejects.task))
        FROM rejects WHERE stage = 'deduplicate' AND twin <> ''""")
    assert twins[0][0] == twins[0][1] > 0


def test_each_source_has_its_outcome(sql: Sql) -> None:
    found = {source: (status, reason) for source, status, reason in sql("SELECT source, status, reason FROM sources")}
    assert set(found) == set(registry())
    assert {found[source] for source in SOURCES} == {("built", "")}
    assert found[FAILED] == ("failed", "read: broken")
    assert found[WITHHELD] == ("withheld", "no licence")
    assert found["scielo"] == ("not asked for", "")


def test_each_task_has_its_outcome(sql: Sql) -> None:
    found = {task: (status, reason) for task, status, reason in sql("SELECT task, status, reason FROM tasks")}
    assert set(found) == set(declared())
    assert (found["MQP"], found["BIOSSES"]) == (("built", ""), ("failed", ""))
    assert (found["BioInfer-RE"], found["SciELO"]) == (("withheld", "no licence"), ("not asked for", ""))
    hard = sql("SELECT task, answerable, because <> '' FROM tasks WHERE task IN ('CPI-NED', 'FEVER', 'MQP') ORDER BY 1")
    assert hard == [("CPI-NED", "no", True), ("FEVER", "partly", True), ("MQP", "yes", False)]
    assert sql("SELECT parts, labels FROM tasks WHERE task = 'NCBI-disease-NED'") == [(["abstracts"], ["MeSH", "OMIM"])]


def test_each_task_has_its_instruction_in_every_wording(sql: Sql) -> None:
    found = sql("SELECT task, list(wording ORDER BY wording) FROM instructions GROUP BY task")
    assert dict(found) == dict.fromkeys(declared(), sorted(WORDINGS))
    same = "SELECT count(*) FROM tasks JOIN instructions USING (task, instruction) WHERE wording = 'standard'"
    assert sql(same) == [(len(declared()),)]
    texts = dict(sql("SELECT wording, instruction FROM instructions WHERE task = 'MQP'"))
    assert all(text.endswith("Answer with 0 or 5.") for text in texts.values())
    assert len(set(texts.values())) == 3


def test_files_parity_and_the_rest_are_there(sql: Sql, built: Everything) -> None:
    files = {(blob.name, blob.sha256) for source in built[0].sources if source.fetched for blob in source.fetched.blobs}
    assert set(sql("SELECT name, sha256 FROM files WHERE NOT original AND trust = 'mirror'")) == files
    assert sql("SELECT count(*), sum(paper[1]) FROM parity") == [(163, 7_600_905)]
    assert sql("SELECT status FROM parity WHERE task = 'BioInfer'") == [("withheld",)]
    assert sql("SELECT measure, examples, success FROM verdicts") == [("unparsable", ["0a", "1b"], False)]
    assert sql("SELECT run, state, sources FROM runs") == [("r1", "completed", [])]
    assert sql("SELECT version, latest FROM releases") == [("1", True)]
    assert sql("SELECT value FROM profiles WHERE task = 'MQP' AND measure = 'unbalanced'") == [(0.0,)]
    answers = "SELECT sum(answers) FROM labels WHERE task = 'NCBI-disease-NED' AND split = 'train'"
    assert sql(answers)[0][0] > 3


# A new one in its place


def test_an_open_reader_keeps_what_it_opened(built: Everything, root: Root) -> None:
    state, profiles = built
    with ask(root, "SELECT count(*) FROM verdicts") as reader:
        assert reader.fetchall() == [(1,)]
        write_catalogue(Build(state), profiles, [], [], [])
        assert reader.execute("SELECT count(*) FROM verdicts").fetchall() == [(1,)]
        assert reader.execute("SELECT count(*) FROM samples").fetchall()[0][0] > 0
        code = (
            "import sys; from tasks.build.catalogue.query import ask; from tasks.base.store.root import Root\n"
            "with ask(Root(sys.argv[1]), 'SELECT count(*) FROM verdicts') as found: print(found.fetchall())"
        )
        newer = subprocess.run(
            [sys.executable, "-c", code, root.url], cwd=DEMO.parent, capture_output=True, text=True, check=True
        )
        assert newer.stdout == "[(0,)]\n"
    write(state, profiles)
    names = [name for name in root.names("catalogue") if name.startswith((NAME, "."))]
    assert names == [NAME], "a temporary file was left"


def test_a_catalogue_that_cannot_be_written_leaves_the_old_one(
    built: Everything, root: Root, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Path(root.uri("catalogue", NAME)).read_bytes()
    monkeypatch.setattr("tasks.build.catalogue.write.rows", lambda *_: {"nowhere": [(1,)]})
    with pytest.raises(duckdb.CatalogException):
        write(*built)
    assert Path(root.uri("catalogue", NAME)).read_bytes() == before
    assert [name for name in root.names("catalogue") if name.startswith(".")] == []


def test_samples_that_were_not_deduplicated_are_not_published(built: Everything, sql: Sql) -> None:
    state, profiles = built
    failed = [
        source.model_copy(update={"kept": (), "failed": "kept: broken"}) if source.source == "mqp" else source
        for source in state.sources
    ]
    write(state.model_copy(update={"sources": tuple(failed)}), profiles)
    found = sql("SELECT count(*) FILTER (task = 'MQP'), count(*) > 0 FROM samples")
    write(state, profiles)
    assert found == [(0, True)]


# What SQL may not do


@pytest.fixture(scope="module")
def outside(built: Everything) -> Path:
    """A file beside the root, and one in a folder whose name begins like the root's."""
    place = Path(built[0].order.root)
    near = place.with_name(place.name + "-not")
    near.mkdir()
    for path in (near / "secret.csv", place.with_name("secret.csv")):
        path.write_text("a,b\n1,2\n")
    return place


READING = [
    "SELECT * FROM read_csv('{parent}/secret.csv')",
    "SELECT * FROM '{parent}/secret.csv'",
    "SELECT * FROM read_text('{root}-not/secret.csv')",
    "SELECT * FROM read_text('{root}/../secret.csv')",
    "SELECT * FROM read_text('{root}/catalogue/../../secret.csv')",
    "SELECT * FROM read_blob('/etc/hostname')",
    "SELECT * FROM read_text('file:///etc/hostname')",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM read_csv('https://example.org/a.csv')",
    "SELECT * FROM read_parquet('s3://bucket/a.parquet')",
]


@pytest.mark.parametrize("query", READING)
def test_nothing_outside_the_root_is_read(root: Root, outside: Path, query: str) -> None:
    place = str(outside).replace("'", "''")
    filled = query.format(root=place, parent=str(outside.parent).replace("'", "''"))
    try:
        with ask(root, filled) as answer:
            found = answer.fetchall()
    except duckdb.Error:
        found = []
    assert found == []


def test_a_link_in_the_root_leads_nowhere(root: Root, outside: Path) -> None:
    link = Path(root.url, "blobs", "link")
    link.symlink_to(outside.parent)
    try:
        assert "disabled" in refused(root, f"FROM read_csv({quoted(f'{link}/secret.csv')})")
    finally:
        link.unlink()


def refused(root: Root, query: str) -> str:
    with pytest.raises((duckdb.Error, QueryError)) as caught, ask(root, query) as found:
        found.fetchall()
    return str(caught.value)


CHANGING = [
    "CREATE TABLE t (a INT)",
    "CREATE OR REPLACE VIEW samples AS SELECT 1",
    "INSERT INTO runs SELECT * FROM runs",
    "UPDATE sources SET title = 'x'",
    "DELETE FROM sources",
    "DROP TABLE sources",
    "ATTACH '{root}/catalogue/catalogue.duckdb' AS again (READ_WRITE)",
    "ATTACH '/tmp/other.duckdb' AS other",
    "INSTALL httpfs",
    "LOAD httpfs",
    "LOAD '/tmp/extension.duckdb_extension'",
    "SET enable_external_access = true",
    "SET allowed_directories = ['/']",
    "SET autoinstall_known_extensions = true",
    "RESET lock_configuration",
    "PRAGMA enable_external_access = true",
    "COPY sources TO '/tmp/medinst-test-sources.csv'",
    "COPY sources TO '{root}-not/sources.csv'",
    "EXPORT DATABASE '/tmp/medinst-test-export'",
    "CREATE SECRET s (TYPE s3)",
]


@pytest.mark.parametrize("query", CHANGING)
def test_nothing_is_changed(root: Root, outside: Path, query: str) -> None:
    refused(root, query.format(root=str(outside).replace("'", "''")))
    assert not Path("/tmp/medinst-test-sources.csv").exists()


INTO_THE_ROOT = [
    "COPY sources TO '{root}/written.csv'",
    "COPY (SELECT 1) TO '{root}/blobs/written.parquet'",
    "COPY sources TO '{root}/catalogue/other.json'",
    "EXPORT DATABASE '{root}/written'",
    "EXPLAIN ANALYZE COPY sources TO '{root}/written.csv'",
    "SELECT 1; COPY sources TO '{root}/written.csv'",
]


@pytest.mark.parametrize("query", INTO_THE_ROOT)
def test_nothing_is_written_into_the_root(root: Root, outside: Path, query: str) -> None:
    before = sorted(Path(root.url).rglob("*"))
    try:
        refused(root, query.format(root=str(outside).replace("'", "''")))
        assert sorted(Path(root.url).rglob("*")) == before
    finally:
        for path in sorted(set(Path(root.url).rglob("*")) - set(before), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()


@pytest.mark.parametrize("query", ["SELECT 1; SELECT 2", "", ";", "-- nothing"])
def test_one_statement_is_asked_for(root: Root, query: str) -> None:
    refused(root, query)


def test_a_second_statement_changes_nothing(root: Root) -> None:
    refused(root, "SELECT 1; DROP TABLE sources")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT 1;",
        "WITH x AS (SELECT 1 AS a) SELECT a FROM x",
        "FROM sources",
        "SHOW TABLES",
        "DESCRIBE samples",
        "SUMMARIZE splits",
        "VALUES (1)",
        "SELECT ';' AS not_the_end",
    ],
)
def test_what_only_asks_is_answered(sql: Sql, query: str) -> None:
    assert sql(query)


def test_a_root_without_a_catalogue_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="Build something first: medinst build"), ask(Root(str(tmp_path)), "SELECT 1"):
        pass


def test_the_working_directory_does_not_matter(sql: Sql, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert sql("SELECT count(*) FROM samples")[0][0] > 0
    assert list(tmp_path.iterdir()) == []
