"""Token spans: sentences of tokens, and mentions by the numbers of their tokens."""

import pytest

from schemas.errors import FormatError
from schemas.formats import TokenSpans
from schemas.records import Document, Entity, Reject
from tasks.build.read.check import checked
from tests.support.reading import documents, put, rejects, split

GENES = TokenSpans(type="Gene")


def found(sentences: str, mentions: str) -> tuple[list[Document], list[tuple[str, str, str]]]:
    files = {"sentences": put("S", sentences), "mentions": put("M", mentions)}
    items = split(GENES, **files)
    assert isinstance(items, list)
    return [item for item in items if isinstance(item, Document)], rejects(GENES, **files)


def test_all_that_the_format_has():
    sentences = "@@1 The/TAG 😀-1/2/TAG gene/TAG [//TAG //TAG ./.\n@@2 No/TAG name/TAG\n"
    mentions = "@@1|2 4|gene [/ /\n@@1|1 1|😀-1/2\n@@1|1 2|😀-1/2 gene\n"
    expected = Document(
        "@@1",
        "The 😀-1/2 gene [/ / .",
        (
            Entity("T2", "Gene", ((4, 9),), "😀-1/2"),
            Entity("T3", "Gene", ((4, 14),), "😀-1/2 gene"),
            Entity("T1", "Gene", ((10, 19),), "gene [/ /"),
        ),
    )
    for end in ("\n", "\r\n"):
        files = {"sentences": put("S", sentences.replace("\n", end)), "mentions": put("M", mentions.replace("\n", end))}
        assert documents(GENES, **files) == [expected, Document("@@2", "No name")]
    assert checked(expected) == expected


def test_the_bar_before_a_mention_may_be_missing():
    ((document,), lost) = found("@@1 A/TAG p53/TAG\n", "@@1|1 1p53\n")
    assert document.entities == (Entity("T1", "Gene", ((2, 5),), "p53"),)
    assert lost == []


def test_a_mention_that_is_not_its_tokens_is_seen():
    ((document,), _) = found("@@1 A/TAG p53/TAG\n", "@@1|0 0|p53\n")
    assert isinstance(checked(document), Reject)


@pytest.mark.parametrize("row", ["1 A/TAG", "@@1", "@@1 A", "@@1 A/TAG  B/TAG", "@@1 /TAG", ""])
def test_a_sentence_that_is_none(row: str):
    records, lost = found(f"{row}\n@@2 B/TAG\n", "")
    assert [document.id for document in records] == ["@@2"]
    assert [(id_, reason) for id_, reason, _ in lost] == [("S:1", "malformed line")]


@pytest.mark.parametrize("row", ["@@1|0|A", "@@1|0 x|A", "@@1 0 0|A", "@@1|0 0|", "@@1|0 99999999999|A"])
def test_a_broken_mention_costs_its_sentence(row: str):
    records, lost = found("@@1 A/TAG\n@@2 B/TAG\n", f"{row}\n@@1|0 0|A\n")
    assert [document.id for document in records] == ["@@2"]
    assert [(id_, reason) for id_, reason, _ in lost] == [("@@1", "malformed line")]
    assert "M:1: expected @@id|first last|mention" in lost[0][2]


@pytest.mark.parametrize("row", ["x", ""])
def test_a_line_that_is_no_mention_costs_itself(row: str):
    records, lost = found("@@1 A/TAG\n", f"{row}\n@@1|0 0|A\n")
    assert [len(document.entities) for document in records] == [1]
    assert [(id_, reason) for id_, reason, _ in lost] == [("M:1", "stray line")]


def test_tokens_that_are_not_there():
    records, lost = found("@@1 A/TAG\n", "@@1|0 1|A B\n@@9|0 0|A\n")
    assert records == []
    assert [(id_, reason) for id_, reason, _ in lost] == [
        ("@@1", "malformed line"),
        ("@@9", "annotations without a text"),
    ]


def test_both_files_are_wanted():
    with pytest.raises(FormatError, match="one file of the role `mentions`"):
        split(GENES, sentences=put("S", ""))
