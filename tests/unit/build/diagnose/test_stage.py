"""The stage: what is kept, what is made again, and that its bytes depend on the records alone."""

from pathlib import Path

import polars as pl
import pytest

from schemas.state import State
from tasks.base.store.root import Root
from tasks.build.builds.build import Build
from tasks.build.diagnose import stage
from tasks.build.diagnose.stage import TABLES, diagnosed, diagnosed_place, done_place, load, places
from tasks.build.diagnose.years import FILE
from tests.support.gathering import gather
from tests.support.places import CHECKOUT, DEMO

SOURCES = ["anem", "bc5cdr", "mqp"]


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> State:
    return gather(tmp_path_factory.mktemp("root"), DEMO, SOURCES)


@pytest.fixture
def tasks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tasks that are diagnosed, each time."""
    names: list[str] = []
    real = stage.diagnose
    monkeypatch.setattr(stage, "diagnose", lambda task, *more: (names.append(task.name), real(task, *more))[1])
    return names


def contents(build: Build) -> dict[str, bytes]:
    return {name: build.root.read_bytes(f"{diagnosed(build)}/{name}.parquet") for name in TABLES}


@pytest.mark.heavy
def test_what_is_the_same_is_diagnosed_once_and_has_the_same_bytes(
    state: State, tasks: list[str], tmp_path: Path
) -> None:
    build = Build(state)
    first = contents(build)
    assert sorted(tasks) == ["AnEM", "AnEM-COREF", "AnEM-RE", "BC5CDR", "BC5CDR-NED", "BC5CDR-RE", "MQP"]
    assert contents(build) == first
    assert len(tasks) == 7
    other = Build(gather(tmp_path, DEMO, SOURCES[::-1]))
    assert diagnosed_place(other) == diagnosed_place(build)
    assert contents(other) == first


@pytest.mark.heavy
def test_a_table_that_is_lost_is_made_again_from_what_was_kept(state: State, tasks: list[str]) -> None:
    build = Build(state)
    first = contents(build)
    tasks.clear()
    build.root.remove(f"{diagnosed_place(build)}/overlap.parquet")
    assert done_place(build) == ""
    assert contents(build) == first
    assert tasks == []


@pytest.mark.heavy
def test_the_tables_are_those_that_are_declared(state: State) -> None:
    build = Build(state)
    for name, table in load(diagnosed(build), build.root).items():
        assert table.schema == pl.Schema(TABLES[name])
        assert not table.is_empty() or name == "consistency"
    assert load("", build.root) == {}


@pytest.mark.heavy
def test_a_table_of_years_dates_the_records(state: State, tasks: list[str]) -> None:
    build = Build(state)
    before = diagnosed(build)
    build.root.write_bytes(FILE, b"pmid,year\n1,1990\n")
    try:
        tasks.clear()
        assert diagnosed(build) != before
        assert len(tasks) == 7
        found = load(diagnosed(build), build.root)["diagnostics"]
        assert "dated_records" in found["measure"].to_list()
    finally:
        build.root.remove(FILE)
    assert diagnosed(build) == before


@pytest.mark.heavy
def test_all_folders_are_named_for_those_who_collect_garbage(state: State) -> None:
    build = Build(state)
    diagnosed(build)
    root = Root(build.root.url)
    assert len(set(places(build))) == 8
    assert all(root.done(place) is not None for place in places(build))


def test_every_column_is_described() -> None:
    page = (CHECKOUT / "docs/diagnostics.md").read_text(encoding="utf-8")
    assert [name for table in TABLES.values() for name in table if f"`{name}`" not in page] == []


@pytest.mark.heavy
def test_every_measure_is_described(state: State) -> None:
    build = Build(state)
    page = (CHECKOUT / "docs/diagnostics.md").read_text(encoding="utf-8")
    measures = load(diagnosed(build), build.root)["diagnostics"]["measure"].unique().to_list()
    assert len(measures) > 25
    assert [name for name in measures if f"`{name}`" not in page] == []
