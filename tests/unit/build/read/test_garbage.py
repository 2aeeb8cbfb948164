"""Whatever the bytes are, a reader gives records and rejects or an error with a message, and loses nothing."""

import io
import json
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.formats import (
    Agreed,
    Delimited,
    Format,
    InteractionXml,
    Iob,
    JsonRows,
    JsonSpans,
    JsonTags,
    MentionTable,
    PairedTexts,
    ParallelText,
    ParquetDocuments,
    ParquetRows,
    ParquetTokens,
    ParquetTwice,
    PlacedTokens,
    PubMedTables,
    PubTator,
    Standoff,
    StandoffTables,
    Tagged,
    TokenSpans,
    TokenVotes,
    XmlClaims,
)
from tests.support.garbage import found_in, garbage
from tests.unit.build.read.test_annotated_xml import ARTICLES, DOCUMENT, INLINE, LABEL, SECTIONS, TOKENS
from tests.unit.build.read.test_bioc import CAPTIONS, ROWS, TABLE
from tests.unit.build.read.test_json_clusters import CLUSTERS, ROW
from tests.unit.build.read.test_marked_xml import MARKED, TEXT
from tests.unit.build.read.test_tables import CSV, LINES, SHEET, TSV, WHOLE, workbook
from tests.unit.build.read.test_xml import GENES, INTERACTIONS, PAIRS, annotation, bioc

PUBTATOR = "7|t|A [b] é\n7|a|c\n7\t2\t5\t[b]\tGene\t1\n7\tCID\t1\t1\n\n8|t|D\n8|a|e 😀\n8\t4\t5\t😀\tX\t2\n"
ANN = (
    "T1\tX 2 5\t[b]\nT2\tX 2 5;6 7\t[b] é\nE1\tX:T1 A:T2\nR1\tY A:T1 B:T2\n*\tEquiv T1 T2\nN1\tR T2 D:1\n"
    "N2\tD Annotation:T1 Referent:2\n"
)
PASSAGE = f"<passage><offset>0</offset><text>a [b] é</text>{annotation('T1', '[b]', (2, 3))}</passage>"
LISTS = Delimited(record="Text", fields={"text": ["a", "b"], "labels": "c"}, joined=("text",), several={"labels": ";"})
SCORES = Delimited(record="Pair", mean=("label",), fields={"label": ["a", "b"]})


SPANNED = {"id": "7", "text": "A [b] é", "entities": [{"start": 2, "end": 5, "text": "[b]", "type": "X"}]}
NESTED = [{"a": {"b": "é"}, "c": "1"}, {"a": {"b": "[y]"}, "c": "2"}]
TOKENED = {
    "document_id": "7",
    "tokens": [{"offsets": [0, 2], "text": "é", "tag": "O"}, {"offsets": [3, 6], "text": "[b]", "tag": "B-X"}],
    "entities": [{"offsets": [3, 6], "text": "[b]", "type": "X"}],
}
SOURCED = {
    "document_id": "7",
    "text": "A [b] é",
    "entities": [{"id": "7_T1", "type": "X", "offsets": [[2, 5]], "text": ["[b]"], "normalized": []}],
    "relations": [{"id": "7_R1", "type": "Y", "arg1_id": "7_T1", "arg2_id": "7_T1"}],
    "events": [
        {
            "id": "7_E1",
            "type": "Z",
            "trigger": {"text": ["é"], "offsets": [[6, 7]]},
            "arguments": [{"role": "Theme", "ref_id": "7_T1"}],
        }
    ],
    "coreferences": [{"id": "7_*1", "entity_ids": ["7_T1"]}],
}
LINK = {"db_name": "D", "db_id": "1"}
KNOWLEDGE = [
    {
        "document_id": "7",
        "passages": [{"text": ["A [b] é"], "offsets": [[0, 7]]}],
        "entities": [
            {
                "id": name,
                "type": "X",
                "offsets": [[2, 5]],
                "text": ["[b]"],
                "normalized": [{"db_name": "D", "db_id": "1"}],
            }
            for name in ("T1", "T2")
        ],
        "relations": [{"id": "R1", "type": "Y", "arg1_id": "T1", "arg2_id": "T2"}],
    }
]


def parquet(found: list[dict[str, Any]]) -> bytes:
    buffer = io.BytesIO()
    pl.DataFrame(found, infer_schema_length=None).write_parquet(buffer)
    return buffer.getvalue()


def adapt(row: Any, tables: Any) -> Any:
    yield {"label": row["l"]}
    yield {"label": tables["t"][row["k"]]["l"].upper()}


