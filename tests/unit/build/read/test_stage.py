"""The stage `read`: lists of ids, ids that come twice, what is counted, and where messages point."""

import gc
import zipfile
from pathlib import Path

import polars as pl
import pytest

from schemas.correction import Correction
from schemas.errors import ArchiveError, CorrectionError, FormatError
from schemas.formats import Delimited, InteractionXml, JsonRows, PubTator, Standoff
from schemas.receipts import Blob, Fetched, Tally
from schemas.source import Part
from tasks.base.store.rejects import rejects_place
from tasks.build.judge.profile import profile_records
from tasks.build.read import reading, stage
from tasks.build.read.kept import _stems, listed
from tests.support.declared import source
from tests.support.reading import Reader, put

PUBTATOR = PubTator(vocabulary="MeSH")
BRAT = Standoff(annotations=(".ann",))


@pytest.fixture
def reader(tmp_path):
    return Reader(tmp_path)


def zipped(folder: Path, **members: str) -> bytes:
    path = folder / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("_", "."), text)
    return path.read_bytes()


def test_documents_that_cannot_be_records(reader):
    text = "1|t|ab\n1\t0\t1\ta\tX\n\n1|t|again\n\n2|t|ab\n2\t0\t1\tb\tX\n\n2|t|right\n\n3|t|a\n3\t0\n\n4|t|a\nby hand\n"
    reader(PUBTATOR, {"x": text}, train="x")
    assert reader.ids("train") == ["1", "2", "4"]
    assert reader.tally("train") == (7, 3, 4)
    assert reader.batch.mismatches == {"train": 1}
    assert reader.rejects() == [
        ("train", "1", "repeated record"),
        ("train", "2", "span mismatch"),
        ("train", "3", "malformed line"),
        ("train", "4", "stray line"),
    ]


def test_a_document_lost_on_the_way_to_the_file_shows_in_the_tally(reader, monkeypatch):
    """What was met is counted where the reader gives it, what was kept in the file: neither follows from the other."""
    write = reading.write_documents
    monkeypatch.setattr(reading, "write_documents", lambda documents, path: write(list(documents)[1:], path))
    text = "1|t|One.\n1|a|\n\n2|t|Two.\n2|a|\n"
    tally = reader(PUBTATOR, {"a.txt": text}, train="a.txt").splits["train"]
    assert (tally.read, tally.kept, tally.rejected) == (2, 1, 0)
    profile = profile_records([reader.batch])[0]
    assert profile.read != profile.kept + profile.rejected


def test_lists_name_the_records_of_a_split(reader):
    text = "".join(f"{number}|t|title\n\n" for number in range(6)) + "5|t\n"
    lists = {"a": "\ufeff0\r\n 2 \n\n2\n9\n", "b": "3\n2\n"}
    reader(PUBTATOR, {"x": text, **lists}, train={"0": "x", "ids": "a"}, test={"0": "x", "ids": "b"})
    assert reader.ids("train") == ["0", "2"]
    assert reader.ids("test") == ["2", "3"]  # a record of two lists is in both; deduplication removes it from train
    assert reader.tally("train") == (3, 2, 1)
    assert reader.rejects() == [
        ("train", "9", "listed but not there"),
        *(("", id_, "in no list") for id_ in ("1", "4", "5", "x:13")),
    ]
    assert reader.batch.unlisted == Tally(read=4, kept=0, rejected=4)
    rejects = reader.root.local(rejects_place("read", "src", reader.batch.fingerprint))
    details = pl.read_parquet(rejects)["detail"].to_list()
    assert details[0].endswith("no file holds it; 1 that no list names could not be read, first x:13: no title")
    assert details[1] == "no list of a split names it"
    assert details[-1].startswith("no list of a split names it; no title: expected")


def test_files_of_other_splits_are_not_held_against_a_list(reader):
    texts = {"x": "1|t|one\n\n2|t|two\n", "y": "3|t|three\n\n4|t|four\n"}
    lists = {"a": "1\n", "b": "4\n"}
    reader(PUBTATOR, {**texts, **lists}, train={"0": "x", "ids": "a"}, test={"0": "y", "ids": "b"})
    assert reader.rejects() == [("", "2", "in no list"), ("", "3", "in no list")]


def test_a_list_of_ids_is_text(reader):
    with pytest.raises(FormatError, match="`a`, line 2, byte 2: 0xff is not text in utf-8"):
        reader(PUBTATOR, {"x": "", "a": b"1\n\xff"}, train={"0": "x", "ids": "a"})


def test_lists_name_the_files_of_a_split(reader):
    names = ("10.1016", "10", "PMC-1.sec-01", "other")
    archive = zipped(
        reader.folder, **{f"d/{name}.{end}": text for name in names for end, text in (("txt", "ab"), ("ann", ""))}
    )
    files = {"x.zip": archive, "a": "10.1016\nPMC-1.sec-01\nmissing\n"}
    reader(BRAT, files, train={"0": "x.zip!d/*", "ids": "a"})
    assert reader.ids("train") == ["10.1016", "PMC-1.sec-01"]
    others = [("", id_, "in no list") for id_ in ("10", "other")]
    assert reader.rejects() == [("train", "missing", "listed but not there"), *others]


