"""XML formats: BioC, the unified XML of interaction corpora, and rows."""

import pytest

from schemas.errors import FormatError
from schemas.formats import BioC, InteractionXml, XmlRows
from schemas.records import Argument, Document, Entity, Link, Reject, Relation
from tasks.build.read.check import checked
from tests.support.reading import documents, put, rejects, rows, split

GENES = BioC(links={"gene": "NCBI Gene", "mesh": "MeSH"})


def bioc(*passages: str, id_: str = "<id>7</id>") -> str:
    return f"<collection><source/><document>{id_}<infon key='x'>y</infon>{''.join(passages)}</document></collection>"


def annotation(id_: str, mention: str, *places: tuple[int, int], more: str = "<infon key='type'>Gene</infon>") -> str:
    locations = "".join(f"<location offset='{start}' length='{length}'/>" for start, length in places)
    return f"<annotation id='{id_}'>{more}{locations}<text>{mention}</text></annotation>"


def test_all_that_bioc_has():
    infons = "<infon key='type'> Gene </infon><infon key='gene'>1;2, -|</infon><infon key='mesh'>D1</infon>"
    text = bioc(
        "<passage><offset>0</offset><text>A [b] &lt;c&gt; 😀</text>",
        annotation("T1", "[b]", (2, 3), more=infons),
        annotation("T2", "[b] 😀", (10, 1), (2, 3)),
        annotation("", "&lt;c&gt; 😀", (6, 5)),
        "</passage><passage><infon key='type'>x</infon><offset>100</offset>",
        "<sentence><offset>100</offset><text>One\r\ntwo</text>",
        annotation("T4", "One two", (100, 7)),
        "</sentence><sentence><offset>120</offset><text>three</text>",
        annotation("T5", "three", (120, 5)),
        "<relation id=''><infon key='type'>Near</infon><node refid='T5' role='at'/><node refid='T9'/></relation>",
        "</sentence></passage>",
        "<passage><offset>200</offset></passage>",
        "<relation id='R9'><infon key='type'>Same</infon><node refid='T1' role=''/></relation>",
    )
    expected = Document(
        "7",
        "A [b] <c> 😀\nOne\ntwo three\n",
        (
            Entity(
                "T1", "Gene", ((2, 5),), "[b]", (Link("NCBI Gene", "1"), Link("NCBI Gene", "2"), Link("MeSH", "D1"))
            ),
            Entity("T2", "Gene", ((2, 5), (10, 11)), "[b] 😀"),
            Entity("T3", "Gene", ((6, 11),), "<c> 😀"),
            Entity("T4", "Gene", ((12, 19),), "One two"),
            Entity("T5", "Gene", ((20, 25),), "three"),
        ),
        (
            Relation("R1", "Near", (Argument("at", "T5", "entity", "three"), Argument("Arg2", "T9", "entity", ""))),
            Relation("R9", "Same", (Argument("Arg1", "T1", "entity", "[b]"),)),
        ),
    )
    assert documents(GENES, put("x", text)) == [expected]
    assert documents(GENES, put("x", "\ufeff" + text)) == [expected]
    latin = "<?xml version='1.0' encoding='ISO-8859-1'?>" + text.replace("😀", "é")
    assert documents(GENES, put("x", latin.encode("latin-1")))[0].text == expected.text.replace("😀", "é")
    record = checked(expected)
    assert isinstance(record, Document)
    assert record.entities[1].spans == ((2, 5), (10, 11))


@pytest.mark.parametrize(
    ("passage", "detail"),
    [
        (annotation("T1", "a", (0, 1), more=""), "no 'type'"),
        ("<annotation id='T1'><infon key='type'>X</infon><location offset='0'/></annotation>", "no 'length'"),
        (
            "<annotation id='T1'><infon key='type'>X</infon><location offset='x' length='1'/></annotation>",
            "expected an integer, found '",
        ),
        ("<annotation id='T1'><infon>X</infon></annotation>", "no 'key'"),
        ("<relation><infon key='type'>X</infon><node/></relation>", "no 'refid'"),
        ("<relation><node refid='T1'/></relation>", "no 'type'"),
        (
            "<sentence><offset>0</offset>" + annotation("T1", "a", (0, 1)) + "</sentence>",
            "an annotation stands neither",
        ),
        ("<text>b</text>", None),
    ],
)
def test_bioc_that_does_not_fit_rejects_its_document(passage, detail):
    text = bioc(f"<passage><offset>0</offset><text>a</text>{passage}</passage>")
    found = rejects(GENES, put("x", text))
    assert found == [] if detail is None else (found[0][:2] == ("7", "malformed document") and detail in found[0][2])


def test_bioc_documents_without_an_id_or_with_markup_in_their_text():
    assert rejects(GENES, put("x", bioc(id_=""))) == [("x#0", "malformed document", "x: a document has no <id>")]
    found = rejects(GENES, put("x", bioc("<passage><offset>0</offset>\n<text>a<b/></text></passage>")))
    assert found == [("7", "malformed document", "x: line 2: elements stand within the text of <text>")]
    assert rejects(GENES, put("x", bioc("<passage><offset>one</offset><text>a</text></passage>")))[0][0] == "7"


def test_an_annotation_without_a_place_is_rejected_by_the_check():
    passage = f"<passage><offset>0</offset><text>a</text>{annotation('T1', 'a')}</passage>"
    (found,) = documents(GENES, put("x", bioc(passage)))
    assert isinstance(checked(found), Reject)