FORMATS: dict[str, tuple[Format, dict[str, str | bytes]]] = {
    "pubtator": (PubTator(vocabulary="MeSH"), {"x": PUBTATOR}),
    "standoff": (Standoff(annotations=(".ann",)), {"7.txt": "A [b] é\r\n", "7.ann": ANN}),
    "standoff apart": (
        Standoff(annotations=(".ann",), texts="apart", wrapped=True, skip=("R",)),
        {"t/7.txt": "A [b] é\r\n", "a/7.ann": ANN + "T9\tX 2 8\t[b] é\n\n"},
    ),
    "standoff lines": (
        Standoff(annotations=(".ann",), texts="lines"),
        {"texts": "7\tA [b] é\n8\tc\n", "7.ann": ANN, "8.ann": ""},
    ),
    "token spans": (
        TokenSpans(type="X"),
        {"sentences": "@@7 A/TAG [b]/TAG é/.\n@@8 c/TAG\n", "mentions": "@@7|1 2|[b] é\n"},
    ),
    "pubmed tables": (
        PubMedTables(),
        {
            "annotations": (
                "S\tTrue\tconcept\t[b]\t2\t5\ta\t[]\t0\tX\nS\tTrue\trelation\t0\t0\t[]\t[]\t2:5\t2:5\ta\tY\n"
            ),
            "texts": (
                "<a><MedlineCitation><PMID>annotations</PMID><Article><ArticleTitle>A [b] é</ArticleTitle>"
                "</Article></MedlineCitation></a>"
            ),
        },
    ),
    "standoff tables": (
        StandoffTables(),
        {
            "abstracts": "7\tA [b]\té\n8\tC\td\n",
            "entities": "7\tT1\tX\t2\t5\t[b]\n8\tT1\tX\t0\t1\tC\n",
            "relations": "7\tR\tArg1:T1\tArg2:T1\n",
        },
    ),
    "bioc": (GENES, {"x": bioc(PASSAGE)}),
    "bioc table": (TABLE, {"texts": CAPTIONS, "annotations": ROWS}),
    "marked xml": (MARKED, {"x": TEXT}),
    "placed tokens": (
        PlacedTokens(),
        {"x": "### 7\nA\t0\t1\t\t|O\n[b]\t2\t5\t[b] é\t|B-X\n\n### 8\nc\t3\t4\tc\t|O\n"},
    ),
    "placed bytes": (PlacedTokens(unit="bytes"), {"x": "### 7\nÃ\t0\t1\t\t|O\n©\t1\t2\t\t|O\n".encode("latin-1")}),
    "json clusters": (CLUSTERS, {"x": json.dumps([ROW, {**ROW, "id": "x.1"}])}),
    "interactions": (InteractionXml(), {"x": INTERACTIONS}),
    "xml rows": (PAIRS, {"x": "<a><pair pid='1' value='é'><chq>b</chq><faq/></pair><pair/></a>"}),
    "xml claims": (
        XmlClaims(row="c", question="q", answer="a", neutral=2),
        {"x": "<a><c q='1' a='y'>é</c><c q='1' a='n'>[b]</c><c q='2' a='y'>c</c></a>"},
    ),
    "inline xml": (INLINE, {"x": ARTICLES}),
    "section xml": (SECTIONS, {"x": LABEL}),
    "token xml": (TOKENS, {"x": DOCUMENT}),
    "agreed": (Agreed(), {"7.txt": "A [b] é\r\n", "7.ann": ANN, "7.ann2": ANN}),
    "tagged": (Tagged(), {"x": "A\tO\n[b]\tB-X\n\né\tO\n"}),
    "paired": (PairedTexts(suffixes={"source": "source", "target": "target"}), {"source": "ñ\n", "target": "n"}),
    "iob": (Iob(), {"x": "A\tO\n[b]\tB-X\n\né\tO\n"}),
    "marked iob": (Iob(document="A"), {"x": "A\tO\n\n[b]\tB-X\n\nA\tO\né\tO\n"}),
    "mention table": (
        MentionTable(type="X", link=0, document=1, start=2, end=3, text=4, databases={"a:": "A"}),
        {"texts": "A [b] é\r\n", "mentions": "#\na:1\ttexts\t2\t5\t[b]\n"},
    ),
    "token votes": (
        TokenVotes(types={"x": "X"}, votes="v"),
        {"sentences": '{"7": "A é", "8": "b"}', "x": '{"7": {"v": [[0, 1]]}, "8": {"v": [[0], [1]]}}'},
    ),
    "lists": (LISTS, {"x": 'a,b,c\n1,"[é]",x;y\n,3.5,z\n'}),
    "parallel": (ParallelText(), {"source": "uno\nñ\n", "target": "one\nn\n"}),
    "tsv": (TSV, {"x": "n\ta\tb\n1\té\tx\n2\t[y]\tz\n"}),
    "csv": (CSV, {"x": 'n,a,b\n1,"é\n""x""",y\n2,[y],z\n'}),
    "scores": (SCORES, {"x": "a,b\n1,2\n3.5,4\n"}),
    "json lines": (LINES, {"x": '{"q": {"text": "é"}, "a": ["b"]}\n{"q": {"text": "\\u00e9"}, "a": 1}\n'}),
    "json": (WHOLE, {"x": '{"7": {"f": "é", "l": 1}, "8": {"f": [], "l": null}}'}),
    "adapted json": (
        JsonRows(record="Pair", lines=True, index={"t": "k"}, adapt=adapt),
        {"x": '{"k": "a", "l": "é"}\n', "t": '{"k": "a", "l": "m"}\n'},
    ),
    "parquet rows": (ParquetRows(record="Pair", fields={"first": "a.b", "label": "c"}), {"x": parquet(NESTED)}),
    "parquet documents": (ParquetDocuments(), {"x": parquet(KNOWLEDGE)}),
    "parquet twice": (ParquetTwice(), dict.fromkeys(("first", "second"), parquet([SOURCED]))),
    "parquet tokens": (ParquetTokens(unit="bytes"), {"x": parquet([TOKENED, {**TOKENED, "document_id": "8"}])}),
    "json spans": (JsonSpans(), {"x": json.dumps([SPANNED])}),
    "json lines of spans": (
        JsonSpans(lines=True, id="", mention=""),
        {"x": json.dumps(SPANNED) + "\n" + json.dumps({"text": "é", "entities": []}) + "\n"},
    ),
    "json tags": (JsonTags(), {"x": '{"words": ["é", "b"], "labels": ["O", "B-X"], "text": "é b"}\n'}),
    "excel": (SHEET, {"x": workbook(["File", "CHQ", "Summary"], ["1", "é", "x"])}),
}
XML = ("bioc", "inline xml", "interactions", "marked xml", "section xml", "token xml", "xml claims", "xml rows")


