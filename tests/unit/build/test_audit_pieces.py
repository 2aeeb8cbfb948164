"""An audit of many samples in pieces that are made ahead finds what one finds that makes them itself, or has none."""

import random
import shutil
from pathlib import Path

import pytest

from schemas.audit import AuditPiece, Sought
from schemas.state import State
from tasks.base.store.root import Root
from tasks.build.audit import candidates
from tasks.build.audit.earlier import AUDITS, FOLDER, TABLES
from tasks.build.audit.looks import MARKS, Looking
from tasks.build.audit.pieces import FOLDER as PIECES
from tasks.build.pipeline import work
from tests.support.audited import build, indexed
from tests.unit.build.test_audit_again import CHANGES, Row, findings, samples

TEXTS: dict[Sought, list[Row]] = {
    "leaks into tests": samples(),
    "leaks of training texts": CHANGES["the other way round"](samples()),
}
"""Samples by what is sought of them: of tests or of training texts there are more."""

Whole = dict[Sought, dict[str, bytes]]


def kept(state: State) -> dict[str, bytes]:
    """The bytes of what an audit found, and of what it keeps for later ones."""
    assert state.audit is not None
    root, place = Root(state.order.root), state.audit.place
    assert not root.exists(f"{place}/{PIECES}")
    return findings(state) | {name: root.read_bytes(f"{place}/{FOLDER}/{name}.parquet") for name in TABLES}


def ahead(state: State, some: slice = slice(None)) -> list[AuditPiece]:
    """Prepare an audit and make some of its pieces, in any order; gives all."""
    pieces = work.prepare_audit(state)
    tasks = [task for built in state.sources for task in built.indexed]
    for piece in random.Random(len(pieces)).sample(pieces[some], len(pieces[some])):
        work.audit_piece(piece, tasks, state.order)
    return pieces


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    return {sought: kept(build(tmp_path_factory.mktemp("whole"), texts)) for sought, texts in TEXTS.items()}


@pytest.mark.heavy
@pytest.mark.parametrize("sought", TEXTS)
@pytest.mark.parametrize("some", [slice(None), slice(None, None, 2), slice(0, 0)], ids=["all", "half", "none"])
@pytest.mark.parametrize(("rows", "workers", "files"), [(3, 1, 3), (20, 4, 1)])
def test_the_findings_are_the_same(
    rows: int, workers: int, files: int, some: slice, sought: Sought, whole: Whole, tmp_path: Path
) -> None:
    state = indexed(tmp_path, TEXTS[sought], step_rows=rows, workers=workers, pieces=files)
    assert work.is_large(state)
    assert {piece.sought for piece in ahead(state, some)} == {"near duplicates", sought}
    assert kept(work.audit(state)) == whole[sought]


def test_a_small_build_has_no_pieces_and_keeps_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = indexed(tmp_path, samples(), step_rows=len(samples()) + 1)
    assert not work.is_large(state)
    assert work.prepare_audit(state) == []
    monkeypatch.setattr(Root, "remove", lambda *_: None)
    done = work.audit(state)
    assert done.audit is not None
    assert PIECES not in Root(state.order.root).names(done.audit.place)


def test_what_was_made_ahead_is_not_made_again(whole: Whole, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = indexed(tmp_path, samples(), step_rows=10)
    pieces = ahead(state)
    assert str(pieces[0]).startswith("leaks into tests, piece 1 of ")
    assert str(pieces[-1]) == "near duplicates, piece 16 of 16"

    def make(*_: object) -> None:
        raise AssertionError("a piece is made that is there")

    for owner, name in ((Looking, "passed"), (Looking, "_marked"), (candidates, "_slice")):
        monkeypatch.setattr(owner, name, make)
    assert ahead(state) == pieces
    assert kept(work.audit(state)) == whole["leaks into tests"]


@pytest.mark.heavy
@pytest.mark.parametrize("damage", ["piece", "marks"])
def test_what_is_damaged_is_made_again(damage: str, whole: Whole, tmp_path: Path) -> None:
    state = indexed(tmp_path, samples(), step_rows=10)
    pieces, root = ahead(state, slice(1, None)), Root(state.order.root)
    place = {"piece": pieces[1].file, "marks": f"{pieces[0].place}/{MARKS}"}[damage]
    root.write_bytes(place, root.read_bytes(place)[:-64])
    assert kept(work.audit(state)) == whole["leaks into tests"]


@pytest.mark.heavy
@pytest.mark.parametrize("change", CHANGES)
def test_after_a_change_the_new_texts_alone_are_looked_up(change: str, tmp_path: Path) -> None:
    """Also where an audit was killed that knew no earlier one: what it left of sequences is not taken."""
    after = CHANGES[change](samples())
    expected = findings(build(tmp_path / "one", after, mark="after"))
    killed = indexed(tmp_path / "two", after, mark="after", step_rows=7)
    ahead(killed)
    shutil.move(tmp_path / "two" / AUDITS, tmp_path / "left")
    before = build(tmp_path / "two", samples(), mark="before").audit
    assert before is not None
    shutil.copytree(tmp_path / "left", tmp_path / "two" / AUDITS, dirs_exist_ok=True)
    names = {piece.place.rpartition("/")[2] for piece in ahead(killed)}
    expected_names = {
        "tests": {f"new-tests-{before.fingerprint}", "keys"},
        "training rows": {f"new-training-texts-{before.fingerprint}", "keys"},
        "nothing": set[str](),
        "documents": set[str](),
    }
    assert names == expected_names.get(change, names)
    assert findings(work.audit(killed)) == expected
