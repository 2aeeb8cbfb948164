"""Standoff files in other layouts: texts in another folder or in one table, wrapped mentions, lines to leave out."""

import pytest

from schemas.errors import FormatError
from schemas.formats import InteractionXml, Standoff
from schemas.records import Document, Entity, Link, Reject
from tasks.build.read.check import checked
from tests.support.reading import documents, put, rejects, split

APART = Standoff(annotations=(".ann",), texts="apart")
LINES = Standoff(annotations=(".ann",), texts="lines")
WRAPPED = Standoff(annotations=(".ann",), wrapped=True)


def test_texts_in_another_folder():
    files = [
        put("a/1.ann", "T1\tX 0 1\tA\n"),
        put("a/2.ann", ""),
        put("t/2.txt", "B"),
        put("t/1.txt", "A"),
        put("a/3.ann", ""),
    ]
    found = split(APART, *files)
    assert found == [
        Document("2", "B"),
        Document("1", "A", (Entity("T1", "X", ((0, 1),), "A"),)),
        Reject("3.ann", "annotations without a text", "expected `3.txt` in another folder"),
    ]


def test_texts_of_one_name_in_two_folders():
    ((id_, reason, _),) = rejects(APART, put("t/1.txt", "A"), put("u/1.txt", "B"), put("1.ann", ""))
    assert (id_, reason) == ("u/1.txt", "repeated file")


def test_texts_in_one_table():
    table = put("corpus.txt", "1\tA [b]\tc 😀\r\n2\t\r\nx\r\n\tA\r\n")
    annotations = [
        put("a/1.ann", "T1\tX 2 5;8 9\t[b] 😀\n"),
        put("a/.cache", b"\x80"),
        put("a/9.ann", ""),
        put("2.ann", ""),
    ]
    found = split(LINES, texts=table, annotations=annotations)
    expected = "expected an id, a tab and a text"
    assert found == [
        Document("1", "A [b]\tc 😀", (Entity("T1", "X", ((2, 5), (8, 9)), "[b] 😀"),)),
        Document("2", ""),
        Reject("corpus.txt:3", "malformed line", expected),
        Reject("corpus.txt:4", "malformed line", expected),
        Reject("9.ann", "annotations without a text", "expected a line of the texts that begins with `9`"),
    ]
    assert isinstance(found, list)
    assert checked(found[0]) == found[0]


def test_one_table_of_texts_is_wanted():
    with pytest.raises(FormatError, match="one file of the role `texts`"):
        split(LINES, put("a/1.ann", ""))


def test_lines_to_leave_out():
    options = Standoff(annotations=(".ann",), skip=("*\tOR", "**", "E"))
    lines = "T1\tX 0 1\tA\n*\tOR T1 T9\n** NOT READ **\nE1\tX:T1\n*\tEquiv T1 T1\n"
    (document,) = documents(options, put("1.txt", "A"), put("1.ann", lines))
    assert (len(document.entities), document.events, len(document.chains)) == (1, (), 1)
    assert rejects(Standoff(annotations=(".ann",)), put("1.txt", "A"), put("1.ann", "** NOT READ **\n"))


def test_a_wrapped_mention():
    text = "A cell\r\n  line, or\r\nT cell\r\nB"
    lines = "T1\tX 0 18\tA cell\n  line, or\r\nT2\tX 10 26\tline, or\nT cell\n#1\tNote T1\tx\nR1\tY a:T1 b:T2\n"
    (document,) = documents(WRAPPED, put("1.txt", text), put("1.ann", lines))
    assert [entity.text for entity in document.entities] == ["A cell\n  line, or", "line, or\nT cell"]
    assert len(document.relations) == 1
    assert checked(document) == document


@pytest.mark.parametrize("lines", ["cell\nT1\tX 0 1\tA\n", "T1\tX 0 1\tA\n\ncell\n", "T1\tX 0 1\tA\n#1\tN T1\ncell\n"])
def test_a_line_that_wraps_no_mention(lines: str):
    found = split(WRAPPED, put("1.txt", "A"), put("1.ann", lines))
    assert isinstance(found, list)
    document, stray = found
    assert [entity.text for entity in document.entities] == ["A"]
    assert (stray.id, stray.reason) == ("1", "stray line")


def test_mentions_are_not_wrapped_unless_it_is_said():
    assert rejects(Standoff(annotations=(".ann",)), put("1.txt", "A\nb"), put("1.ann", "T1\tX 0 3\tA\nb\n"))


def test_documents_of_several_sentences():
    options = InteractionXml(per="document", links={"drug": "D"})
    entities = (
        '<entity id="d0.s1.e0" origId="7, 8,," charOffset="0-3" type="drug" text="[b]"/>'
        '<entity id="d0.s1.e1" origId="9" charOffset="4-5" type="gene" text="c"/>'
        '<pair e1="d0.s1.e0" e2="d0.s1.e1" id="d0.s1.i0" interaction="True"/>'
    )
    xml = f'<c><document id="d0"><sentence text="A 😀."/><sentence text="[b] c">{entities}</sentence></document></c>'
    (document,) = documents(options, put("x", xml))
    assert (document.id, len(document.text)) == ("d0", 10)
    assert document.entities[0].links == (Link("D", "7"), Link("D", "8"))
    assert document.entities[1].links == ()
    assert [argument.text for argument in document.relations[0].arguments] == ["[b]", "c"]
    assert checked(document) == document
