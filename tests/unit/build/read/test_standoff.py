"""Standoff: brat and BioNLP files, one text and its annotations, and three tables a split."""

import pytest

from schemas.errors import FormatError
from schemas.formats import Standoff, StandoffTables
from schemas.records import Argument, Document, Entity, Event, Link, Mention, Reject, Relation
from tasks.build.read.check import checked
from tests.support.reading import documents, put, rejects, split

BIONLP = Standoff()
BRAT = Standoff(annotations=(".ann",))


def document(text: str | bytes, annotations: str | bytes) -> Document:
    (found,) = documents(BRAT, put("d/1.txt", text), put("d/1.ann", annotations))
    return found


def fault(text: str, annotations: str) -> tuple[str, str]:
    ((id_, reason, detail),) = rejects(BRAT, put("d/1.txt", text), put("d/1.ann", annotations))
    assert id_ == "1"
    return reason, detail


def test_all_that_the_format_has():
    text = "A [b] 😀 cells and\ntissues bind; it\u2028moves.\n"
    first = "T1\tCell 2 5\t[b]\nT2\tCell 8 13\tcells\nT5\tCell 2 13\t[b] 😀 cells\n"
    second = (
        "*\tEquiv T2 T1\n"
        "T3\tBinding 26 30\tbind\n"
        "T4\tMove 35 40\tmoves\n"
        "E1\tBinding:T3 Theme:T1 Theme2:T2 \nE2\tMove:T4 Theme:E1 Cause:T3\nE3\tMove:T4\n"
        "R1\tPart-of Arg1:T1 Arg2:E2\n"
        "T6\tTissue 8 13;18 25\tcells tissues\n"
        "N1\tReference T1 Taxonomy:9606:x\thuman\n"
        "A1\tNegated E1\nM1\tSpeculation E1\n#1\tNote T1\tof \x85 a person\n\n \t\n"
    )
    expected = Document(
        "PMC-1.sec",
        text,
        (
            Entity("T1", "Cell", ((2, 5),), "[b]", (Link("Taxonomy", "9606:x"),)),
            Entity("T5", "Cell", ((2, 13),), "[b] 😀 cells"),
            Entity("T2", "Cell", ((8, 13),), "cells"),
            Entity("T6", "Tissue", ((8, 13), (18, 25)), "cells tissues"),
        ),
        (
            Relation(
                "R1", "Part-of", (Argument("Arg1", "T1", "entity", "[b]"), Argument("Arg2", "E2", "event", "moves"))
            ),
        ),
        (
            Event(
                "E1",
                "Binding",
                "bind",
                26,
                (Argument("Theme", "T1", "entity", "[b]"), Argument("Theme2", "T2", "entity", "cells")),
            ),
            Event(
                "E2",
                "Move",
                "moves",
                35,
                (Argument("Theme", "E1", "event", "bind"), Argument("Cause", "T3", "trigger", "bind")),
            ),
            Event("E3", "Move", "moves", 35, ()),
        ),
        ((Mention("T1", "[b]"), Mention("T2", "cells")),),
    )
    for mark in ("", "\ufeff"):
        for end in ("\n", "\r\n"):
            annotations = [
                put(f"x/PMC-1.sec{suffix}", rows.replace("\n", end))
                for suffix, rows in ((".a1", first), (".a2", second))
            ]
            others = [put("x/README", b"\xff"), put("y/2.txt", "no entity"), put("y/2.a1", ""), put("y/2.a2", "")]
            found = documents(BIONLP, *annotations, put("x/PMC-1.sec.txt", mark + text), *others)
            assert found == [expected, Document("2", "no entity")]
            assert checked(found[0]) == expected


def test_offsets_count_both_characters_of_a_crlf():
    found = document("ab\r\n\r\ncd\r\n", "T1\tX 6 8\tcd\r\nT2\tX 0 8\tab cd\r\nT3\tX 0 2;6 8\tab cd\r\n")
    assert found.text == "ab\n\ncd\n"
    assert [entity.spans for entity in found.entities] == [((0, 2), (4, 6)), ((0, 6),), ((4, 6),)]
    assert checked(found) == found
    counted_without = document("ab\r\n\r\ncd\r\n", "T1\tX 4 6\tcd\n")
    assert isinstance(checked(counted_without), Reject)


