"""PubTator: documents as they are written, and every line that does not fit."""

import polars as pl
import pytest

from schemas.formats import PubTator
from schemas.records import Argument, Document, Entity, Link, Reject, Relation
from schemas.task import Re
from tasks.build.read.check import checked
from tasks.build.read.records import batch
from tasks.build.render import documents as renderers
from tasks.build.render import render
from tests.support.reading import documents, put, rejects, split

assert renderers  # registers them

MESH = PubTator(vocabulary="MeSH")
FULL = PubTator(
    vocabulary={"Gene": "NCBI Gene", "Disease": "MeSH"}, prefixes={"OMIM:": "OMIM", "MESH:": "MeSH"}, separators=",+"
)


def test_all_that_the_format_has():
    text = (
        "7|t|A [p53] <gene> & 😀|t|\n7|a|It|a|s p53, ataxia\n"
        "7\t3\t6\tp53\tGene\t7157\n"
        "7\t29\t32\tp53\tGene\t7157,672\n"
        "7\t34\t40\tataxia\tDisease\tOMIM:1+MESH:D2,-1\tataxia|x\n"
        "7\t2\t7\t[p53]\tOther\tX1\n"
        "7\t34\t40\tataxia\tDisease\n"
        "7\tBind\t7157\tOMIM:1\tNovel\n"
        "7\tBind\t672\tD9\n"
        "\n\n8|t|Only a title\n"
        "9|t|Empty\n9|a|\n9\t0\t5\tEmpty\tGene\t-\n"
    )
    first = Document(
        "7",
        "A [p53] <gene> & 😀|t|\nIt|a|s p53, ataxia",
        (
            Entity("T1", "Gene", ((3, 6),), "p53", (Link("NCBI Gene", "7157"),)),
            Entity("T2", "Gene", ((29, 32),), "p53", (Link("NCBI Gene", "7157"), Link("NCBI Gene", "672"))),
            Entity("T3", "Disease", ((34, 40),), "ataxia", (Link("OMIM", "1"), Link("MeSH", "D2"))),
            Entity("T4", "Other", ((2, 7),), "[p53]"),
            Entity("T5", "Disease", ((34, 40),), "ataxia"),
        ),
        (
            Relation(
                "R1",
                "Bind",
                (Argument("Arg1", "7157", "concept", "p53"), Argument("Arg2", "OMIM:1", "concept", "ataxia")),
            ),
            Relation("R2", "Bind", (Argument("Arg1", "672", "concept", "p53"), Argument("Arg2", "D9", "concept", ""))),
        ),
    )
    rest = [Document("8", "Only a title"), Document("9", "Empty\n", (Entity("T1", "Gene", ((0, 5),), "Empty"),))]
    for mark in ("", "\ufeff"):
        for written in (text, text.replace("\n", "\r\n"), text.rstrip("\n")):
            found = documents(FULL, put("x", mark + written))
            assert found == [first, *rest]
            assert [checked(document) for document in found] == found


@pytest.mark.parametrize(
    ("line", "reason", "detail"),
    [
        ("7\t0\t1\tA", "malformed line", "f:2: expected an annotation of 7, found 4 columns in '7\\\\t0\\\\t1\\\\tA'"),
        ("7\t0\tx\tA\tGene\t1", "malformed line", "6 columns"),
        ("7\t-1\t1\tA\tGene\t1", "malformed line", "6 columns"),
        ("7\t²\t1\tA\tGene\t1", "malformed line", "6 columns"),
        ("7\t1" + "0" * 5000 + "\t1\tA\tGene\t1", "malformed line", "integer string"),
        ("8\t0\t1\tA\tGene\t1", "line of another document", "f:2: expected"),
        ("8|a|other", "line of another document", "f:2: expected an annotation of 7"),
    ],
)
def test_a_line_that_does_not_fit_rejects_its_document(line, reason, detail):
    found = split(MESH, put("f", f"7|t|A\n{line}\n\n8|t|B\n"))
    assert isinstance(found, list)
    assert [type(item) for item in found] == [Reject, Document]
    assert found[0].reason == reason
    assert detail.replace("\\\\", "\\") in found[0].detail


@pytest.mark.parametrize(
    "line", ["7\tCID\tD1", "7\tCID\tD1\tD2\tNovel\tX", "no tabs", "see\tthere", "7\tby hand\tin the margin"]
)
def test_a_line_that_cannot_be_an_annotation_costs_itself(line):
    """One without an offset that names no concept of the document."""
    found = split(MESH, put("f", f"7|t|A b\n7\t0\t1\tA\tGene\tG1\n{line}\n7\t2\t3\tb\tGene\tG2\n"))
    assert isinstance(found, list)
    document, stray = found
    assert [entity.text for entity in document.entities] == ["A", "b"]
    assert (stray.id, stray.reason) == ("7", "stray line")
    assert "f:3: expected an annotation of 7, found" in stray.detail


