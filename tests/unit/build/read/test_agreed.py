"""Standoff files of two annotators: only what both say counts."""

import pytest

from schemas.formats import Agreed, Standoff
from schemas.records import Argument, Document, Entity, Event, Mention, Relation
from tasks.build.read import readers
from tasks.build.read.check import checked
from tasks.build.unpack import Member
from tests.support.reading import documents, put, rejects, split

TWO = Agreed()
TEXT = "Otter moss cures velt fever (VF) and gout."
FIRST = """T1\tPlant 0 10\tOtter moss
T2\tDisease 17 27\tvelt fever
T3\tDisease 29 31\tVF
T4\tTreats 11 16\tcures
T5\tDisease 37 41\tgout
T6\tPlant 6 10\tmoss
E1\tTreats:T4 Theme:T2 Cause:T1
E2\tTreats:T4 Theme:T5 Cause:T1
E3\tTreats:T4 Theme:T2 Cause:T6
R1\tNear Arg1:T2 Arg2:T3
R2\tNear Arg1:T3 Arg2:T2
*\tEquiv T2 T3 T6
*\tEquiv T1 T5
"""
SECOND = """T1\tDisease 22 27\tfever
T2\tDisease 29 31\tVF
T3\tPlant 0 10\tOtter moss
T4\tTreats 11 27\tcures velt fever
T5\tPlant 37 41\tgout
E1\tTreats:T4 Cause:T3 Theme:T1
E2\tTreats:T4 Theme:T5 Cause:T3
R1\tNear Arg1:T1 Arg2:T2
R2\tFar Arg1:T2 Arg2:T1
*\tEquiv T1 T2
*\tEquiv T3 T5
"""


def files(first: str = FIRST, second: str = SECOND) -> list[Member]:
    return [put("d/7.txt", TEXT), put("d/7.ann", first), put("d/7.ann2", second)]


def test_what_both_say():
    moss = Entity("T1", "Plant", ((0, 10),), "Otter moss")
    fever = Entity("T2", "Disease", ((17, 27),), "velt fever")
    vf = Entity("T3", "Disease", ((29, 31),), "VF")
    ends = (Argument("Theme", "T2", "entity", "velt fever"), Argument("Cause", "T1", "entity", "Otter moss"))
    near = (Argument("Arg1", "T2", "entity", "velt fever"), Argument("Arg2", "T3", "entity", "VF"))
    (found,) = documents(TWO, *files())
    assert found == Document(
        "7",
        TEXT,
        (moss, fever, vf),
        (Relation("R1", "Near", near),),
        (Event("E1", "Treats", "cures velt fever", 11, ends),),
        ((Mention("T2", "velt fever"), Mention("T3", "VF")),),
    )
    assert isinstance(checked(found), Document)
    (turned,) = documents(TWO, *files(SECOND, FIRST))
    assert [(entity.type, entity.spans) for entity in turned.entities] == [(e.type, e.spans) for e in found.entities]
    assert [event.trigger for event in turned.events] == ["cures velt fever"]


def test_an_event_counts_once_for_each_that_the_other_has():
    (found,) = documents(TWO, *files(FIRST + "E4\tTreats:T4 Theme:T2 Cause:T1\n"))
    assert [event.id for event in found.events] == ["E1"]


def test_one_entity_for_one():
    """The longest common part decides, not the order."""
    (found,) = documents(TWO, *files("T1\tX 0 5\tOtter\nT2\tX 0 16\tOtter moss cures\n", "T1\tX 0 10\tOtter moss\n"))
    assert found.entities == (Entity("T2", "X", ((0, 16),), "Otter moss cures"),)


@pytest.mark.parametrize(("missing", "left"), [(2, ".ann2"), (1, ".ann")])
def test_a_text_that_one_annotator_did_not_see(missing, left):
    given = files()
    del given[missing]
    ((id_, reason, detail),) = rejects(TWO, *given)
    assert (id_, reason) == ("7", "not annotated twice")
    assert left in detail


def test_faults_of_either_are_rejected_once():
    assert rejects(TWO, *files(first="T1\tX\n"))[0][:2] == ("7", "malformed line")
    assert rejects(TWO, *files(second="T1\tX\n"))[0][:2] == ("7", "malformed line")
    found = split(TWO, *files(), put("8.ann2", ""), put("9.ann", ""), put("d/7.txt", "again"))
    assert isinstance(found, list)
    assert sorted((item.id, item.reason) for item in found[1:] if not isinstance(item, Document)) == [
        ("8.ann2", "annotations without a text"),
        ("9.ann", "annotations without a text"),
    ]


def test_its_code_is_also_that_of_the_standoff_reader():
    assert set(readers.modules(Standoff())) < set(readers.modules(TWO))