def test_fragments_are_read_in_the_order_of_the_text():
    found = document("left and right arm", "T1\tX 15 18;0 4\tarm left\nT2\tX 15 18;9 14\tright arm\n")
    record = checked(found)
    assert isinstance(record, Document)
    assert [(entity.id, entity.spans, entity.text) for entity in record.entities] == [
        ("T1", ((0, 4), (15, 18)), "left arm"),
        ("T2", ((9, 14), (15, 18)), "right arm"),
    ]
    wrong = checked(document("left and right arm", "T1\tX 15 18;0 4\tleft legs\n"))
    assert isinstance(wrong, Reject)
    assert wrong.detail == "T1 X 15-18, 0-4: the mention is 'left legs', the text there is 'arm left'"


def test_a_trigger_stands_where_its_event_begins():
    rows = "T1\tX 2 4;0 1\tcd a\nE1\tX:T1\nR1\tY a:E1 b:T1\n"
    record = checked(document("a cd", rows.replace("2 4", "2 4")))
    assert isinstance(record, Document)
    assert (record.events[0].start, record.events[0].trigger) == (0, "a cd")
    assert [argument.text for argument in record.relations[0].arguments] == ["a cd", "a cd"]
    wrong = checked(document("a cd", "T1\tX 1 3\tcd\nE1\tY:T1\n"))
    assert isinstance(wrong, Reject)
    assert (wrong.reason, wrong.detail) == ("span mismatch", "E1 Y 1: the trigger is 'cd', the text there is ' c'")


@pytest.mark.parametrize(
    ("line", "detail"),
    [
        ("T1\tX 0 1", "d/1.ann:1: 'T1\\tX 0 1': it is not an annotation"),
        ("T1\tX\ta", "not an annotation"),
        ("T1\tX 0\ta", "not an annotation"),
        ("T1\tX 0 1 2\ta", "not an annotation"),
        ("T1\tX a 1\ta", "not an annotation"),
        ("T1\tX 0 1\ta\nT1\tX 2 3\tb\nE1\tX:T1", "`T1` is the trigger of an event, and several lines define it"),
        ("*\t", "not an annotation"),
        ("E1", "not an annotation"),
        ("E1\tX", "not an annotation"),
        ("E1\tX:T9", "`T9` is used, but no line defines it"),
        ("R1\t", "not an annotation"),
        ("R1\tX Arg1:T9 Arg2:T9", "`T9` is used"),
        ("R1\tX T9", "`` is used"),
        ("*\tEquiv T1 T2", "`T1` is used"),
        ("*", "not an annotation"),
        ("N1\tReference T9 A:1", "`T9` is used"),
        ("N1\tReference", "not an annotation"),
        ("X1\tX 0 1\ta", "not an annotation"),
        (" T1\tX 0 1\ta", "not an annotation"),
    ],
)
def test_a_line_that_does_not_fit_rejects_its_document(line, detail):
    reason, found = fault("a b", line + "\n")
    assert reason == "malformed line"
    assert detail in found


def test_concepts_of_entities_with_and_without_roles():
    annotations = (
        "T1\tX 0 1\ta\nT2\tX 2 3\tb\nN1\tO Annotation:T1 Referent:O:7\nN2\tNCBI_T Annotation:T1 Referent:9\n"
        "N3\tReference T2 NCBI_T:8\tname\n"
    )
    (found,) = documents(BRAT, put("1.txt", "a b"), put("1.ann", annotations))
    assert [entity.links for entity in found.entities] == [
        (Link("O", "O:7"), Link("NCBI_T", "9")),
        (Link("NCBI_T", "8"),),
    ]
    named = BRAT.model_copy(update={"databases": {"NCBI_T": "NCBI T"}})
    (found,) = documents(named, put("1.txt", "a b"), put("1.ann", annotations))
    assert [entity.links for entity in found.entities] == [
        (Link("O", "O:7"), Link("NCBI T", "9")),
        (Link("NCBI T", "8"),),
    ]
    for line in (
        "N1\tO Annotation:T9 Referent:7",
        "N1\tO Annotation:T1 T:7",
        "N1\tO Referent:7 Annotation:T1",
        "N1\tO T1",
    ):
        reason, _ = fault("a b", f"T1\tX 0 1\ta\n{line}\n")
        assert reason == "malformed line"


def test_a_mention_may_hold_a_tab():
    found = document("a\tb", "T1\tX 0 3\ta\tb\n")
    assert found.entities[0].text == "a\tb"
    assert checked(found) == found


