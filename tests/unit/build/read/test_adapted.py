"""Rows that adapters take apart: JSON of any size, XML elements, joined tables; many rows wait in a file."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.errors import FormatError
from schemas.formats import JoinedTables, JsonRows, XmlRows
from schemas.records import Reject
from tasks.base.store.closure import Project
from tasks.build.read import Table, adapted, readers, text
from tasks.build.read.json_stream import items
from tasks.build.read.text import chunks, each_line, lines
from tests.support.garbage import found_in, garbage
from tests.support.reading import put, rejects, rows, split

often = settings(deadline=None, max_examples=60)


@pytest.fixture
def small(monkeypatch):
    """Files are read a few bytes at a time, and three rows are many."""
    monkeypatch.setattr(text, "_CHUNK", 5)
    monkeypatch.setattr(adapted, "BATCH", 3)


# Text piece by piece


@pytest.mark.parametrize("data", ["", "a", "\n", "a\r\n\r\nb\rc\n", "\ufeffé\u2028x\n\U0001f600", "\r\n", "x\r"])
def test_lines_one_at_a_time_are_the_lines(data, small):
    member = put("x", data)
    assert list(each_line(member, "utf-8")) == lines(member, "utf-8")
    assert "".join(chunks(member, "utf-8")) == data.removeprefix("\ufeff")


def test_pieces_of_other_encodings():
    assert list(each_line(put("x", b"a\x92\n\xe9"), "cp1252")) == ["a’", "é"]
    assert "".join(chunks(put("x", b"\x8e\n"), "mac-roman")) == "é\n"


@pytest.mark.parametrize("data", [b"ab\nc\xff\n", b"abcdefgh\xc3"])
@pytest.mark.parametrize("read", [each_line, chunks])
def test_a_byte_that_is_no_text_is_named_by_its_place(data, read, small):
    with pytest.raises(FormatError, match=f"line {1 + data.count(10, 0, 4)}, byte .*: 0x.. is not text in utf-8"):
        list(read(put("x", data), "utf-8"))


# JSON of any size


def streamed(data: str | bytes, path: str = "") -> list[tuple[str | int, Any]]:
    return list(items(put("d/x", data), "utf-8", path, dict))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@often
@given(st.lists(values, max_size=5), st.sampled_from([None, 1, "\r\n\t"]), st.booleans(), st.integers(1, 9))
def test_values_are_those_of_the_whole(found, indent, ascii_only, size):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text, "_CHUNK", size)
        listed = json.dumps(found, indent=indent, ensure_ascii=ascii_only)
        assert streamed(listed) == list(enumerate(json.loads(listed)))
        keyed = json.dumps({f'"{number}': value for number, value in enumerate(found)}, indent=indent)
        assert streamed(keyed) == list(json.loads(keyed).items())
        nested = f'{{"skipped": {listed}, "a": {{"x": [1, {{"b": 2}}], "b": {keyed}}}, "c": 1}}'
        assert streamed(nested, "a.b") == list(json.loads(keyed).items())


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("", "line 1: expected an object or a list, found ''"),
        ('"text"', "line 1: expected an object or a list, found '\"text"),
        ("[1\n", "line 2: expected , or ], found ''"),
        ("[1 2]", "line 1: expected , or ], found '2"),
        ("[1,\n]", "line 2: Expecting value"),
        ('{"a": 1,}', "line 1: expected a key, found '}'"),
        ('{"a"\n: 1\n\n"b"}', "line 4: expected , or }, found '\"b"),
        ("{1: 2}", "line 1: expected a key, found '1: 2"),
        ('["\n"]', "line 1: Invalid control character at"),
        ('["' + "a" * 50 + '", "b\n"]', "line 1: Invalid control character at"),
        ('["abc', "line 1: Unterminated string starting at"),
        ("[1] \n x", "line 2: expected its end, found 'x'"),
        ("[[" + "9" * 5000 + "]]", "line 1: .*integer string"),
        ("[" * 100_000, "line 1: .*recursion"),
    ],
)
def test_what_is_no_json_is_named_by_its_line(data, message, small):
    with pytest.raises(FormatError, match=f"`d/x` is not JSON of rows: {message}"):
        streamed(data)


def test_a_place_that_is_not_there():
    with pytest.raises(FormatError, match=r"`d/x` is not JSON rows: it has no 'a.b'\."):
        streamed('{"a": {"c": []}}', "a.b")
    with pytest.raises(FormatError, match="expected an object, found '\\[\\]'"):
        streamed("[]", "a")
    with pytest.raises(FormatError, match="expected an object or a list, found '1}'"):
        streamed('{"a": 1}', "a")


def test_an_early_fault_does_not_take_the_whole_file_into_memory(monkeypatch):
    monkeypatch.setattr(text, "_CHUNK", 100)
    taken = []
    monkeypatch.setattr("tasks.build.read.json_stream.chunks", lambda *_: map(noted, chunks(member, "utf-8")))

    def noted(chunk):
        taken.append(chunk)
        return chunk

    member = put("x", "[1, 2 x" + " " * 10_000 + "]")
    with pytest.raises(FormatError):
        list(items(member, "utf-8", "", dict))
    assert len(taken) < 3


KINDS = JsonRows(
    record="Question", rows="found.rows", where={"of.kind": "1"}, fields={"id": "", "text": "q", "answers": "a"}
)


def test_rows_of_a_part(small):
    data = {
        "about": [{"of": {"kind": 1}}],
        "found": {
            "rows": [
                {"of": {"kind": 1}, "q": "x", "a": "y"},
                {"of": {"kind": 2}},
                {"of": {"kind": "1"}, "q": "z", "a": ["u", "v"]},
                {"q": "no kind"},
            ]
        },
    }
    member = put("x", json.dumps(data))
    assert rows(KINDS, member) == [
        {"id": "0", "text": "x", "answers": ["y"]},
        {"id": "2", "text": "z", "answers": ["u", "v"]},
    ]
    assert rejects(KINDS, member) == [("x#3", "malformed row", "x: no 'a' in {'': '3', 'q': 'no kind'}")]


# Many rows


def doubled(row: dict[str, Any], tables: Any) -> Any:
    if row["n"] % 5 == 4:
        return [Reject(str(row["n"]), "fourth", "of five")]
    return [{"text": f"{row['n']}é", "labels": ["a", "b"]}] + [{"text": "more", "labels": []}] * (row["n"] == 1)


def test_many_rows_wait_in_a_file_that_goes_with_their_table(small, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    options = JsonRows(record="Text", lines=True, adapt=doubled)
    data = "".join(f'{{"n": {number}}}\n' for number in range(10)) + '{"n": null}\n'
    table = split(options, put("x", data))
    assert isinstance(table, Table)
    assert len(list(tmp_path.iterdir())) == 1
    texts = ["0é", "1é", "more", "2é", "3é", "5é", "6é", "7é", "8é"]
    assert table.frame.collect().to_dicts() == [
        {"text": text, "labels": [] if text == "more" else ["a", "b"]} for text in texts
    ]
    assert [reject.id for reject in table.rejects] == ["4", "9", "x:11"]
    del table
    assert list(tmp_path.iterdir()) == []


def test_no_file_stays_where_reading_fails(small, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    options = JsonRows(record="Text", fields={"text": "t"})
    with pytest.raises(FormatError, match="line 1"):
        split(options, put("x", "[" + '{"t": "a"}, ' * 20 + "x]"))
    assert list(tmp_path.iterdir()) == []


def test_few_rows_and_none(small):
    options = JsonRows(record="Text", lines=True, fields={"text": "t"})
    assert rows(options, put("x", '{"t": "a"}\n' * 3)) == [{"text": "a"}] * 3
    assert rows(options, put("x", "")) == []


def test_a_row_with_one_bad_text_gives_none():
    def two(row: Any, _: Any) -> Any:
        yield Reject("r", "why", "so")
        yield {"text": "good"}
        yield {"text": row["t"]}

    options = JsonRows(record="Text", lines=True, adapt=two)
    member = put("x", '{"t": "\\ud800"}\n{"t": "b"}\n')
    assert rows(options, member) == [{"text": "good"}, {"text": "b"}]
    assert [(place, reason) for place, reason, _ in rejects(options, member)] == [
        ("x:1", "malformed row"),
        ("r", "why"),
    ]


# XML


def answers(row: Any, tables: Any) -> Any:
    for answer in row.iter("a"):
        yield {
            "text": row.findtext("q"),
            "answers": f"{answer.text}\n{tables['names'][answer.get('by')].findtext('n')}",
        }


NESTED = XmlRows(record="Question", row="row", index={"names": "@id"}, adapt=answers)
NAMES = "<x><row id='1'><n>One</n></row><row id='2'><n>Two\n 2</n></row></x>"
NOBODY = "<row><a by='3'/></row>"
BOTH = f"<x><row><q> why\n\t so </q><l><a by='1'>é &amp;  [b]</a><a by='2'> c</a></l></row><row/>{NOBODY}</x>"


def test_elements_are_taken_apart():
    member, names = put("x", BOTH), put("names", NAMES)
    assert rows(NESTED, member, names=names) == [
        {"text": "why so", "answers": ["é & [b]\nOne"]},
        {"text": "why so", "answers": ["c\nTwo 2"]},
    ]
    ((place, reason, detail),) = rejects(NESTED, member, names=names)
    assert (place, reason) == ("x#2", "malformed row")
    assert "x: no '3' in <Element row" in detail


# Joined tables


def judged(row: dict[str, str], tables: Any) -> Any:
    labels = [each["label"] for each in tables["labels"][row["id"]]]
    return [{"id": row["id"], "first": row["text"], "label": "+".join(labels)}]


JOINED = JoinedTables(record="Pair", index={"labels": "id"}, within={"mine": "group"}, adapt=judged)
LABELS = 'id,label\r\n1,a\r\n2,"b\r\nc"\r\n1,\r\n'
TEXTS = '\ufeffgroup,id,text\n7,1,"x, ""y"""\n8,2,z\n9,1,not mine\n8,3,w\n'


