"""What a document must be to become a record."""

import pytest

from schemas.records import Argument, Document, Entity, Event, Link, Reject, Relation
from tasks.build.read.check import MISMATCH, at_spans, checked

TEXT = "A [b] <c>\n😀 d d"


def entity(mention: str, *spans: tuple[int, int], id_: str = "T1") -> Entity:
    return Entity(id_, "X", spans, mention)


def outcome(*entities: Entity) -> Document | Reject:
    return checked(Document("7", TEXT, entities))


@pytest.mark.parametrize(
    ("mention", "spans"),
    [
        ("[b]", [(2, 5)]),
        ("<c>\n😀", [(6, 11)]),
        ("<c> 😀", [(6, 11)]),
        ("[b]  <c> ", [(2, 9)]),
        ("A <c>", [(0, 1), (6, 9)]),
        ("d d", [(12, 13), (14, 15)]),
        ("b] [b", [(3, 5), (2, 4)]),
        ("[b]<c>", [(2, 5), (6, 9)]),
        ("[b]\n  <c>", [(2, 5), (6, 9)]),
    ],
)
def test_a_mention_that_is_at_its_spans(mention, spans):
    written = " ".join(TEXT[start:end] for start, end in sorted(spans)) if len(spans) > 1 else mention
    assert outcome(entity(mention, *spans)) == Document("7", TEXT, (entity(written, *sorted(spans)),))


def test_fragments_make_the_mention_in_the_order_of_the_text():
    for mention in ("A <c>", "<c> A", "A<c>", "<c>A"):
        assert outcome(entity(mention, (6, 9), (0, 1))) == Document("7", TEXT, (entity("A <c>", (0, 1), (6, 9)),))


@pytest.mark.parametrize("mention", ["A<c", "A d", "A<c>d"])
def test_between_fragments_stands_white_space_or_nothing(mention):
    assert isinstance(outcome(entity(mention, (0, 1), (6, 9))), Reject)


def test_each_concept_of_a_mention_counts_once():
    links = (Link("V", "1"), Link("W", "1"), Link("V", "1"))
    found = outcome(entity("A", (0, 1))._replace(links=links))
    assert isinstance(found, Document)
    assert found.entities[0].links == (Link("V", "1"), Link("W", "1"))


@pytest.mark.parametrize(
    "document",
    [
        Document("7", "a\0b"),
        Document("\0", "a b"),
        Document("7", "a b", (Entity("T1", "X", ((0, 1),), "a", (Link("V", "\0"),)),)),
        Document("7", "a b", (Entity("T1", "X\0", ((0, 1),), "a"),)),
    ],
)
def test_a_nul_is_not_text(document):
    found = checked(document)
    assert isinstance(found, Reject)
    assert (found.reason, "\0" in found.id) == ("NUL character", False)


@pytest.mark.parametrize(
    ("mention", "spans", "found"),
    [
        ("b", [(2, 3)], "T1 X 2-3: the mention is 'b', the text there is '['"),
        ("[B]", [(2, 5)], "the text there is '[b]'"),
        ("d", [(14, 16)], "the text has 15 characters"),
        ("d", [(-1, 15)], "the text has 15 characters"),
        ("", [(2, 2)], "the text has 15 characters"),
        ("", [], "the text has 15 characters"),
        ("", [(1, 2)], "the text there is ' '"),
        (" ", [(1, 2)], "the mention is ' '"),
        ("b", [(4, 3)], "the text has 15 characters"),
        ("A d", [(0, 1), (99, 100)], "T1 X 0-1, 99-100: the mention is 'A d', the text has 15 characters"),
        ("d d", [(13, 14), (15, 16)], "the text has 15 characters"),  # counted in UTF-16
        ("d", [(15, 16)], "the text has 15 characters"),  # counted in bytes
    ],
)
def test_a_mention_that_is_not(mention, spans, found):
    reject = outcome(entity("[b]", (2, 5), id_="T0"), entity(mention, *spans))
    assert isinstance(reject, Reject)
    assert (reject.id, reject.reason) == ("7", MISMATCH)
    assert found in reject.detail


@pytest.mark.parametrize(
    ("trigger", "start", "is_there"),
    [
        ("[b]", 2, True),
        ("[b] d", 2, True),
        ("<c>\n😀", 6, True),
        ("b", 2, False),
        ("", 2, False),
        (" ", 1, False),
        ("d", -1, False),
        ("d", 99, False),
    ],
)
def test_a_trigger_begins_where_its_event_starts(trigger, start, is_there):
    document = Document("7", TEXT, events=(Event("E1", "Y", trigger, start, ()),))
    found = checked(document)
    assert found == document if is_there else isinstance(found, Reject)
    if isinstance(found, Reject):
        assert found.reason == MISMATCH
        assert f"E1 Y {start}: the trigger is {trigger!r}" in found.detail


def test_arguments_without_a_mention_are_left_to_the_renderer():
    relations = (Relation("R1", "Y", (Argument("Arg1", "T9", "entity", ""),)),)
    document = Document("7", TEXT, (entity("A", (0, 1)),), relations)
    assert checked(document) is document
    assert checked(Document("7", "")) == Document("7", "")


def test_the_text_at_spans():
    assert at_spans("abc", ((0, 1), (2, 3))) == "a c"
    assert at_spans("abc", ()) is None
    assert at_spans("abc", ((0, 4),)) is None