def test_files_without_their_text_and_files_of_one_name():
    found = rejects(BIONLP, put("d/1.a1", "T1\tX 0 1\ta\n"), put("d/2.txt", "a"), put("d/2.txt", "b"))
    assert found == [
        ("d/2.txt", "repeated file", "an earlier file of the split has this name"),
        ("2", "text without annotations", "expected its annotations in `2.a1`"),
        ("d/1.a1", "annotations without a text", "expected `d/1.txt` beside it"),
    ]
    member = put("d/3.txt", "a")
    assert documents(BIONLP, member, member, put("d/3.a1", "")) == [
        Document("3", "a")
    ]  # two globs may meet the same file


TABLES = StandoffTables()


def tables(abstracts: str, entities: str = "", relations: str = "", options: StandoffTables = TABLES):
    found = split(options, abstracts=put("a", abstracts), entities=put("e", entities), relations=put("r", relations))
    assert isinstance(found, list)
    return found


def test_tables_with_all_they_have():
    abstracts = '1\tA "x\tB [y] 😀 z\r\n2\t\t\n\n3\tlast\tone'
    entities = '1\tT2\tGENE-N\t5\t8\t[y]\n1\tT10\tCHEMICAL\t2\t4\t"x\n1\tT1\tGENE-N\t9\t12\t😀 z\textra\n'
    relations = "1\tCPR:3\tY \tACTIVATOR\tArg1:T10\tArg2:T1\r\n"
    expected = [
        Document(
            "1",
            'A "x\nB [y] 😀 z',
            (
                Entity("T10", "CHEMICAL", ((2, 4),), '"x'),
                Entity("T2", "GENE-N", ((7, 10),), "[y]"),
                Entity("T1", "GENE-N", ((11, 14),), "😀 z"),
            ),
            (
                Relation(
                    "R1", "CPR:3", (Argument("Arg1", "T10", "entity", '"x'), Argument("Arg2", "T1", "entity", "😀 z"))
                ),
            ),
        ),
        Document("2", "\n"),
        Document("3", "last\none"),
    ]
    moved = entities.replace("\t5\t8", "\t7\t10").replace("\t9\t12", "\t11\t14")
    assert tables(abstracts, moved, relations) == expected
    assert tables("\ufeff" + abstracts, "\ufeff" + moved, "\ufeff" + relations) == expected
    assert [checked(document) for document in expected] == expected


@pytest.mark.parametrize(
    ("entities", "relations", "detail"),
    [
        ("1\tT1\tX\t0\t1\n", "", "e:1 has too few columns"),
        (
            "1\tT1\tX\t0\tx\ta\n",
            "",
            "an entity or relation of the document: expected an integer, found 'x'",
        ),
        ("", "1\tX\tArg1:T1\n", "r:1 has too few columns"),
        ("", "1\tX\tArg1:T1\tArg2:T2\n", "an entity or relation of the document: no 'T1'"),
    ],
)
def test_rows_that_do_not_fit_reject_their_document(entities, relations, detail):
    found = tables("1\ta\tb\n2\ta\tb\n", entities, relations)
    assert found == [Reject("1", "malformed line", detail), Document("2", "a\nb")]


def test_abstracts_that_do_not_fit():
    assert tables("1\ta\n", "1\tT1\tX\t0\t1\ta\n", "2\tX\tArg1:T1\tArg2:T1\n") == [
        Reject("a:1", "malformed line", "expected 3 columns, found 2"),
        Reject("1", "annotations without a text", "no line of `a` has this id"),
        Reject("2", "annotations without a text", "no line of `a` has this id"),
    ]


def test_mentions_with_a_tab_are_rejected_by_the_check():
    (tab,) = tables("1\ta b\tc\n", "1\tT1\tX\t0\t3\ta\tb\n")
    assert isinstance(checked(tab), Reject)


def test_a_role_has_one_file():
    with pytest.raises(FormatError, match="one file of the role `entities`"):
        split(TABLES, abstracts=put("a", ""))
    with pytest.raises(FormatError, match=r"one file of the role `entities`, the declaration gives \['x', 'y'\]"):
        split(TABLES, abstracts=put("a", ""), entities=[put("x", ""), put("y", "")])


def test_declared_encodings():
    latin = Standoff(annotations=(".ann",), encoding="latin-1")
    (found,) = documents(latin, put("1.txt", b"\xe9\x92"), put("1.ann", b"T1\tX 0 1\t\xe9\n"))
    assert checked(found) == Document("1", "é\x92", (Entity("T1", "X", ((0, 1),), "é"),))
    with pytest.raises(FormatError, match=r"`1\.ann`, line 2, byte 11: 0xe9 is not text in utf-8"):
        documents(BRAT, put("1.txt", b"a"), put("1.ann", b"T1\tX 0 1\ta\n\xe9"))
