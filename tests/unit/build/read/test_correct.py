"""Corrections: what each does, and that one that does not match stops the build."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from schemas.correction import Correction
from schemas.errors import CorrectionError
from schemas.records import Argument, Document, Entity, Event, Link, Mention, Reject, Relation
from tasks.build.read.correct import correct, load, unused

FIRST = Entity("T1", "X", ((0, 1),), "a", (Link("D", "1"),))
SECOND = Entity("T2", "X", ((2, 3),), "b")
UNUSED = Entity("T3", "X", ((4, 5),), "a")
PLAIN = Document("7", "a b a", (FIRST, SECOND, UNUSED))
FULL = Document(
    "7",
    "a b a",
    (FIRST, SECOND, UNUSED),
    (
        Relation("R1", "r", (Argument("Arg1", "T1", "entity", "a"), Argument("Arg2", "T2", "entity", "b"))),
        Relation("R2", "r", (Argument("Arg1", "1", "concept", "a"), Argument("Arg2", "2", "concept", "a"))),
    ),
    (Event("E1", "e", "b", 2, (Argument("Theme", "T1", "entity", "a"),)),),
    ((Mention("T1", "a"), Mention("T2", "b")),),
)


def correction(**changes: Any) -> Correction:
    return Correction.model_validate(
        {"record": "7", "entity": "T1", "expect": "a", "action": "drop", "reason": "r"} | changes
    )


def outcome(document: Document | Reject, *corrections: Correction) -> Document | Reject:
    used: set[Correction] = set()
    (found,) = correct([document], corrections, used)
    assert used == set(corrections)
    return found


def test_move():
    found = outcome(PLAIN, correction(action="move", spans=[[4, 5]]))
    assert found == Document("7", "a b a", (FIRST._replace(spans=((4, 5),)), SECOND, UNUSED))


def test_move_of_an_events_trigger_changes_it_wherever_it_is_an_argument():
    inner = Event("E1", "e", " ", 1, (Argument("Theme", "T1", "entity", "a"),))
    outer = Event("E2", "e", "b", 2, (Argument("Theme", "E1", "event", " "),))
    relation = Relation("R1", "r", (Argument("Arg1", "E1", "event", " "), Argument("Arg2", "T1", "entity", "a")))
    document = Document("7", "a b a", (FIRST,), (relation,), (inner, outer))
    moved = correction(entity="E1", expect=" ", action="move", spans=[[2, 5]])
    assert outcome(document, moved) == Document(
        "7",
        "a b a",
        (FIRST,),
        (relation._replace(arguments=(Argument("Arg1", "E1", "event", "b a"), relation.arguments[1])),),
        (
            inner._replace(trigger="b a", start=2),
            outer._replace(arguments=(Argument("Theme", "E1", "event", "b a"),)),
        ),
    )
    with pytest.raises(CorrectionError, match="`7`, E1 expects 'x' and finds ' '"):
        outcome(document, correction(entity="E1", expect="x", action="move", spans=[[2, 5]]))


def test_mention_changes_wherever_it_is_repeated():
    found = outcome(FULL, correction(action="mention", text="c"))
    assert found == Document(
        "7",
        "a b a",
        (FIRST._replace(text="c"), SECOND, UNUSED),
        (
            Relation("R1", "r", (Argument("Arg1", "T1", "entity", "c"), Argument("Arg2", "T2", "entity", "b"))),
            Relation("R2", "r", (Argument("Arg1", "1", "concept", "c"), Argument("Arg2", "2", "concept", "a"))),
        ),
        (Event("E1", "e", "b", 2, (Argument("Theme", "T1", "entity", "c"),)),),
        ((Mention("T1", "c"), Mention("T2", "b")),),
    )


def test_type():
    found = outcome(FULL, correction(action="type", text="Y"))
    assert isinstance(found, Document)
    assert found.entities == (FIRST._replace(type="Y"), SECOND, UNUSED)


def test_drop_an_entity():
    assert outcome(PLAIN, correction()) == Document("7", "a b a", (SECOND, UNUSED))
    assert outcome(FULL, correction(entity="T3")).entities == (FIRST, SECOND)


@pytest.mark.parametrize("without", ["relations", "events", "chains"])
def test_an_entity_that_is_needed_is_not_dropped(without):
    needed = {name: getattr(FULL, name) for name in ("relations", "events", "chains") if name != without}
    with pytest.raises(
        CorrectionError, match="`7`, T1 expects 'a' and finds a relation, an event or a chain that needs"
    ):
        outcome(Document("7", "a b a", FULL.entities, **needed), correction())


def test_drop_a_record():
    assert outcome(PLAIN, correction(entity=None, expect="a b", reason="It is empty.")) == Reject(
        "7", "dropped by a correction", "It is empty."
    )


def test_several_corrections_of_a_record_apply_in_order():
    moves = correction(action="move", spans=[[4, 5]]), correction(action="mention", text="x")
    assert outcome(PLAIN, *moves, correction(entity="T2", expect="b")).entities == (
        FIRST._replace(spans=((4, 5),), text="x"),
        UNUSED,
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"expect": "A"},
            r"The correction of record `7`, T1 expects 'A' and finds 'a'\. If the publishers have mended it",
        ),
        ({"entity": "T9"}, "T9 expects 'a' and finds no such entity"),
        ({"entity": "T9", "expect": "no such entity"}, "T9 expects 'no such entity' and finds no such entity"),
        ({"entity": None, "expect": "a c"}, "`7`, text expects 'a c' and finds 'a b'"),
    ],
)
def test_a_wrong_expectation_stops(changes, message):
    with pytest.raises(CorrectionError, match=message):
        outcome(PLAIN, correction(**changes))


def test_what_is_not_corrected_passes_as_it_is():
    used: set[Correction] = set()
    reject = Reject("7", "reason", "detail")
    other = Document("8", "a")
    assert list(correct([reject, other], (correction(),), used)) == [reject, other]
    assert used == set()
    with pytest.raises(
        CorrectionError, match=r"A correction of `src` matches nothing: record `7` .* sources/src\.corrections\.yml"
    ):
        unused("src", (correction(),), used)
    unused("src", (correction(),), {correction()})


def test_corrections_are_read_strictly(tmp_path):
    path = tmp_path / "x.corrections.yml"
    assert load(path) == ()
    path.write_text("")
    assert load(path) == ()
    path.write_text(
        '- {record: "7", entity: T1, expect: a, action: drop, reason: r, reported: 2026-11-20, copy_sha256: "12"}\n'
    )
    assert load(path) == (correction(reported=date(2026, 11, 20), copy_sha256="12"),)
    path.write_text('- {record: "7", expect: a, action: trim, reason: r}\n')
    with pytest.raises(ValidationError):
        load(path)
