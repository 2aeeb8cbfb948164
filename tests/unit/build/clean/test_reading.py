"""Reading cleans what is declared, lists and counts it, and neither loses nor renames a record."""

import polars as pl
import pytest

from schemas.formats import Iob, JsonRows, PubTator
from tasks.base.store.root import Root
from tasks.build.clean.listed import cleaned_place, count
from tests.support.reading import Reader

ABSTRACTS = "7|t|Dirty  title\n7|a|With &alpha;-Xyl\n7\t18\t29\t&alpha;-Xyl\tX\t1\n\n8|t|Clean\n8|a|and tidy\n"
ROWS = """{"id": "1", "text": "Which?\\"", "choices": ["Age\\n\\"", "Weight\\n\\""], "answers": ["Age\\n\\""]}
{"id": "2", "text": "Which one?", "choices": ["Age", "Weight"], "answers": ["Age"], "context": "a  b"}
"""
QUESTIONS = JsonRows(
    record="Question", lines=True, fields={name: name for name in ("id", "text", "choices", "answers")}
)


@pytest.fixture
def reader(tmp_path) -> Reader:
    return Reader(tmp_path)


def records(reader: Reader) -> pl.DataFrame:
    return pl.read_parquet(reader.root.local(f"{reader.batch.place}/main-train.parquet"))


def listed(reader: Reader) -> list[tuple[object, ...]]:
    return pl.read_parquet(reader.root.local(cleaned_place(reader.batch.place))).rows()


def test_documents(reader):
    batch = reader(PubTator(vocabulary="V"), {"x": ABSTRACTS}, clean=("entities", "spaces"), train="x")
    assert reader.tally("train") == (2, 2, 0)
    first, second = records(reader).to_dicts()
    assert (first["text"], second["text"]) == ("Dirty title\nWith α-Xyl", "Clean\nand tidy")
    (entity,) = first["entities"]
    assert (entity["text"], entity["spans"]) == ("α-Xyl", [{"start": 17, "end": 22}])
    assert batch.cleaned == {"train": {"spaces": 1, "entities": 1}}
    assert listed(reader) == [
        (
            "src",
            "main",
            "train",
            "7",
            "text",
            "entities",
            1,
            "Dirty  title\nWith &alpha;-Xyl",
            "Dirty  title\nWith α-Xyl",
        ),
        ("src", "main", "train", "7", "text", "spaces", 1, "Dirty  title\nWith α-Xyl", "Dirty title\nWith α-Xyl"),
    ]


def test_rows(reader):
    batch = reader(QUESTIONS, {"x": ROWS}, clean=("quotes", "spaces"), train="x")
    assert reader.tally("train") == (2, 2, 0)
    (first, second) = records(reader).select("id", "text", "choices", "answers").rows()
    assert first == ("1", "Which?", ["Age", "Weight"], ["Age"])
    assert second == ("2", "Which one?", ["Age", "Weight"], ["Age"])
    assert batch.cleaned == {"train": {"quotes": 1}}
    assert [(row[4], row[6]) for row in listed(reader)] == [("text", 1), ("answers", 1), ("choices", 2)]


def test_tokens_stay_tokens(reader):
    data = "p\tO\n&lt;\tO\n&nbsp;\tO\na  b\tO\n&alpha;-Xyl\tB-X\n\n"
    batch = reader(Iob(), {"x": data}, clean=("entities", "glued", "spaces"), train="x")
    assert records(reader)["tokens"].to_list() == [["p", "<", "&nbsp;", "a  b", "α-Xyl"]]
    assert batch.cleaned == {"train": {"entities": 1}}


def test_declaring_a_clean_up_makes_the_records_anew_and_none_lists_nothing(reader):
    plain = reader(QUESTIONS, {"x": ROWS}, train="x")
    assert plain.cleaned == {}
    assert not reader.root.exists(cleaned_place(plain.place))
    assert '"' in records(reader)["text"][0]
    cleaned = reader(QUESTIONS, {"x": ROWS}, clean=("quotes",), train="x")
    assert cleaned.fingerprint != plain.fingerprint
    assert cleaned.made_of["code"] == plain.made_of["code"]


def test_what_is_counted_is_what_the_list_holds(reader):
    batch = reader(QUESTIONS, {"x": ROWS}, clean=("quotes",), train="x")
    assert count(Root(reader.root.url), batch.place) == batch.cleaned
    assert reader.again().cleaned == batch.cleaned
