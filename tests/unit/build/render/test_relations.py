"""Rendering of relations: which are one, and in which order their arguments stand."""

from dataclasses import replace

import pytest

from schemas.records import Argument, Document, Relation
from schemas.task import Re
from tests.support.rendering import (
    documents,
    entity,
    outcome,
    rows,
)

RE = Re(name="T", types={"X": "binds"}, ignore=("Y",))


def relation(first: tuple[str, str], second: tuple[str, str], type_: str = "X", id_: str = "R1") -> Relation:
    return Relation(id_, type_, (Argument("Arg1", "T1", *first), Argument("Arg2", "T2", *second)))


def related(*relations: Relation) -> Document:
    return Document("d", "text", relations=relations)


def bound(first: str, second: str, kind: str = "entity") -> Relation:
    """A relation between entities with these ids, which are mentions of `a` and `b`."""
    ends = (Argument(f"Arg{place}", id_, kind, id_[0]) for place, id_ in enumerate((first, second), 1))
    return Relation("R1", "X", tuple(ends))


AB = tuple(entity(id_, start, id_[0]) for start, id_ in enumerate(("b1", "a1", "b2", "a2")))


def test_a_relation_between_other_places_is_another_one() -> None:
    found = Document("d", "baba", AB, relations=(bound("a1", "b1"), bound("a1", "b1"), bound("a2", "b1")))
    assert outcome(RE, found)[0] == "[<a> <binds> <b>], [<a> <binds> <b>]"


def test_two_types_with_one_name_are_one_relation() -> None:
    task = Re(name="T", types={"X": "binds", "Y": "binds"})
    twice = (bound("a1", "b1"), bound("a1", "b1")._replace(type="Y"))
    assert outcome(task, Document("d", "baba", AB, relations=twice))[0] == "[<a> <binds> <b>]"


SYMMETRIC = Re(name="T", types={"X": "binds", "Y": "eats"}, symmetric=("binds",))


@pytest.mark.parametrize(("first", "second"), [("a1", "b1"), ("b1", "a1")])
def test_a_relation_without_direction_is_written_in_text_order(first: str, second: str) -> None:
    there = Document("d", "baba", AB, relations=(bound(first, second),))
    assert outcome(SYMMETRIC, there)[0] == "[<b> <binds> <a>]"
    assert outcome(RE, there)[0] == f"[<{first[0]}> <binds> <{second[0]}>]"


def test_the_shorter_of_two_mentions_that_start_together_comes_first() -> None:
    nested = (entity("T1", 0, "tea leaf"), entity("T2", 0, "tea"))
    ends = (Argument("Arg1", "T1", "entity", "tea leaf"), Argument("Arg2", "T2", "entity", "tea"))
    found = Document("d", "tea leaf", nested, relations=(Relation("R1", "X", ends), Relation("R2", "Y", ends)))
    assert outcome(SYMMETRIC, found)[0] == "[<tea> <binds> <tea leaf>], [<tea leaf> <eats> <tea>]"


def test_both_orders_of_one_pair_are_one_relation_without_direction() -> None:
    both = Document("d", "baba", AB, relations=(bound("a1", "b1"), bound("b1", "a1")))
    assert outcome(SYMMETRIC, both)[0] == "[<b> <binds> <a>]"
    assert outcome(RE, both)[0] == "[<a> <binds> <b>], [<b> <binds> <a>]"


def test_a_concept_stands_where_its_name_is_first_mentioned() -> None:
    found = Document("d", "baba", AB, relations=(bound("a", "b", "concept"),))
    assert outcome(SYMMETRIC, found)[0] == "[<b> <binds> <a>]"


def test_a_relation_between_concepts_is_named_once() -> None:
    again = relation(("concept", "a"), ("concept", "b"))
    back = relation(("concept", "b"), ("concept", "a"))
    assert outcome(RE, related(again, back, again))[0] == "[<a> <binds> <b>], [<b> <binds> <a>]"


def test_the_same_relation_in_two_documents_is_named_in_both() -> None:
    again = related(relation(("concept", "a"), ("concept", "b")))
    made = rows(RE, documents(again, replace(again, id="e")))
    assert [row["output"] for row in made] == ["[<a> <binds> <b>]"] * 2


def test_a_relation_of_events_is_no_relation_of_entities() -> None:
    between = relation(("trigger", "grew"), ("entity", "b"))
    assert outcome(RE, related(between)) == (None, "no relation")
    assert outcome(RE, related(between, relation(("entity", "a"), ("entity", "b"))))[0] == "[<a> <binds> <b>]"


def test_an_argument_without_a_mention_rejects_the_document() -> None:
    broken, sound = relation(("concept", "a"), ("concept", "")), relation(("concept", "a"), ("concept", "b"))
    assert outcome(RE, related(sound, broken)) == (None, "argument without a mention")


def test_a_relation_with_one_argument_rejects_the_document() -> None:
    lone = Relation("R1", "X", (Argument("Arg1", "T1", "entity", "a"),))
    assert outcome(RE, related(lone)) == (None, "argument without a mention")


def test_a_relation_with_three_arguments_is_not_cut_to_two() -> None:
    arguments = (Argument(f"Arg{number}", f"T{number}", "entity", text) for number, text in enumerate("abc", 1))
    output, reason = outcome(RE, related(Relation("R1", "X", tuple(arguments))))
    assert reason or "<c>" in (output or "")


def test_types_of_relations_are_declared_or_ignored() -> None:
    ignored, odd = relation(("entity", "a"), ("entity", "b"), "Y"), relation(("entity", "a"), ("entity", "b"), "W")
    assert outcome(RE, related(ignored)) == (None, "no relation")
    assert outcome(RE, related(odd)) == (None, "undeclared type")
