"""Parquet as the Hub converts it: rows by a mapping or an adapter, and documents with entities and relations."""

import io
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import FormatError
from schemas.formats import ParquetDocuments, ParquetRows
from schemas.records import Argument, Document, Entity, Link, Relation
from tasks.build.read import parquet
from tasks.build.read.check import checked
from tests.support.reading import documents, often, put, rejects, rows, split

PAIRS = ParquetRows(record="Translation", fields={"text": "sides.one", "translation": "two"})


def table(*found: dict[str, Any], name: str = "a/0000.parquet") -> Any:
    buffer = io.BytesIO()
    pl.DataFrame(found, infer_schema_length=None).write_parquet(buffer)
    return put(name, buffer.getvalue())


texts = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=12)


@pytest.mark.heavy
@often
@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=9))
def test_rows_come_as_they_were_written(pairs: list[tuple[str, str]]) -> None:
    found = rows(PAIRS, table(*({"sides": {"one": one}, "two": two} for one, two in pairs)))
    assert [(row["text"], row["translation"]) for row in found] == [(a.strip(), b.strip()) for a, b in pairs]


def test_no_more_rows_than_a_batch_are_taken_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "BATCH", 3)
    found = [row["id"] for _, _, row in parquet.rows_of(table(*({"id": number} for number in range(10))))]
    assert found == list(range(10))


def test_several_files_are_one_split() -> None:
    files = [table({"sides": {"one": one}, "two": "z"}, name=f"{one}.parquet") for one in "ab"]
    assert [row["text"] for row in rows(PAIRS, *files)] == ["a", "b"]


def test_a_row_without_a_value_is_told_by_its_place() -> None:
    assert rejects(PAIRS, table({"sides": None, "two": "b"}))[0][:2] == ("a/0000.parquet#0", "malformed row")


@pytest.mark.parametrize("data", [b"", b"PAR1", b"version https://git-lfs.github.com/spec/v1\n", b"<html></html>"])
@pytest.mark.parametrize("options", [PAIRS, ParquetDocuments()])
def test_what_is_not_parquet_is_refused(options: Any, data: bytes) -> None:
    with pytest.raises(FormatError, match=r"`a\.parquet`: expected Parquet, found "):
        split(options, put("a.parquet", data))


def test_a_file_cut_short_is_refused() -> None:
    whole = table({"sides": {"one": "a" * 99}, "two": "b"}).read()
    with pytest.raises(FormatError, match="expected Parquet"):
        split(PAIRS, put("a.parquet", whole[: len(whole) // 2]))


# Documents


def entity(id_: str, type_: str, *spans: tuple[int, int], text: list[str], **links: str) -> dict[str, Any]:
    concepts = [{"db_name": name, "db_id": number} for name, number in links.items()]
    return {"id": id_, "type": type_, "text": text, "offsets": [list(span) for span in spans], "normalized": concepts}


def passage(start: int, text: str) -> dict[str, Any]:
    return {"id": "p", "type": "", "text": [text], "offsets": [[start, start + len(text)]]}


ROW: dict[str, Any] = {
    "id": "7",
    "document_id": "90001",
    "passages": [passage(0, "😀 velt and"), passage(12, "deep heat.")],
    "entities": [
        entity("0_T2", "Y", (12, 16), (17, 21), text=["deep", "heat"], mesh="D1"),
        entity("0_T1", "X", (2, 6), text=["velt"]),
    ],
    "relations": [{"id": "0_R1", "type": "is", "arg1_id": "0_T1", "arg2_id": "0_T2", "normalized": []}],
    "events": [],
    "coreferences": [],
}


def test_all_that_the_layout_has() -> None:
    one = Entity("0_T1", "X", ((2, 6),), "velt")
    two = Entity("0_T2", "Y", ((12, 16), (17, 21)), "deep heat", (Link("MeSH", "D1"),))
    arguments = (Argument("Arg1", "0_T1", "entity", "velt"), Argument("Arg2", "0_T2", "entity", "deep heat"))
    expected = Document("90001", "😀 velt and  deep heat.", (one, two), (Relation("0_R1", "is", arguments),))
    (found,) = documents(ParquetDocuments(databases={"mesh": "MeSH"}), table(ROW))
    assert found == expected
    assert checked(found) == expected


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"passages": [passage(0, "abc"), passage(2, "de")]}, "expected 2 characters from 3 on, found 2 to 4"),
        ({"passages": [{**passage(0, "abc"), "offsets": [[0, 4]]}]}, "expected 3 characters from 0 on, found 0 to 4"),
        ({"relations": [{**ROW["relations"][0], "arg2_id": "0_T9"}]}, "no '0_T9'"),
        ({"passages": None}, "expected values of another kind"),
    ],
)
def test_a_document_that_does_not_fit_is_rejected_and_the_others_are_read(change: dict[str, Any], words: str) -> None:
    member = table(ROW | change | {"document_id": "bad"}, ROW)
    ((id_, reason, detail),) = rejects(ParquetDocuments(), member)
    assert (id_, reason) == ("bad", "malformed row")
    assert words in detail
    assert [item.id for item in split(ParquetDocuments(), member)] == ["bad", "90001"]