def test_only_files_that_may_be_listed_are_read():
    texts = [put(f"d/{name}", "") for name in ("10.1016.txt", "10.txt", "10.1016.ann", "PMC-1-sec-01.txt")]
    only = [put("d/one.xml", "")]
    ids, files = listed({"0": texts, "1": only, "ids": [put("l", "10.1016\r\n")]}, "utf-8")
    assert ids == {"10.1016"}
    assert files == {"0": [texts[0], texts[2]], "1": only}
    assert list(_stems("a/b.c/x.y.txt")) == ["x.y.txt", "x", "x.y"]
    with pytest.raises(FormatError, match=r"`.*`: none of its 1 ids names a file; the first are \['z'\]"):
        listed({"0": texts, "ids": [put("l", "z\n")]}, "utf-8")


ROWS = JsonRows(record="Pair", fields={"id": "i", "label": "l"})


def test_rows_of_a_declared_id_are_kept_once(reader):
    options = Delimited(record="Pair", fields={"id": "i", "label": "l"})
    reader(options, {"x": "i,l\n1,a\n2,b\n1,c\n3,\n3,d\n,e\n,f\n"}, train="x")
    assert reader.ids("train") == ["1", "2", "3"]
    assert reader.tally("train") == (7, 3, 4)
    assert sorted(reader.rejects()) == [
        ("train", "", "empty field"),
        ("train", "", "empty field"),
        ("train", "1", "repeated record"),
        ("train", "3", "empty field"),
    ]


def test_rows_without_a_declared_id_are_numbered(reader):
    reader(Delimited(record="Pair", fields={"label": "l"}), {"x": "l\na\na\n"}, train="x")
    assert reader.ids("train") == ["0", "1"]
    assert reader.tally("train") == (2, 2, 0)


def test_lists_of_rows(reader):
    data = '[{"i": 1, "l": "x"}, {"i": 2, "l": "y"}, {"l": "z"}]'
    reader(ROWS, {"x": data, "a": "2\n7\n"}, train={"0": "x", "ids": "a"})
    assert reader.ids("train") == ["2"]
    assert reader.rejects() == [
        ("train", "x#2", "malformed row"),
        ("train", "7", "listed but not there"),
        ("", "1", "in no list"),
    ]
    assert reader.tally("train") == (3, 1, 2)


def test_rows_by_declared_ids(reader):
    data = '[{"i": 1, "l": "x"}, {"i": 2, "l": "y"}, {"i": 3, "l": "z"}, {"i": 3, "l": "z"}]'
    reader(ROWS, {"x": data}, train="x", dev_ids=frozenset("2"), test_ids=frozenset("3"))
    assert [reader.ids(split) for split in ("train", "dev", "test")] == [["1"], ["2"], ["3"]]
    assert reader.rejects() == [("test", "3", "repeated record")]


def test_messages_of_unpacking_name_the_source(reader):
    archive = zipped(reader.folder, a_txt="")
    with pytest.raises(ArchiveError, match=r"`src: x\.zip`.*sources/src\.py"):
        reader(BRAT, {"x.zip": archive}, train="x.zip!b*")


def test_what_is_there_is_not_read_again(reader, monkeypatch):
    first = reader(PUBTATOR, {"x": "1|t|a\n"}, train="x")
    monkeypatch.setattr(stage, "unpack", None)
    assert reader.again() == first


def test_corrections_apply_and_must_match(reader, monkeypatch):
    entry = {"record": "1", "entity": "T1", "expect": "b", "reason": "r"}
    moved = Correction.model_validate({**entry, "action": "move", "spans": [[1, 2]]})
    monkeypatch.setattr("tasks.build.read.correct.load", lambda path: (moved,))
    reader(PUBTATOR, {"x": "1|t|ab\n1\t0\t1\tb\tX\n"}, train="x")
    assert reader.tally("train") == (1, 1, 0)
    for text in ("1|t|ab\n1\t0\t1\ta\tX\n", "2|t|ab\n", "1|t|ab\n"):
        with pytest.raises(CorrectionError, match="correction of"):
            reader(PUBTATOR, {"x": text}, train="x")
    monkeypatch.setattr(
        "tasks.build.read.correct.load", lambda path: (moved.model_copy(update={"copy_sha256": "other"}),)
    )
    reader(PUBTATOR, {"x": "3|t|ab\n"}, train="x")
    assert reader.ids("train") == ["3"]


def test_the_collector_runs_again_whatever_happens(reader):
    assert gc.isenabled()
    with pytest.raises(FormatError):
        reader(InteractionXml(), {"x": "no xml"}, train="x")
    assert gc.isenabled()


# Splits of which a file is withheld


