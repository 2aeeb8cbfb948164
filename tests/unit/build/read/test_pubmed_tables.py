"""Tables of annotations of PubMed articles, whose texts stand in PubMed's XML."""

import pytest

from schemas.errors import FormatError
from schemas.formats import PubMedTables
from schemas.records import Argument, Document, Entity, Reject, Relation
from tasks.build.read.check import checked
from tasks.build.unpack import Member
from tests.support.reading import documents, put, rejects, split

TABLES = PubMedTables()


def articles(*found: str) -> Member:
    doctype = '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD" "https://example.org/x.dtd">'
    return put("x.xml", f"<?xml version='1.0'?>{doctype}<PubmedArticleSet>{''.join(found)}</PubmedArticleSet>")


def article(pmid: str, title: str, abstract: str = "") -> str:
    inner = f"<ArticleTitle>{title}</ArticleTitle>{abstract}"
    more = "<CommentsCorrections><PMID>999</PMID></CommentsCorrections>"
    citation = f"<PMID Version='1'>{pmid}</PMID><Article>{inner}</Article>{more}"
    return f"<PubmedArticle><MedlineCitation>{citation}</MedlineCitation></PubmedArticle>"


def concept(name: str, start: int, end: int, number: int = 0, type_: str = "Drug") -> str:
    return f"Set\tTrue\tconcept\t{name}\t{start}\t{end}\ta1,a2\t['x/1']\t{number}\t{type_}\n"


def relation(first: str, second: str, numbers: str = "0\t1") -> str:
    return f"Set\tFalse\trelation\t{numbers}\t['x/1']\t['x/2']\t{first}\t{second}\ta1\tPA\n"


def test_all_that_the_format_has():
    abstract = (
        "<Abstract><AbstractText Label='AIM' NlmCategory='OBJECTIVE'>A [b]\n in H<sub>2</sub>O &lt; 1.</AbstractText>"
        "<AbstractText>Done.</AbstractText><CopyrightInformation>x</CopyrightInformation></Abstract>"
    )
    text = "😀 pox.\nAIM: A [b] in H2O < 1.\nDone."
    start, water = text.index("[b]"), text.index("H2O")
    rows = [
        concept("[b]", start, start + 3, 1),
        concept("b", 2, 6),
        concept("", water, water + 3, 1, "Gene"),
        relation("2:6", f"{start}:{start + 3}"),
        relation("2:6", f"{water}:{water + 3}"),
        relation(f"{start}:{start + 3}", "0:1", "1\t7"),
    ]
    pox, b = Argument("Arg1", "T2", "entity", "pox."), Argument("Arg2", "T1", "entity", "[b]")
    expected = Document(
        "7",
        text,
        (
            Entity("T2", "Drug", ((2, 6),), "pox."),
            Entity("T1", "Drug", ((start, start + 3),), "[b]"),
            Entity("T3", "Gene", ((water, water + 3),), "H2O"),
        ),
        (
            Relation("R1", "PA", (pox, b)),
            Relation("R2", "PA", (pox, Argument("Arg2", "T3", "entity", "H2O"))),
            Relation("R3", "PA", (b._replace(role="Arg1"), Argument("Arg2", "0:1", "entity", "😀"))),
        ),
    )
    table, empty = put("d/7.txt", "".join(rows)), put("d/8.txt", "")
    texts = articles(article("7", "😀 <i>pox</i>.", abstract)), articles(article("8", "No abstract."))
    found = documents(TABLES, annotations=[table, empty], first=texts[0], second=texts[1])  # pyright: ignore[reportArgumentType]
    assert found == [expected, Document("8", "No abstract.")]
    assert checked(expected) == expected


def test_a_name_as_long_as_its_place_is_held_against_the_text():
    (document,) = documents(TABLES, annotations=put("7.txt", concept("abc", 0, 3)), x=articles(article("7", "xyz")))
    assert isinstance(checked(document), Reject)


@pytest.mark.parametrize(
    "row",
    [
        "Set\tTrue\tconcept\tx\t0\t1\n",
        "Set\tTrue\tother\tx\t0" + "\tx" * 5 + "\n",
        concept("x", 0, 1).replace("\t0\t1\t", "\t0\tone\t"),
        relation("0-1", "0:1"),
        relation("0:1", ""),
    ],
)
def test_a_row_that_is_none(row: str):
    lost = rejects(TABLES, annotations=put("7.txt", row), x=articles(article("7", "xyz")))
    assert [(id_, reason) for id_, reason, _ in lost] == [("7", "malformed line")]
    assert "line 1" in lost[0][2]


@pytest.mark.parametrize("row", ["x", "Set\tTrue\tconcept\tby hand"])
def test_a_row_without_a_place_costs_itself(row: str):
    rows = f"{row}\n{concept('x', 0, 1)}"
    found = split(TABLES, annotations=put("7.txt", rows), x=articles(article("7", "xyz")))
    assert isinstance(found, list)
    document, stray = found
    assert [entity.text for entity in document.entities] == ["x"]
    assert (stray.id, stray.reason) == ("7", "stray line")


@pytest.mark.parametrize("place", [(0, 9), (2, 1), (-2, -1), (1, 1)])
def test_a_place_outside_the_text_is_seen(place: tuple[int, int]):
    (document,) = documents(TABLES, annotations=put("7.txt", concept("", *place)), x=articles(article("7", "xyz")))
    assert isinstance(checked(document), Reject)


def test_what_has_no_counterpart():
    texts = articles(article("7", "x"), article("7", "y"), article("9", "z"))
    lost = rejects(TABLES, annotations=[put("d/7.txt", ""), put("d/8.txt", "")], x=texts)  # pyright: ignore[reportArgumentType]
    assert [(id_, reason) for id_, reason, _ in lost] == [
        ("7", "text without annotations"),
        ("9", "text without annotations"),
        ("8", "annotations without a text"),
    ]


def test_a_page_that_is_no_xml():
    with pytest.raises(FormatError, match="not well-formed"):
        documents(TABLES, annotations=put("7.txt", ""), x=put("x.xml", "<html><body>Not now"))
