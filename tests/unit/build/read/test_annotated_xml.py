"""XML formats with annotations of their own: in the line, by section, and by token."""

import pytest

from schemas.errors import FormatError
from schemas.formats import Format, InlineXml, SectionXml, TokenXml
from schemas.records import Argument, Document, Entity, Link, Reject, Relation
from tasks.build.read.check import checked
from tests.support.reading import documents, put, rejects, split

INLINE = InlineXml(
    document="article", id="info/id", texts=("title", "body"), entity="cons", type_key="sem", prefix="G#"
)
ARTICLES = """<!DOCTYPE set SYSTEM "x.dtd"><set><article><info><id> 7 </id></info>
<title>
<sentence><cons sem="G#gene"><cons sem="G#protein">[a]</cons> 😀</cons> &lt;b&gt;</sentence>
</title>
<body>
<sentence>The <cons sem="(AND G#cell G#cell)"><cons lex="x">T</cons> and <cons>B</cons> <cons
sem="G#c/d">cells</cons></cons>.</sentence>
<sentence> </sentence>
<sentence><cons sem="G#gene"><cons sem="G#gene">c</cons></cons><other>d</other><cons sem="bare">e</cons></sentence>
</body></article>
<article><info><id>7</id></info><title>plain</title><body/></article></set>"""


def test_entities_in_the_line():
    first, second = documents(INLINE, put("x", ARTICLES))
    assert first == Document(
        "7",
        "[a] 😀 <b>\nThe T and B cells.\ncde",
        (
            Entity("T2", "protein", ((0, 3),), "[a]"),
            Entity("T1", "gene", ((0, 5),), "[a] 😀"),
            Entity("T3", "cell", ((14, 27),), "T and B cells"),
            Entity("T4", "c/d", ((22, 27),), "cells"),
            Entity("T5", "gene", ((29, 30),), "c"),
            Entity("T6", "bare", ((31, 32),), "e"),
        ),
    )
    assert second == Document("7-2", "plain")
    assert isinstance(checked(first), Document)


@pytest.mark.parametrize(
    ("article", "id_", "detail"),
    [
        ("<title>a</title>", "x#0", "line 1: a <article> has no `info/id`"),
        ("<info><id>7</id></info><title><cons sem='(OR G#a G#b)'>a</cons></title>", "7", "found '(OR G#a G#b)'"),
        ("<info><id>7</id></info><body>a <sentence>b</sentence></body>", "7", "outside of the sentences of <body>"),
        ("<info><id>7</id></info><title><cons sem='('>a</cons></title>", "7", "found '('"),
    ],
)
def test_an_article_that_does_not_fit(article, id_, detail):
    good = "<article><info><id>8</id></info><title>b</title></article>"
    found = split(INLINE, put("x", f"<set><article>{article}</article>{good}</set>"))
    assert isinstance(found, list)
    assert (found[0].id, found[0].reason) == (id_, "malformed document")
    assert detail in found[0].detail
    assert found[1] == Document("8", "b")


SECTIONS = SectionXml(links={"pt": "MedDRA", "cui": "UMLS"})
LABEL = """<Label drug="Otterin"><Text>
<Section name="a" id="S1">  One [a]
 b.</Section><Section name="b" id="S2">😀 ONE c &amp; d</Section></Text>
<Mentions>
  <Mention id="M1" section="S2" type="AR" start="2" len="3" str="ONE"/>
  <Mention id="M2" section="S1" type="AR" start="2,11" len="3,1" str="One b"/>
  <Mention id="M3" section="S1" type="F" start="6" len="6" str="[a]  b"/>
</Mentions>
<Relations><Relation id="R1" type="H" arg1="M1" arg2="M3"/></Relations>
<Reactions><Reaction id="A1" str="one"><Normalization id="n" pt="1" cui=""/><Normalization pt="2" cui="C"/></Reaction>
<Reaction id="A2" str="One"><Normalization pt="1"/></Reaction><Reaction id="A3" str="other"/></Reactions></Label>"""


def test_sections_with_mentions_relations_and_concepts():
    (found,) = documents(SECTIONS, put("x", LABEL))
    assert found == Document(
        "Otterin",
        "  One [a]\n b.\n\n😀 ONE c & d",
        (
            Entity("M2", "AR", ((2, 5), (11, 12)), "One b"),
            Entity("M3", "F", ((6, 12),), "[a]  b"),
            Entity("M1", "AR", ((17, 20),), "ONE", (Link("MedDRA", "1"), Link("MedDRA", "2"), Link("UMLS", "C"))),
        ),
        (Relation("R1", "H", (Argument("Arg1", "M1", "entity", "ONE"), Argument("Arg2", "M3", "entity", "[a]  b"))),),
    )
    assert isinstance(checked(found), Document)