INTERACTIONS = """<corpus source="X"><document id="d1">
  <sentence id="d1.s1" text="A [b]&#10;binds &lt;c&gt; 😀 d">
    <entity id="e2" charOffset="12-15" type="Protein" text="&lt;c&gt;"/>
    <entity id="e3" charOffset="18-19,2-5" type="Complex" text="d [b]"/>
    <entity id="e1" charOffset="2-5" type="Protein" text="[b]"/>
    <pair id="p1" e1="e1" e2="e2" interaction="True"/>
    <pair id="p2" e1="e1" e2="e3" interaction="False"/>
    <interaction id="i1" e1="e3" e2="e1" type="Bind"/>
  </sentence>
  <sentence id="d1.s2" text=""/>
</document></corpus>"""


def test_all_that_interaction_xml_has():
    expected = Document(
        "d1.s1",
        "A [b]\nbinds <c> 😀 d",
        (
            Entity("e1", "Protein", ((2, 5),), "[b]"),
            Entity("e3", "Complex", ((2, 5), (18, 19)), "[b] d"),
            Entity("e2", "Protein", ((12, 15),), "<c>"),
        ),
        (
            Relation("p1", "PPI", (Argument("Arg1", "e1", "entity", "[b]"), Argument("Arg2", "e2", "entity", "<c>"))),
            Relation(
                "i1", "Bind", (Argument("Arg1", "e3", "entity", "[b] d"), Argument("Arg2", "e1", "entity", "[b]"))
            ),
        ),
    )
    options = InteractionXml(relation="PPI")
    assert documents(options, put("x", INTERACTIONS)) == [expected, Document("d1.s2", "")]
    record = checked(expected)
    assert isinstance(record, Document)
    assert record.entities[1].spans == ((2, 5), (18, 19))
    last = INTERACTIONS.replace("12-15", "12-14").replace("18-19,2-5", "18-18,2-4").replace('"2-5"', '"2-4"')
    assert documents(InteractionXml(relation="PPI", inclusive=True), put("x", last))[0] == expected


def test_sentences_of_a_document_on_lines_of_their_own():
    options = InteractionXml(relation="PPI", per="document", entity="protein", numbers="corpus")
    more = INTERACTIONS.replace("</document>", "").replace("</corpus>", "") + (
        '<sentence id="d1.s3" text="😀 e"><entity id="d1.s3.e1" charOffset="0-1;2-3" text="😀 e"/>'
        '<interaction id="i2" e1="d1.s3.e1" e2="e1"/></sentence></document><document id="d2"/></corpus>'
    )
    first, second = documents(options, put("x", more))
    assert (first.id, first.text) == ("d1", "A [b]\nbinds <c> 😀 d\n😀 e")
    assert [(entity.type, entity.text, entity.links) for entity in first.entities] == [
        ("protein", "[b]", (Link("corpus", "s0.e0"),)),
        ("protein", "[b] d", (Link("corpus", "s0.e1"),)),
        ("protein", "<c>", (Link("corpus", "s0.e2"),)),
        ("protein", "😀 e", (Link("corpus", "s1.e0"),)),
    ]
    assert first.entities[-1].spans == ((20, 21), (22, 23))
    assert [relation.id for relation in first.relations] == ["p1", "i1", "i2"]
    assert second == Document("d2", "")
    assert isinstance(checked(first), Document)
    bad = more.replace(' text="😀 e"><entity', "><entity")
    assert rejects(options, put("x", bad)) == [("d1", "malformed document", "x: no 'text'")]


def test_identifiers_of_entities():
    text = """<c><sentence id="s" text="a b c"><entity id="e1" charOffset="0-1" type="X" text="a" origId="7, 8"/>
    <entity id="e2" charOffset="2-3" type="Y" text="b" origId="9"/><entity id="e3" charOffset="4-5" type="X" text="c"/>
    </sentence></c>"""
    (found,) = documents(InteractionXml(links={"X": "NCBI Gene"}), put("x", text))
    genes = (Link("NCBI Gene", "7"), Link("NCBI Gene", "8"))
    assert [entity.links for entity in found.entities] == [genes, (), ()]


@pytest.mark.parametrize(
    ("sentence", "detail"),
    [
        ("<sentence id='s'/>", "no 'text'"),
        ("<sentence id='s' text='a'><entity id='e' charOffset='0' type='X' text='a'/></sentence>", "expected an int"),
        ("<sentence id='s' text='a'><entity id='e' type='X' text='a'/></sentence>", "no 'charOffset'"),
        ("<sentence id='s' text='a'><pair id='p' e1='e' e2='e'/></sentence>", "no 'interaction'"),
        ("<sentence id='s' text='a'><pair id='p' e1='e' e2='e' interaction='true'/></sentence>", "no 'e'"),
    ],
)
def test_a_sentence_that_does_not_fit(sentence, detail):
    found = split(InteractionXml(), put("x", f"<c>{sentence}<sentence text='b'/></c>"))
    assert isinstance(found, list)
    assert found[1] == Document("x#1", "b")
    assert (found[0].id, found[0].reason) == ("s", "malformed sentence")
    assert detail in found[0].detail


PAIRS = XmlRows(record="Pair", row="pair", fields={"id": "@pid", "first": "chq", "second": "faq", "label": "@value"})


def test_rows_of_xml():
    text = """<all><pair pid="1" value="true"><chq>
       One <b>bold</b>
       word&amp;</chq><faq/></pair><pair><chq>x</chq></pair></all>"""
    assert rows(PAIRS, put("x", text)) == [
        {"id": "1", "first": "One bold word&", "second": "", "label": "true"},
        {"id": None, "first": "x", "second": "", "label": None},
    ]
    assert rows(PAIRS, put("x", "<all/>")) == []


@pytest.mark.parametrize("options", [GENES, InteractionXml(), PAIRS])
def test_a_file_that_is_no_xml(options):
    with pytest.raises(FormatError, match="`a/x` is not well-formed XML"):
        split(options, put("a/x", INTERACTIONS[:-1]))
