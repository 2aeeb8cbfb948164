"""Tokens with their places: whole texts, texts with holes, offsets of bytes, and lines that do not fit."""

import pytest

from schemas.formats import PlacedTokens
from schemas.records import Document, Entity, Reject
from tasks.build.read.check import checked
from tests.support.reading import documents, put, rejects

PLAIN = PlacedTokens()
BYTES = PlacedTokens(unit="bytes")


def rows(*cells: tuple[object, ...], id_: str = "7") -> str:
    return f"### {id_}\n" + "".join("\t".join(map(str, row)) + "\n" for row in cells) + "\n"


def test_all_that_the_format_has():
    first = rows(
        ("A", 2, 3, "", "|O"),
        ("[b]", 4, 7, "[b]-12 c", "|B-X"),
        ("-", 7, 8, "", "|I-X"),
        ("c", 11, 12, "", "|I-X"),
        ("d", 12, 13, " d", "|B-Y"),
        ("word", 15, 19, "", "|O"),
        ("e", 19, 20, "", "|O"),
        ("<f>", 22, 25, "<f> g", "|O"),
    )
    document = Document(
        "7",
        "  A [b]-12 c d word e <f> g",
        (
            Entity("T1", "X", ((4, 12),), "[b]-12 c"),
            Entity("T2", "Y", ((13, 14),), "d"),
            Entity("T3", "O", ((22, 27),), "<f> g"),
        ),
    )
    rest = rows(id_="8").rstrip("\n") + "\n" + rows(("x", 0, 1, "", "|O"), id_="9").rstrip("\n")
    for written in (first + rest, (first + rest).replace("\n", "\r\n"), "\n\n" + first + rest):
        found = documents(PLAIN, put("f", written))
        assert found == [document, Document("8", ""), Document("9", "x")]
        assert checked(document) == document


def test_offsets_of_bytes():
    text = "caf\u00e9 \u03b2x"
    raw = text.encode().decode("latin-1")
    cells = [(byte, place, place + 1, "", "|O") for place, byte in enumerate(raw) if byte != " " and place < 8]
    cells += [(raw[8:], 8, len(raw), "x", "|B-X")]
    (document,) = documents(BYTES, put("f", rows(*cells).encode("latin-1")))
    assert document == Document("7", text, (Entity("T1", "X", ((6, 7),), "x"),))
    broken = rows(("\xc3", 0, 1, "", "|O"), ("a", 1, 2, "", "|O")).encode("latin-1")
    assert [reject[:2] for reject in rejects(BYTES, put("f", broken))] == [("7", "malformed line")]


@pytest.mark.parametrize(
    ("cells", "detail"),
    [
        (("a", 0, 1, "|O"), "expected token, start, end, mention and |tag"),
        (("a", 0, 1, "", "O"), "expected token, start, end, mention and |tag"),
        (("a", 0, 1, "", "|B-"), "expected token, start, end, mention and |tag"),
        (("a", "x", 1, "", "|O"), "expected an integer, found '"),
        (("a", 0, 2, "", "|O"), "'a' is not as long as from 0 to 2"),
        (("", 0, 0, "", "|O"), "'' is not as long"),
        (("a", -1, 0, "", "|O"), "a token at -1 cannot follow one that ends at 0"),
        (("a", 10**9, 10**9 + 1, "", "|O"), "cannot follow one that ends at 0"),
        (("a", 0, 1, " ", "|B-X"), "a mention begins, but is not told"),
    ],
)
def test_a_line_that_does_not_fit_rejects_its_document(cells: tuple[object, ...], detail: str):
    text = rows(cells) + rows(("b", 0, 1, "", "|O"), id_="8")
    ((id_, reason, told),) = rejects(PLAIN, put("f", text))
    assert (id_, reason) == ("7", "malformed line")
    assert detail in told


def test_tokens_that_overlap_and_blocks_without_an_id():
    text = rows(("ab", 0, 2, "", "|O"), ("c", 1, 2, "", "|O")) + "a\t0\t1\t\t|O\n\n###\n"
    found = rejects(PLAIN, put("f", text))
    assert [(id_, reason) for id_, reason, _ in found] == [
        ("7", "malformed line"),
        ("f:5", "no document"),
        ("f:7", "no document"),
    ]


def test_a_mention_that_its_tokens_contradict():
    (document,) = documents(PLAIN, put("f", rows(("ab", 0, 2, "ax", "|B-X"))))
    assert isinstance(checked(document), Reject)
