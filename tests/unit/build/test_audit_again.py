"""An audit that uses what an earlier one found gives the same bytes as one that compares everything."""

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.state import State
from tasks.base.store.root import DONE, Root
from tasks.build.audit import LEAKS, NEAR, REMOVED, STOCK, UNCLEAN
from tasks.build.audit.earlier import AUDITS, FOLDER, TABLES
from tests.support.audited import FIRST, SECOND, WORDS, build, changed, read, text

Row = tuple[str, str, str, str, str]

FINDINGS = (NEAR, LEAKS, STOCK, UNCLEAN, REMOVED)


def samples() -> list[Row]:
    """Samples of two tasks: near duplicates, leaks of each kind, a phrase that many documents have."""
    chance = random.Random(7)
    phrase = text(15, "declaration")
    found: list[Row] = []
    for number in range(90):
        task, split = chance.choice([(FIRST, "test"), (FIRST, "train"), (SECOND, "test"), (SECOND, "train")])
        base = text((6, 10, 22, 40)[number % 25 % 4], number % 25)
        said = base if number % 5 == 0 else changed(base, number % 6, "other")
        if number % 3 == 0:
            said = f"{text(9, f'before {number}')} {phrase} {said}"
        found.append((task, split, str(number), said, f"pmid:{number % 60}" if number % 2 else ""))
    return found


def added(rows: list[Row]) -> list[Row]:
    return [
        *rows,
        *((task, split, f"{record} more", changed(said, 2), paper) for task, split, record, said, paper in rows[:9]),
    ]


def split_of(name: str, rows: list[Row]) -> list[Row]:
    """Every third sample of a split has another word, and one is gone."""
    here = [row for row in rows if row[1] == name]
    other = {row[2]: (*row[:3], changed(row[3], 1, "anew"), row[4]) for row in here[::3]}
    return [other.get(row[2], row) for row in rows if row != here[1]]


CHANGES: dict[str, Callable[[list[Row]], list[Row]]] = {
    "nothing": list,
    "rows added": added,
    "rows removed": lambda rows: rows[::2],
    "training rows": lambda rows: split_of("train", rows),
    "tests": lambda rows: split_of("test", rows),
    "all tests gone": lambda rows: [row for row in rows if row[1] != "test"],
    "tests become training rows": lambda rows: [
        (row[0], "train" if row[0] == FIRST else row[1], *row[2:]) for row in rows
    ],
    "the other way round": lambda rows: [(row[0], "test" if row[1] == "train" else "train", *row[2:]) for row in rows],
    "another order": lambda rows: rows[::-1],
    "one source alone": lambda rows: [row for row in rows if row[0] == SECOND],
    "documents": lambda rows: [(*row[:4], f"pmid:{int(row[2]) % 7}") for row in rows],
}


