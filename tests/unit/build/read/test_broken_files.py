"""One broken file of many costs itself, or the document that is made of it; where all are broken, the source fails."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from schemas.errors import FormatError
from schemas.formats import (
    Agreed,
    BioC,
    Delimited,
    Format,
    InlineXml,
    InteractionXml,
    Iob,
    JsonClusters,
    JsonRows,
    LabelledSentences,
    MarkedXml,
    MentionTable,
    PairedTexts,
    PlacedTokens,
    PubMedTables,
    PubTator,
    SectionXml,
    Standoff,
    Tagged,
    TokenLabels,
    TokenXml,
    XmlClaims,
    XmlRows,
)
from schemas.records import Reject
from tasks.build.read import Table
from tests.support.reading import put, split

Texts = Mapping[str, str | bytes]

XML = "<all>{}</all>"
ENTITY = "<b>&nbsp;</b>"
BYTE = b"\xff"
PASSAGE = "<document><id>{}</id><passage><offset>0</offset><text>otter</text></passage></document>"
ARTICLE = "<MedlineCitation><PMID>{}</PMID><Article><ArticleTitle>Otters.</ArticleTitle></Article></MedlineCitation>"
CLUSTER = {"id": "x", "text": "otter", "entities": [], "interactions": []}
INLINE = InlineXml(document="d", id="i", texts=("t",), entity="e", type_key="k")
MARKED = MarkedXml(document="d", id="i", texts=("t",), links={"gene": {"V": "v"}})
ROW = XmlRows(record="Text", row="d", fields={"text": "t", "labels": "l"})
CLAIMS = XmlClaims(row="d", question="q", answer="a")

XML_KINDS: dict[str, tuple[Format, str]] = {
    "bioc": (BioC(), XML.format(PASSAGE)),
    "inline": (INLINE, "<all><d><i>{}</i><t>otter</t></d></all>"),
    "interactions": (InteractionXml(), "<all><sentence id='{}' text='otter'/></all>"),
    "marked": (MARKED, "<all><d><i>{}</i><t>otter</t></d></all>"),
    "sections": (SectionXml(), "<Label drug='{}'><Text><Section id='S1'>otter</Section></Text></Label>"),
    "tokens": (
        TokenXml(),
        "<document id='{}'><sentence id='s1'><text><token id='w1'>otter</token></text></sentence></document>",
    ),
    "rows": (ROW, "<all><d><i>{}</i><t>otter</t><l>x</l></d></all>"),
    "claims": (CLAIMS, "<all><d q='{0}?' a='y'>otter {0}</d><d q='{0}?' a='n'>no otter {0}</d></all>"),
}


def read(options: Format, **roles: Sequence[Any]) -> tuple[int, list[Reject]]:
    """The number of records, and the rejects."""
    found = split(options, **roles)
    if isinstance(found, Table):
        return found.frame.collect().height, list(found.rejects)
    lost = [item for item in found if isinstance(item, Reject)]
    return len(found) - len(lost), lost


def files(written: Texts) -> list[Any]:
    return [put(name, data) for name, data in written.items()]


@pytest.mark.parametrize("name", XML_KINDS)
@pytest.mark.parametrize("fault", [ENTITY, "<b>", '{"a": 1}', b"\xff\xfe"])
def test_one_broken_xml_of_many_costs_itself(name: str, fault: str | bytes):
    options, xml = XML_KINDS[name]
    broken = xml.format(2).replace("otter", fault) if isinstance(fault, str) and fault[0] == "<" else fault
    whole, none = read(options, x=files({"d/1.xml": xml.format(1), "d/3.xml": xml.format(3)}))
    kept, lost = read(options, x=files({"d/1.xml": xml.format(1), "d/2.xml": broken, "d/3.xml": xml.format(3)}))
    assert whole == kept > 0
    assert none == []
    assert [(reject.id, reject.reason) for reject in lost] == [("d/2.xml", "broken file")]
    assert "`d/2.xml`" in lost[0].detail
    for only in ({"d/2.xml": broken}, {"d/2.xml": broken, "d/4.xml": broken}):
        with pytest.raises(FormatError, match=r"`d/2\.xml`"):
            read(options, x=files(only))


LINES: dict[str, tuple[Format, str]] = {
    "pubtator": (PubTator(vocabulary="V"), "{}|t|otter\n"),
    "placed tokens": (PlacedTokens(), "### {}\notter\t0\t5\t\t|O\n"),
    "tagged": (Tagged(), "otter{}\tO\n"),
    "iob": (Iob(), "otter{}\tO\n"),
    "csv": (Delimited(record="Text", fields={"text": "t", "labels": "l"}), "t,l\notter{},x\n"),
    "tsv": (
        Delimited(record="Text", separator="\t", quote=None, fields={"text": "t", "labels": "l"}),
        "t\tl\notter{}\tx\n",
    ),
    "json lines": (
        JsonRows(record="Text", lines=True, fields={"text": "t", "labels": "l"}),
        '{{"t": "otter{}", "l": "x"}}\n',
    ),
    "json": (JsonRows(record="Text", fields={"text": "t", "labels": "l"}), '[{{"t": "otter{}", "l": "x"}}]'),
    "json clusters": (
        JsonClusters(databases={}),
        json.dumps([CLUSTER]).replace("{", "{{").replace("}", "}}").replace('"x"', '"{}"'),
    ),
}


@pytest.mark.parametrize("name", LINES)
def test_one_bad_byte_in_one_file_of_many_costs_that_file(name: str):
    options, text = LINES[name]
    broken = text.format(2).encode().replace(b"otter", b"ott\xffr")
    kept, lost = read(options, x=files({"1": text.format(1), "2": broken, "3": text.format(3)}))
    assert kept == 2
    assert [(reject.id, reject.reason) for reject in lost] == [("2", "broken file")]
    assert "0xff is not text in utf-8" in lost[0].detail
    for only in ({"2": broken}, {"2": broken, "4": broken}):
        with pytest.raises(FormatError, match="0xff is not text in utf-8"):
            read(options, x=files(only))


BRAT = Standoff(annotations=(".ann",))
DOCUMENTS: dict[str, tuple[Format, dict[str, Texts], str, str]] = {
    "standoff text": (BRAT, {"x": {"1.txt": "a", "1.ann": "", "2.txt": BYTE, "2.ann": ""}}, "2", "2.txt"),
    "standoff annotations": (BRAT, {"x": {"1.txt": "a", "1.ann": "", "2.txt": "a", "2.ann": BYTE}}, "2", "2.ann"),
    "two annotators": (
        Agreed(),
        {"x": {"1.txt": "a", "1.ann": "", "1.ann2": "", "2.txt": "a", "2.ann": "", "2.ann2": BYTE}},
        "2",
        "2.ann2",
    ),
    "mention table": (
        MentionTable(type="X", link=0, document=1, start=2, end=3, text=4, databases={"v:": "V"}),
        {"texts": {"1.txt": "a", "2.txt": BYTE}, "mentions": {"t": ""}},
        "2",
        "2.txt",
    ),
    "layers of labels": (
        TokenLabels(types={"x": {"1": "X"}}, folder="l"),
        {"tokens": {"1.tokens": "a", "2.tokens": BYTE}, "x": {"l/1.ann": "0", "l/2.ann": "0"}},
        "2",
        "2.tokens",
    ),
    "labelled sentences": (
        LabelledSentences(begins="<", between="AND", deeper="--"),
        {"texts": {"1.txt": "a", "2.txt": BYTE}, "labels": {"1.txt": "<x", "2.txt": "<x"}},
        "2.txt",
        "2.txt",
    ),
    "translations": (
        PairedTexts(suffixes={"source": ".de", "target": ".en"}),
        {"source": {"1.de": "a", "2.de": "a"}, "target": {"1.en": "a", "2.en": BYTE}},
        "2",
        "2.en",
    ),
    "articles": (
        PubMedTables(),
        {"annotations": {"1.txt": "", "2.txt": BYTE}, "x": {"a": XML.format(ARTICLE.format(1) + ARTICLE.format(2))}},
        "2",
        "2.txt",
    ),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_one_bad_byte_costs_the_document_that_is_made_of_the_file(name: str):
    options, roles, id_, broken = DOCUMENTS[name]
    kept, lost = read(options, **{role: files(written) for role, written in roles.items()})
    assert kept == 1
    assert [(reject.id, reject.reason) for reject in lost] == [(id_, "broken file")]
    assert f"`{broken}`" in lost[0].detail
    alone = {
        role: {name: data for name, data in written.items() if not name.rsplit("/")[-1].startswith("1.")}
        for role, written in roles.items()
    }
    with pytest.raises(FormatError, match="0xff is not text in utf-8"):
        read(options, **{role: files(written) for role, written in alone.items()})


def test_the_broken_file_may_be_the_first():
    options, xml = XML_KINDS["bioc"]
    kept, lost = read(options, x=files({"1": "<a", "2": xml.format(2)}))
    assert (kept, [reject.id for reject in lost]) == (1, ["1"])


def test_json_in_place_of_xml_is_named():
    for data in ('{"documents": []}', "\ufeff [1]"):
        with pytest.raises(FormatError, match=r"`a\.json` is not XML: expected `<` first, found '[\[{]' as in JSON"):
            split(BioC(), put("a.json", data))


@pytest.mark.parametrize("data", [b"<a>" + b"x" * 10_100_000 + b"</a>", b"<a>" * 300 + b"</a>" * 300])
def test_what_is_beyond_the_limits_of_the_parser_is_named(data: bytes):
    with pytest.raises(
        FormatError, match=r"`a\.xml` is more than the parser takes, at line 1: expected at most 10,000"
    ):
        split(BioC(), put("a.xml", data))
    with pytest.raises(FormatError, match="not well-formed XML"):  # what was said before is forgotten
        split(BioC(), put("a.xml", "<a"))