@pytest.mark.parametrize(
    ("old", "new", "detail"),
    [
        ('arg2="M3"', 'arg2="M9"', "x: no 'M9'"),
        ('section="S2"', 'section="S9"', "x: no 'S9'"),
        ('len="3,1"', 'len="3"', "shorter"),
        ('start="6"', 'start="six"', "expected an integer, found '"),
        (' str="ONE"', "", "no 'str'"),
        ("&amp;", "<b/>", "elements stand within the text of <Section>"),
        ("Text>", "Texts>", "<Label> has no Text/Section"),
    ],
)
def test_a_label_that_does_not_fit(old, new, detail):
    ((id_, reason, found),) = rejects(SECTIONS, put("x", LABEL.replace(old, new)))
    assert (id_, reason) == ("Otterin", "malformed document")
    assert detail in found


TOKENS = TokenXml(links={"cui": "UMLS"})
DOCUMENT = """<document id="a.eng"><sentence id="s1">
<umlsterms><umlsterm id="t1" from="w2" to="w3"><concept id="t1.1" cui="C1"><msh code="x"/></concept>
<concept id="t1.2" cui="C2"/><concept id="t1.3" cui="C1"/></umlsterm>
<umlsterm id="t2" from="w2" to="w2"><concept id="t2.1" cui="C3"/></umlsterm></umlsterms>
<semrels><semrel id="r1" term1="t1.1" term2="t1.2" reltype="isa"/>
<semrel id="r2" term1="t1.1" term2="t2.1" reltype="has"/><semrel id="r3" term1="t1.2" term2="t2.1" reltype="has"/>
<semrel id="r4" term1="t2.1" term2="t1.2" reltype="has"/></semrels>
<text><token id="w1" pos="X">The</token><token id="w2">[a]</token> <token id="w3">é</token></text></sentence>
<sentence id="s2"><text/></sentence>
<sentence id="s3"><umlsterms><umlsterm id="t1" from="w1" to="w1"><concept id="t1.1" cui=""/></umlsterm></umlsterms>
<text><token id="w1">&lt;</token></text></sentence></document>"""


def test_tokens_with_terms_and_relations():
    expected = Document(
        "a.eng",
        "The [a] é <",
        (
            Entity("s1-t2", "term", ((4, 7),), "[a]", (Link("UMLS", "C3"),)),
            Entity("s1-t1", "term", ((4, 9),), "[a] é", (Link("UMLS", "C1"), Link("UMLS", "C2"))),
            Entity("s3-t1", "term", ((10, 11),), "<"),
        ),
        (
            Relation(
                "s1-r2",
                "has",
                (Argument("Arg1", "s1-t1", "entity", "[a] é"), Argument("Arg2", "s1-t2", "entity", "[a]")),
            ),
            Relation(
                "s1-r4",
                "has",
                (Argument("Arg1", "s1-t2", "entity", "[a]"), Argument("Arg2", "s1-t1", "entity", "[a] é")),
            ),
        ),
    )
    assert documents(TOKENS, put("x", DOCUMENT)) == [expected]
    latin = TOKENS.model_copy(update={"encoding": "latin-1"})
    assert documents(latin, put("x", DOCUMENT.encode("latin-1"))) == [expected]
    assert documents(TOKENS, put("x", f"<?xml version='1.0' encoding='latin1'?>{DOCUMENT}".encode("latin-1"))) == [
        expected
    ]
    assert isinstance(checked(expected), Document)


@pytest.mark.parametrize(
    ("old", "new", "detail"),
    [
        ('to="w3"', 'to="w9"', "no 'w9'"),
        ('term2="t2.1"', 'term2="t9.1"', "no 't9.1'"),
        (' reltype="isa"', "", "no 'reltype'"),
        ("token", "tokens", "no 'w2'"),
    ],
)
def test_a_tokenised_document_that_does_not_fit(old, new, detail):
    ((id_, reason, found),) = rejects(TOKENS, put("x", DOCUMENT.replace(old, new)))
    assert (id_, reason) == ("a.eng", "malformed document")
    assert detail in found


def test_tokenised_files_without_a_text():
    found = split(TOKENS, put("a.xml", ""), put("b.xml", "<document/>"), put("c.xml", DOCUMENT))
    assert isinstance(found, list)
    assert found[:2] == [
        Reject("a.xml", "empty file", "expected a document, found no byte"),
        Reject("b.xml", "malformed document", "b.xml: <document> has no token"),
    ]
    assert found[2].id == "a.eng"


@pytest.mark.parametrize("options", [INLINE, SECTIONS, TOKENS])
def test_a_file_that_is_no_xml(options: Format):
    with pytest.raises(FormatError, match="`a/x` is not well-formed XML"):
        split(options, put("a/x", LABEL[:-1]))