def test_tables_are_joined():
    files = {"labels": put("l.csv", LABELS), "mine": put("mine", "8\r\n 7 \n")}
    assert rows(JOINED, put("x.csv", TEXTS), **files) == [
        {"id": "1", "first": 'x, "y"', "label": "a+"},
        {"id": "2", "first": "z", "label": "b\nc"},
    ]
    assert rejects(JOINED, put("x.csv", TEXTS), **files) == [
        ("x.csv#2", "in no list", "no list of a split names group 9"),
        ("x.csv#3", "malformed row", "x.csv: no '3' in {'group': '8', 'id': '3', 'text': 'w'}"),
    ]


def test_tables_that_cannot_be_joined():
    labels, mine, texts = put("l.csv", LABELS), put("mine", "8"), put("x.csv", TEXTS)
    with pytest.raises(FormatError, match="one file of the role `mine`"):
        split(JOINED, texts, labels=labels)
    with pytest.raises(FormatError, match="one file of the role `labels`"):
        split(JOINED, texts, mine=mine)
    with pytest.raises(FormatError, match=r"`x\.csv` has no column 'group'; it has \['id', 'label'\]"):
        split(JOINED, put("x.csv", LABELS), labels=labels, mine=mine)
    with pytest.raises(FormatError, match=r"`l\.csv` has no column 'id'"):
        split(JOINED, texts, labels=put("l.csv", "a,b\n"), mine=mine)
    for broken in ("", 'group,id\n"open,1\n2,3\n', "group,id\n1,2,3,4\n"):
        with pytest.raises(FormatError, match=r"`x\.csv`(, line 2| is not a ','-separated table)"):
            split(JOINED, put("x.csv", broken), labels=labels, mine=mine)


