"""One table of mentions for many text files: what becomes a document, and what is rejected where."""

import pytest

from schemas.errors import FormatError
from schemas.formats import MentionTable
from schemas.records import Link
from tests.support.reading import documents, put, rejects, split

OPTIONS = MentionTable(
    type="X", link=0, document=1, start=2, end=3, text=4, databases={"a:b:": "A", "c:": "C"}, nothing=("0",)
)
TEXTS = [put("d/7.txt", "é [b]\r\n😀 tail"), put("d/8.2.txt", "none"), put("d/9.txt", "x")]
HEAD = "#id\tdocument\tstart\tend\ttext\tcode\n"


def table(*rows: str) -> str:
    return HEAD + "".join(f"{row}\n" for row in rows)


def test_documents_with_their_mentions_in_text_order():
    rows = ("c:5\t7\t7\t8\t😀\t4", "a:b:3\t7\t2\t5\t[b]\t", "a:b:0\t7\t0\t1\té", "", " \t")
    first, second, third = documents(OPTIONS, texts=TEXTS, mentions=put("t", table(*rows)))
    assert (first.id, first.text) == ("7", "é [b]\n😀 tail")
    assert [(entity.id, entity.type, entity.spans, entity.text, entity.links) for entity in first.entities] == [
        ("T3", "X", ((0, 1),), "é", ()),
        ("T2", "X", ((2, 5),), "[b]", (Link("A", "3"),)),
        ("T1", "X", ((6, 7),), "😀", (Link("C", "5"),)),
    ]
    assert (second.id, second.entities, third.id) == ("8.2", (), "9")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("a:b:1\t7\t2", ("7", "malformed line", "t:2: expected 5 columns or more, found 3")),
        ("by hand\tin the margin", ("t:2", "stray line", "expected 5 columns or more, found 2")),
        ("a:b:1\t7\tx\t5\t[b]", ("7", "malformed line", "t:2: expected an integer, found 'x'")),
        (
            "z:1\t7\t2\t5\t[b]",
            ("7", "malformed line", "t:2: expected an identifier that begins with a:b: or c:, found 'z:1'"),
        ),
        (
            "a:b:\t7\t2\t5\t[b]",
            ("7", "malformed line", "t:2: expected an identifier that begins with a:b: or c:, found 'a:b:'"),
        ),
        ("a:b:1\t77\t2\t5\t[b]", ("77", "annotations without a text", "t:2: no text file has this name")),
    ],
)
def test_a_row_that_does_not_fit(row, expected):
    files = {"texts": TEXTS, "mentions": put("t", table(row))}
    assert rejects(OPTIONS, **files) == [expected]
    assert len([item for item in split(OPTIONS, **files) if not hasattr(item, "reason")]) == 3 - (expected[0] == "7")


def test_files_that_are_missing_or_no_text():
    with pytest.raises(FormatError, match="one file of the role `mentions`"):
        split(OPTIONS, texts=TEXTS)
    with pytest.raises(FormatError, match=r"`d/x\.txt`, line 1, byte 0: 0xff is not text in utf-8"):
        split(OPTIONS, texts=put("d/x.txt", b"\xff"), mentions=put("t", HEAD))