def findings(state: State) -> dict[str, bytes]:
    """The bytes of what an audit found, and its receipt."""
    assert state.audit is not None
    root, place = Root(state.order.root), state.audit.place
    receipt = {name: value for name, value in root.read_json(f"{place}/{DONE}").items() if name != "seconds"}
    return {name: root.read_bytes(f"{place}/{name}") for name in FINDINGS} | {DONE: json.dumps(receipt).encode()}


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root with an audit of the samples before they change."""
    folder = tmp_path_factory.mktemp("before")
    build(folder, samples(), mark="before")
    return folder


@pytest.mark.parametrize(
    ("change", "near"), [*((change, "flag") for change in CHANGES), ("nothing", "remove"), ("training rows", "remove")]
)
@pytest.mark.heavy
def test_after_a_change_the_findings_are_those_of_a_fresh_audit(
    change: str, near: str, before: Path, tmp_path: Path
) -> None:
    after = CHANGES[change](samples())
    shutil.copytree(before, tmp_path / "one")
    again = build(tmp_path / "one", after, near=near, mark="after")
    assert len(list((tmp_path / "one" / AUDITS).iterdir())) == 2
    assert findings(again) == findings(build(tmp_path / "other", after, near=near, mark="after"))


@pytest.mark.parametrize("workers", [1, 4])
@pytest.mark.heavy
def test_samples_in_several_files_have_the_same_findings(workers: int, tmp_path: Path) -> None:
    cut = build(tmp_path / "cut", samples(), pieces=3, workers=workers)
    assert findings(cut) == findings(build(tmp_path / "one", samples()))


def test_the_invented_samples_have_findings_of_each_kind(tmp_path: Path) -> None:
    removed = build(tmp_path, samples(), near="remove")
    assert all(read(removed, name).height for name in FINDINGS)
    assert set(read(build(tmp_path, samples()), LEAKS)["kind"]) == {"document", "text", "words", "near"}


@settings(deadline=None, max_examples=6)
@given(seeds=st.lists(st.integers(0, 10**6), min_size=2, max_size=3))
@pytest.mark.heavy
def test_after_any_changes_one_after_the_other(tmp_path_factory: pytest.TempPathFactory, seeds: list[int]) -> None:
    folder, rows, state = tmp_path_factory.mktemp("root"), [], None
    for step, seed in enumerate(seeds):
        chance = random.Random(seed)
        rows = [row for row in rows if chance.random() < 0.7]
        for number in range(15):
            task, split = chance.choice([(FIRST, "test"), (FIRST, "train"), (SECOND, "dev"), (SECOND, "train")])
            words = chance.choices(WORDS[: chance.choice([2, 6])], k=chance.choice([0, 3, 8, 12, 13, 25]))
            rows.append((task, split, f"{step} {number}", " ".join(words), ""))
        state = build(folder, rows, mark=f"step-{step}")
    assert state is not None
    fresh = build(tmp_path_factory.mktemp("fresh"), rows, mark=f"step-{len(seeds) - 1}")
    assert findings(state) == findings(fresh)


def test_nothing_is_compared_twice(before: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(before, tmp_path, dirs_exist_ok=True)

    def compare(*_: object) -> None:
        raise AssertionError("texts are compared that were compared before")

    monkeypatch.setattr("tasks.build.audit.similar.Similar._compare", compare)
    monkeypatch.setattr("tasks.build.audit.quoted.Quoted._quote", compare)
    monkeypatch.setattr("tasks.build.audit.sequences._passing", compare)
    state = build(tmp_path, samples()[::-1], mark="after")
    assert state.audit is not None


def spoil(place: Path) -> None:
    """Make what an audit found wrong, but well formed."""
    for name in TABLES:
        path = place / FOLDER / f"{name}.parquet"
        if name != "texts":
            pl.read_parquet(path).clear().write_parquet(path)


@pytest.mark.parametrize("damage", ["of other code", "unfinished", "cut", "gone", "folder gone"])
@pytest.mark.heavy
def test_what_is_damaged_or_of_other_code_is_not_used(before: Path, tmp_path: Path, damage: str) -> None:
    shutil.copytree(before, tmp_path / "one")
    (place,) = (tmp_path / "one" / AUDITS).iterdir()
    path = place / FOLDER / "pairs.parquet"
    if damage == "of other code":
        spoil(place)
        done = json.loads((place / DONE).read_text())
        done["made_of"]["code"] = "0" * 16
        (place / DONE).write_text(json.dumps(done))
    elif damage == "unfinished":
        spoil(place)
        (place / DONE).unlink()
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[:-20])
    elif damage == "gone":
        path.unlink()
    else:
        shutil.rmtree(place / FOLDER)
    again = build(tmp_path / "one", samples(), mark="after")
    assert findings(again) == findings(build(tmp_path / "other", samples(), mark="after"))


def test_the_audit_with_most_of_the_texts_counts(before: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(before, tmp_path, dirs_exist_ok=True)
    build(tmp_path, [row for row in samples() if row[0] == SECOND][:20], mark="some")
    monkeypatch.setattr("tasks.build.audit.similar.Similar._compare", None)
    assert build(tmp_path, samples()[:-1], mark="most").audit is not None