# Whatever the bytes are

ALL: dict[str, tuple[Any, dict[str, bytes]]] = {
    "part of json": (KINDS, {"x": b'{"found": {"rows": [{"of": {"kind": 1}, "q": "\xc3\xa9", "a": 1}]}}'}),
    "elements": (NESTED, {"x": BOTH.replace(NOBODY, "").encode(), "names": NAMES.encode()}),
    "joined": (
        JOINED,
        {"x": TEXTS.replace("9,1,not mine\n8,3,w\n", "").encode(), "labels": LABELS.encode(), "mine": b"7\n8\n"},
    ),
}


@pytest.mark.parametrize("name", ALL)
def test_the_whole_files_are_good(name):
    found = found_in(*ALL[name])
    assert found is not None
    assert found[0]
    assert found[1] == []


@pytest.mark.heavy
@pytest.mark.parametrize("name", ALL)
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_garbage(name, data):
    options, files = ALL[name]
    found_in(options, {role: data.draw(garbage) for role in files})
    for role, good in files.items():
        start = data.draw(st.integers(0, len(good)))
        end = data.draw(st.integers(start, len(good)))
        found_in(options, {**files, role: good[:start] + data.draw(garbage) + good[end:]})


def test_their_code_is_part_of_what_shapes_the_records():
    for options, _ in ALL.values():
        reached = Project().closure(*readers.modules(options)).modules
        assert "tasks.build.read.adapted" in reached
    assert Path(adapted.__file__).name == "adapted.py"
