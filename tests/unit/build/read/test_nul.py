"""A NUL is not text: the record that has one is rejected, in every format."""

import pytest

from schemas.formats import (
    Delimited,
    Format,
    Iob,
    JsonClusters,
    JsonRows,
    MentionTable,
    PairedTexts,
    ParallelText,
    PlacedTokens,
    PubTator,
    Standoff,
    StandoffTables,
    Tagged,
    TokenSpans,
    TokenVotes,
)
from tests.support.reading import Reader

TEXT = {"text": "q", "labels": "l"}
QUESTION = {"id": "id", "text": "question", "context": "context", "answers": "answer"}

FORMATS: dict[str, tuple[Format, dict[str, str], dict[str, str]]] = {
    "standoff": (
        Standoff(annotations=(".ann",)),
        {"7.txt": "Orvan\0 helps", "7.ann": "T1\tDrug 0 5\tOrvan\n", "8.txt": "a", "8.ann": ""},
        {},
    ),
    "concept of standoff": (
        Standoff(annotations=(".ann",)),
        {"7.txt": "Orvan", "7.ann": "T1\tDrug 0 5\tOrvan\nN1\tR T1 V:\0\tx\n", "8.txt": "a", "8.ann": ""},
        {},
    ),
    "pubtator": (PubTator(vocabulary="V"), {"x": "7|t|Orvan eases\0 fever.\n7|a|x\n\n8|t|a\n"}, {}),
    "standoff tables": (
        StandoffTables(),
        {"a": "7\ta\tb\0\n8\ta\tb\n", "e": "", "r": ""},
        {"abstracts": "a", "entities": "e", "relations": "r"},
    ),
    "mention table": (
        MentionTable(type="X", link=0, document=1, start=2, end=3, text=4, databases={"v:": "V"}),
        {"7.txt": "a\0", "m": ""},
        {"texts": "7.txt", "mentions": "m"},
    ),
    "placed tokens": (PlacedTokens(), {"x": "### 7\na\0\t0\t2\t\t|O\n\n### 8\na\t0\t1\t\t|O\n"}, {}),
    "tagged": (Tagged(), {"x": "a\0\tO\n\nb\tO\n"}, {}),
    "iob": (Iob(), {"x": "a\0\tO\n\nb\tO\n"}, {}),
    "tag of iob": (Iob(), {"x": "a\tB-X\0\n\nb\tO\n"}, {}),
    "token spans": (
        TokenSpans(type="X"),
        {"s": "@@7 a\0/T\n@@8 b/T\n", "m": ""},
        {"sentences": "s", "mentions": "m"},
    ),
    "token votes": (
        TokenVotes(types={"x": "X"}, votes="v"),
        {"s": '{"7": "a\\u0000", "8": "b"}', "v": '{"7": {"v": [[0]]}, "8": {"v": [[0]]}}'},
        {"sentences": "s", "x": "v"},
    ),
    "json clusters": (
        JsonClusters(databases={}),
        {"x": '[{"id": "7", "text": "a\\u0000", "entities": [], "interactions": []}]'},
        {},
    ),
    "csv": (
        Delimited(record="Pair", fields={"id": "id", "first": "evidence", "second": "claim", "label": "label"}),
        {"x": "id,evidence,claim,label\n7,e\0e,c,Supports\n8,e,c,Supports\n"},
        {},
    ),
    "tsv": (
        Delimited(record="Text", separator="\t", quote=None, fields=TEXT),
        {"x": "q\tl\na\0\tx\nb\tx\n"},
        {},
    ),
    "json lines": (
        JsonRows(record="Question", lines=True, fields=QUESTION),
        {
            "x": '{"id": 7, "question": "q\\u0000x", "context": "c", "answer": "yes"}\n'
            '{"id": 8, "question": "q", "context": "c", "answer": "yes"}\n'
        },
        {},
    ),
    "answers of json": (
        JsonRows(record="Question", lines=True, fields=QUESTION),
        {"x": '{"id": 7, "question": "q", "context": "c", "answer": ["yes", "n\\u0000"]}\n'},
        {},
    ),
    "parallel texts": (ParallelText(), {"a": "uno\0\ndos\n", "b": "one\ntwo\n"}, {"source": "a", "target": "b"}),
    "paired texts": (
        PairedTexts(suffixes={"source": ".de", "target": ".en"}),
        {"7.de": "a", "7.en": "\0b"},
        {"source": "7.de", "target": "7.en"},
    ),
}
"""The format, files of which the first record has a NUL, and their roles where they have some."""


@pytest.mark.parametrize("name", FORMATS)
def test_a_nul_costs_its_record(name: str, tmp_path):
    options, files, roles = FORMATS[name]
    reader = Reader(tmp_path)
    reader(options, files, train=roles or tuple(files))
    ((split, id_, reason),) = reader.rejects()
    assert (split, reason) == ("train", "NUL character")
    assert id_ in ("7", "@@7", "0")
    read, kept, rejected = reader.tally("train")
    assert (kept, rejected) == (read - 1, 1)
    whole = {name: data.replace("\0", "").replace("\\u0000", "") for name, data in files.items()}
    if name not in ("concept of standoff", "placed tokens"):
        reader(options, whole, train=roles or tuple(files))
        assert reader.tally("train") == (read, read, 0)


def test_a_nul_in_an_id(tmp_path):
    reader = Reader(tmp_path)
    reader(PubTator(vocabulary="V"), {"x": "7\0|t|a\n\n8|t|b\n"}, train="x")
    assert reader.rejects() == [("train", "7\ufffd", "NUL character")]
    reader(
        JsonRows(record="Question", lines=True, fields=QUESTION),
        {"x": '{"id": "7\\u0000", "question": "q", "context": "c", "answer": "y"}'},
        train="x",
    )
    assert reader.rejects() == [("train", "7\ufffd", "NUL character")]