@pytest.mark.parametrize("line", ["7\tCID\tG1", "7\tCID\tX\tG1\tNovel\tX", "7\t0\tA\tG1", "7\tA\t1"])
def test_a_line_that_may_be_a_broken_annotation_costs_its_record(line):
    found = rejects(MESH, put("f", f"7|t|A b\n7\t0\t1\tA\tGene\tG1\n{line}\n"))
    assert [(id_, reason) for id_, reason, _ in found] == [("7", "malformed line")]


def test_a_block_without_a_title():
    assert rejects(MESH, put("f", "\n\n7|a|A\n7\t0\t1\tA\tGene\n")) == [
        ("f:3", "no title", "expected `id|t|…`, found '7|a|A'")
    ]


def test_a_title_begins_a_document_even_without_an_empty_line():
    found = documents(MESH, put("f", "7|t|A\n7|a|B\n7\t0\t1\tA\tGene\n8|t|C\n8|a|D\n"))
    assert [document.id for document in found] == ["7", "8"]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("7\t0\t3\ta\tb\tGene\t1", "the mention is 'a', the text there is 'a\\tb'"),  # a tab within the mention
        ("7\t5\t8\tx😀y\tGene\t1", "the text there is '😀y.'"),  # UTF-16 units: one more than code points
        ("7\t7\t10\tx😀y\tGene\t1", "the text has 8 characters"),  # bytes
        ("7\t4\t4\t\tGene\t1", "the mention is ''"),
        ("7\t3\t4\t \tGene\t1", "the mention is ' '"),
    ],
)
def test_what_is_not_at_its_span_is_told(line, found):
    (document,) = documents(MESH, put("f", f"7|t|a\tb 😀x😀y.\n{line}\n".replace("😀x", "x")))
    reject = checked(document)
    assert isinstance(reject, Reject)
    assert reject.reason == "span mismatch"
    assert found in reject.detail


def test_declared_encodings():
    format = PubTator(vocabulary="MeSH", encoding="mac-roman")
    (document,) = documents(format, put("f", "7|t|é’\n7\t0\t2\té’\tGene\n".encode("mac-roman")))
    assert checked(document) == Document("7", "é’", (Entity("T1", "Gene", ((0, 2),), "é’"),))


def test_an_argument_without_a_mention_is_rejected_when_it_is_rendered():
    (found,) = documents(MESH, put("f", "7|t|ab\n7\t0\t1\ta\tX\tD1\n7\tCID\tD1\tD9\n"))
    assert found.relations[0].arguments[1] == Argument("Arg2", "D9", "concept", "")
    samples = render(
        Re(name="R", types={"CID": "induces"}),
        pl.LazyFrame(pl.DataFrame(batch([found]))).with_columns(document=pl.lit("")),
    )
    assert samples.collect()["reason"].to_list() == ["argument without a mention"]


def test_identifiers_in_other_columns_and_by_what_they_look_like():
    format = PubTator(
        vocabulary={"Gene": "NCBI Gene"},
        prefixes={"OMIM:": "OMIM"},
        patterns={r"(?:RSID:|rs)(\d+)": "dbSNP", r"([a-z]?\|.+)": "notation"},
        separators={"Gene": ",", "SNP": ";"},
        columns=(5, 6),
    )
    text = (
        "7|t|ab\n"
        "7\t0\t1\ta\tGene\t12,x34\n"
        "7\t0\t1\ta\tSNP\trs5;Group:1;OMIM:6\n"
        "7\t0\t1\ta\tMutation\tp|SUB|A,B|1|C;D\tRSID:5\n"
        "7\t0\t1\ta\tMutation\trs\tRSID:\n"
    )
    (document,) = documents(format, put("f", text))
    assert [entity.links for entity in document.entities] == [
        (Link("NCBI Gene", "12"), Link("NCBI Gene", "x34")),
        (Link("dbSNP", "5"), Link("OMIM", "6")),
        (Link("notation", "p|SUB|A,B|1|C;D"), Link("dbSNP", "5")),
        (),
    ]


def test_a_pattern_has_a_group():
    with pytest.raises(ValueError, match="has no group"):
        PubTator(vocabulary={}, patterns={r"\d+": "dbSNP"})
    with pytest.raises(ValueError, match="unterminated"):
        PubTator(vocabulary={}, patterns={r"(\d+": "dbSNP"})


def test_lines_that_say_something_else_are_passed_over() -> None:
    """Without the option such a line names concepts of its document, so that it may be a relation that is broken."""
    text = (
        "7|t|p53 and kelp\n7\t0\t3\tp53\tGene\t71\n7\t8\t12\tkelp\tGene\t72\n7\tBind\t71\t72\n7\t71\t72\tSubject:71\n"
    )
    assert [found.reason for found in split(MESH, put("f", text)) if isinstance(found, Reject)] == ["malformed line"]
    (found,) = documents(MESH.model_copy(update={"skip": ("Subject:",)}), put("f", text))
    assert [relation.type for relation in found.relations] == ["Bind"]