def written(name: str) -> tuple[Format, dict[str, bytes]]:
    options, files = FORMATS[name]
    return options, {role: data.encode() if isinstance(data, str) else data for role, data in files.items()}


@pytest.mark.parametrize("name", FORMATS)
def test_the_whole_files_are_good(name):
    found = found_in(*written(name))
    assert found is not None
    records, rejects = found
    assert records
    assert rejects == []


@pytest.mark.heavy
@pytest.mark.parametrize("name", FORMATS)
def test_a_file_cut_at_any_byte(name):
    options, files = written(name)
    whole = found_in(options, files)
    assert whole is not None
    for role, data in files.items():
        for end in range(0, len(data), 1 + len(data) // 150):
            cut = found_in(options, {**files, role: data[:end]})
            if cut is not None:
                records, rejects = cut
                assert len(records) + len(rejects) <= len(whole[0]) + 1, (role, end)
                broken = [record for record in records if record not in whole[0]]
                # only the last record can be shorter than it was, and only where the format cannot tell
                assert len(broken) <= 1, (role, end, broken)
        if name in XML:
            assert found_in(options, {**files, role: data[:-1]}) is None


@pytest.mark.parametrize("line", range(1, 5))
def test_a_cut_takes_no_earlier_document(line):
    rows = PUBTATOR.splitlines(keepends=True)
    found = found_in(PubTator(vocabulary="MeSH"), {"x": "".join(rows[: len(rows) - line]).encode()})
    assert found is not None
    assert [document.id for document in found[0]][:1] == ["7"]


@pytest.mark.heavy
@pytest.mark.parametrize("name", FORMATS)
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_garbage(name, data):
    options, files = written(name)
    found_in(options, {role: data.draw(garbage) for role in files})
    for role, good in files.items():
        start = data.draw(st.integers(0, len(good)))
        end = data.draw(st.integers(start, len(good)))
        found_in(options, {**files, role: good[:start] + data.draw(garbage) + good[end:]})


def test_no_line_of_json_is_lost():
    lines = [json.dumps({"q": {"text": "x"}, "a": "y"}), "{", "[]", '{"a": 1}', '"x"', "1"] * 3
    found = found_in(LINES, {"x": "\n".join(lines).encode()})
    assert found is not None
    assert (len(found[0]), len(found[1])) == (3, 15)
