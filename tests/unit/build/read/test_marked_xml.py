"""XML whose texts have their mentions as elements."""

import pytest

from schemas.errors import FormatError
from schemas.formats import MarkedXml
from schemas.records import Document, Entity, Link
from tasks.build.read.check import checked
from tests.support.reading import documents, put, rejects, split

MARKED = MarkedXml(
    document="Article",
    id="Pmid",
    texts=("Title", "Abstract"),
    links={"gene": {"NCBI Gene": "g"}, "variant": {"dbSNP": "v", "notation": "n"}},
    nothing=("No", "null", ""),
)
TEXT = """<Articles><Article><Pmid> 7 </Pmid>
  <Title>Of <gene g="1">xyl&lt;1&gt;</gene> 😀</Title>
  <Abstract><variant v="No" n="A1B"> a <gene g="2">b</gene></variant>, <variant v="5" n="A1B">c</variant> and
<variant v="No" n="null">d [e]</variant> <gene>f</gene></Abstract>
</Article><Article><Pmid>8</Pmid><Title/></Article></Articles>"""


def test_all_that_the_format_has():
    first = Document(
        "7",
        "Of xyl<1> 😀\n a b, c and\nd [e] f",
        (
            Entity("T1", "gene", ((3, 9),), "xyl<1>", (Link("NCBI Gene", "1"),)),
            Entity("T2", "variant", ((13, 16),), "a b", (Link("notation", "A1B"),)),
            Entity("T3", "gene", ((15, 16),), "b", (Link("NCBI Gene", "2"),)),
            Entity("T4", "variant", ((18, 19),), "c", (Link("dbSNP", "5"),)),
            Entity("T5", "variant", ((24, 29),), "d [e]"),
            Entity("T6", "gene", ((30, 31),), "f"),
        ),
    )
    found = documents(MARKED, put("x", TEXT))
    assert found == [first, Document("8", "")]
    assert checked(first) == first


@pytest.mark.parametrize(
    ("article", "id_", "detail"),
    [
        ("<Title>a</Title>", "x#0", "x, line 1: a <Article> has no <Pmid>"),
        ("<Pmid>7</Pmid><Title>a <drug>b</drug></Title>", "7", "<drug> stands in a text"),
    ],
)
def test_an_article_that_does_not_fit(article: str, id_: str, detail: str):
    ((found, reason, told),) = rejects(MARKED, put("x", f"<a><Article>{article}</Article></a>"))
    assert (found, reason) == (id_, "malformed document")
    assert detail in told


def test_a_mention_without_text_is_no_record():
    (document,) = documents(MARKED, put("x", "<a><Article><Pmid>7</Pmid><Title>a<gene/></Title></Article></a>"))
    assert checked(document) != document


def test_a_file_that_is_no_xml():
    with pytest.raises(FormatError, match="`a/x` is not well-formed XML"):
        split(MARKED, put("a/x", TEXT[:-1]))
