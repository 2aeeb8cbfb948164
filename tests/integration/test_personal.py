"""Identifiers of persons in a build: counted, warned of, and shown to nobody but the profile `local`."""

from pathlib import Path
from typing import NamedTuple

import duckdb
import polars as pl
import pytest

from schemas.licence import Profile
from schemas.receipts import Release, Verdict
from schemas.state import State
from tasks.build.audit import audit
from tasks.build.builds.build import Build
from tasks.build.catalogue.file import NAME
from tasks.build.catalogue.write import write_catalogue
from tasks.build.judge.measure import Profiles, measure
from tasks.build.judge.validate import gate, validate
from tasks.build.pipeline import finish
from tasks.build.pipeline.finish import Judged
from tests.support.canary import holds, places
from tests.support.gathering import gather
from tests.support.places import DEMO

TASK, SPLIT, MEASURE = "BIOSSES", "train", "personal_emails"
ADDRESS, REDACTED = "quillonbrevik@tamsel.org", "q…@t….o…"
PROFILES: tuple[Profile, ...] = ("open", "research", "local")


class Planted(NamedTuple):
    """A build for `local` in which one sample has an address."""

    state: State
    id: str


class Made(NamedTuple):
    """What was published of it under one profile."""

    state: State
    id: str
    profiles: Profiles
    verdicts: list[Verdict]
    release: Release
    catalogue: Path


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    state = gather(tmp_path_factory.mktemp("persons") / "root", DEMO, ["biosses", "scitail"])
    return Planted(state, plant(state))


@pytest.fixture(scope="module", params=PROFILES)
def made(request: pytest.FixtureRequest, planted: Planted, tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp(request.param)
    narrowed = audit(Build(planted.state).admitted(request.param).state)
    profiles = measure(Build(narrowed))
    verdicts = validate(profiles.records, profiles.samples, profiles.release, folder / "quality")
    release = finish.publish(Build(narrowed), Judged(profiles, verdicts), folder / "quality", narrowed, replace=False)
    write_catalogue(Build(narrowed), profiles, verdicts, [], [(release, True)])
    catalogue = Path(narrowed.order.root) / "catalogue" / NAME
    return Made(narrowed, planted.id, profiles, verdicts, release, catalogue)


def plant(state: State) -> str:
    """Write an address into the first sample of a task; returns its id."""
    rendered = next(each for built in state.sources for each in built.rendered if each.task == TASK)
    path = Path(state.order.root, rendered.place, f"{SPLIT}.parquet")
    rows = pl.read_parquet(path)
    here = pl.int_range(pl.len()) == 0
    changed = pl.when(here).then(pl.col("input") + f" Ask {ADDRESS}.").otherwise(pl.col("input")).alias("input")
    rows.with_columns(changed).write_parquet(path)
    return rows["id"][0]


def warning(made: Made) -> Verdict:
    (found,) = [verdict for verdict in made.verdicts if verdict.measure == MEASURE and not verdict.success]
    return found


def test_the_profile_counts_it_in_its_task_and_split(made: Made) -> None:
    counted = {(row.task, row.split): row.personal_emails for row in made.profiles.samples if row.personal_emails}
    assert counted == {(TASK, SPLIT): 1}
    with duckdb.connect(str(made.catalogue), read_only=True) as connection:
        found = connection.sql("SELECT task, split, measure FROM profiles WHERE measure ^@ 'personal_' AND value > 0")
        assert found.fetchall() == [(TASK, SPLIT, MEASURE)]


def test_it_is_a_warning_and_no_reason_to_stop(made: Made) -> None:
    verdict = warning(made)
    assert (verdict.severity, verdict.subject) == ("warning", f"{TASK}/{SPLIT}")
    assert verdict.found.startswith("1 of ")
    assert "e-mail addresses" in verdict.found
    gate(made.verdicts)
    assert verdict.found in (Path(made.release.uri) / "report.html").read_text(encoding="utf-8")


def test_the_command_of_the_warning_answers(made: Made) -> None:
    query = warning(made).command.removeprefix('medinst sql "').removesuffix('"')
    with duckdb.connect(str(made.catalogue), read_only=True) as connection:
        rows = connection.sql(query).fetchall()
    local = made.state.order.profile == "local"
    assert rows == ([(made.id, "input", REDACTED)] if local else [(TASK, SPLIT, 1.0)])


def test_only_the_profile_local_says_where(made: Made) -> None:
    """The sample itself is published; nothing else in a release, its verdicts or the catalogue leads to it."""
    local = made.state.order.profile == "local"
    assert warning(made).examples == ((made.id,) if local else ())
    published = Path(made.release.uri)
    assert len([*published.rglob("*")]) > 20
    for word in (made.id, "quillonbrevik"):
        assert any(name.startswith(f"data/{TASK}/") for name in places(published, word)), "the search finds nothing"
    beside = {name for name in places(published, made.id) if not name.startswith("data/")}
    assert bool(beside) == local, beside
    assert not {name for name in places(published, "quillonbrevik") if not name.startswith("data/")}
    assert not any(REDACTED.encode() in path.read_bytes() for path in published.rglob("*") if path.is_file())
    assert holds(made.catalogue, made.id) == local