def test_a_split_without_its_file_is_withheld_alone(reader):
    rows = JsonRows(record="Text", lines=True, fields={"text": "text", "labels": "labels"})
    batch = reader(rows, {"a.jsonl": LINES, "b.jsonl": None}, train="b.jsonl", test="a.jsonl", documented={"train": 9})
    assert reader.tally("test") == (2, 1, 1)
    assert list(batch.splits) == ["test"]
    assert batch.withheld == ""
    assert batch.missing == {"train": "`b.jsonl` is not there"}


def test_a_part_without_any_file_is_withheld(reader):
    rows = JsonRows(record="Text", lines=True, fields={"text": "text", "labels": "labels"})
    batch = reader(rows, {"a.jsonl": None, "b.jsonl": None}, train="b.jsonl", test="a.jsonl")
    assert batch.withheld == "`b.jsonl` is not there; `a.jsonl` is not there"
    assert batch.missing == {}


LABELLED = JsonRows(record="Text", lines=True, fields={"text": "text", "labels": "labels"})


def test_a_split_that_a_partial_copy_lacks_is_withheld_alone(reader, tmp_path):
    archive = {"a.zip": zipped(tmp_path, **{"test.jsonl": LINES})}
    batch = reader(LABELLED, archive, train="a.zip!train.jsonl", test="a.zip!test.jsonl", partial=True)
    assert list(batch.splits) == ["test"]
    assert batch.missing == {"train": "this copy of `a.zip` has no `train.jsonl`"}
    assert reader.again() == batch


def test_a_split_that_a_whole_copy_lacks_is_an_error(reader, tmp_path):
    archive = {"a.zip": zipped(tmp_path, **{"test.jsonl": LINES})}
    with pytest.raises(ArchiveError):
        reader(LABELLED, archive, train="a.zip!train.jsonl", test="a.zip!test.jsonl")


def test_a_partial_copy_that_lacks_all_splits_is_withheld(reader, tmp_path):
    archive = {"a.zip": zipped(tmp_path, **{"other": "x"})}
    batch = reader(LABELLED, archive, train="a.zip!train.jsonl", partial=True)
    assert batch.withheld == "this copy of `a.zip` has no `train.jsonl`"


def test_a_damaged_copy_is_withheld_and_says_what_is_wrong() -> None:
    bad, good = "b" * 64, "a" * 64
    parts = {"main": Part(train="a", test="b")}
    declared = source(files={"a": "u", "b": "u"}, parts=parts, damaged={bad: "words are missing"})
    blobs = [
        Blob(name=name, url="u", sha256=sha256, bytes=1, place="blobs/x") for name, sha256 in (("a", bad), ("b", good))
    ]
    batch = stage.plan(declared, "main", Fetched(source="tea", blobs=tuple(blobs)))
    assert (batch.withheld, dict(batch.missing)) == ("", {"train": DAMAGED})
    assert (
        stage.plan(declared, "main", Fetched(source="tea", blobs=tuple(blobs[:1]))).withheld
        == f"{DAMAGED}; `b` is not there"
    )


DAMAGED = "the copy of `a` at hand is damaged: words are missing"


# The number of records that the publishers state


LINES = '{"text": "a", "labels": "x"}\n{"text": "", "labels": "x"}\n'


def test_as_many_records_as_documented(reader):
    rows = JsonRows(record="Text", lines=True, fields={"text": "text", "labels": "labels"})
    reader(rows, {"a.jsonl": LINES}, train="a.jsonl", documented={"train": 2})
    assert reader.tally("train") == (2, 1, 1)


def test_another_number_of_records_than_documented_is_refused(reader):
    rows = JsonRows(record="Text", lines=True, fields={"text": "text", "labels": "labels"})
    with pytest.raises(FormatError) as caught:
        reader(rows, {"a.jsonl": LINES}, train="a.jsonl", documented={"train": 1000, "test": 7})
    message = str(caught.value)
    assert "`src/main`" in message
    assert "train 2 of 1,000; test 0 of 7" in message
    assert "1 empty field" in message
    assert "sources/src.py" in message


# Splits whose lists cannot be had


def test_without_lists_all_records_are_in_one_split(reader):
    files = {"a.jsonl": LINES, "train.txt": None, "test.txt": None}
    splits = {split: {"0": "a.jsonl", "ids": f"{split}.txt"} for split in ("train", "test")}
    batch = reader(LABELLED, files, **splits, unlisted="train", documented={"train": 1, "test": 1})
    assert reader.tally("train") == (2, 1, 1)
    assert batch.missing == {"test": "`train.txt` is not there; without it all records are in train"}


def test_without_lists_and_without_a_word_on_that_all_is_withheld(reader):
    files = {"a.jsonl": LINES, "train.txt": None}
    batch = reader(LABELLED, files, train={"0": "a.jsonl", "ids": "train.txt"})
    assert batch.withheld == "`train.txt` is not there"


def test_a_partial_copy_need_not_hold_the_documented_number(reader):
    batch = reader(LABELLED, {"a.jsonl": LINES}, partial=True, train="a.jsonl", documented={"train": 1000})
    assert reader.tally("train") == (2, 1, 1)
    assert batch.partial
