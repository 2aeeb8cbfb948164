"""Guard reads training sets as they come, writes them again byte by byte, and says where one is broken."""

import gzip
import json

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas.errors import GuardError
from tasks.tools.guard import json_pieces
from tasks.tools.guard.layouts import LAYOUTS, asked, layout_of, texts_of
from tasks.tools.guard.places import File, files
from tasks.tools.guard.rows import rows, without

FORMS = {
    "a.jsonl": ('{"text": "one"}\n\n{"text":"twö" }\r\n{"text": "three"}', '\n{"text":"twö" }\r\n{"text": "three"}'),
    "a.json": (
        '[ {"text": "one"},\n {"text": "twö"} ,{"text": "three"}\n]\n',
        '[\n {"text": "twö"} ,{"text": "three"}\n]\n',
    ),
    "b.json": (
        '{"7": {"text": "one"}, "8": {"text": "twö"}, "9": {"text": "three"}}',
        '{ "8": {"text": "twö"}, "9": {"text": "three"}}',
    ),
    "c.json": ('{"text": "one"}\n{"text": "twö"}\n{"text": "three"}\n', '{"text": "twö"}\n{"text": "three"}\n'),
    "a.csv": ('text,n\n"one, ""1""\nmore",1\n"twö\n2",2\n\nthree,3\n', 'text,n\n"twö\n2",2\n\nthree,3\n'),
    "a.tsv": ("text\tn\none\t1\ntwö\t2\nthree\t3\n", "text\tn\ntwö\t2\nthree\t3\n"),
    "a.txt": ("one\n\ntwö\nthree", "\ntwö\nthree"),
}


def packed(path, text):
    if path.name.endswith(".gz"):
        path.write_bytes(gzip.compress(text.encode()))
    elif path.name.endswith(".zst"):
        with pa.OSFile(str(path), "wb") as raw, pa.CompressedOutputStream(raw, "zstd") as file:
            file.write(text.encode())
    else:
        path.write_bytes(text.encode())
    return path


def unpacked(path):
    if path.name.endswith(".gz"):
        return gzip.decompress(path.read_bytes()).decode()
    if path.name.endswith(".zst"):
        with pa.OSFile(str(path)) as raw, pa.CompressedInputStream(raw, "zstd") as file:
            return file.read().decode()
    return path.read_bytes().decode()


@pytest.mark.parametrize("packing", ["", ".gz", ".zst"])
@pytest.mark.parametrize("name", FORMS)
def test_what_stays_keeps_its_bytes(tmp_path, name, packing):
    whole, first_gone = FORMS[name]
    (file,) = files(packed(tmp_path / (name + packing), whole), "training set")
    assert len(list(rows(file))) == 3
    for dropped, expected in (((), whole), ((1,), first_gone)):
        out = tmp_path / "out" / file.path.name
        without(file, dropped, out)
        assert unpacked(out) == expected
    without(file, (1, 2, 3), out)
    assert list(rows(File(out, out.name, file.form, file.packing))) == []
    assert unpacked(file.path) == whole


@pytest.mark.heavy  # the first Parquet file
def test_parquet_keeps_types_and_metadata(tmp_path):
    table = pa.table({"text": ["one", "two", "three"], "n": pa.array([1, None, 3], pa.int8())})
    table = table.replace_schema_metadata({"huggingface": "{}"})
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=2)
    (file,) = files(tmp_path, "training set")
    without(file, {2}, tmp_path / "out.parquet")
    left = pq.read_table(tmp_path / "out.parquet")
    assert left.schema.equals(table.schema, check_metadata=True)
    assert left.to_pylist() == [{"text": "one", "n": 1}, {"text": "three", "n": 3}]


BROKEN = {
    "broken line": ("a.jsonl", b'{"text": "one"}\n{"text": \n', r"a\.jsonl, line 2: .*Correct or remove"),
    "a list in a line": ("a.jsonl", b'{"text": "one"}\n[1]\n', "line 2: expected a JSON object, found list"),
    "NUL": ("a.jsonl", b'{"text": "one"}\n\0\0\0\n', "line 2: .*NUL"),
    "latin 1": ("a.jsonl", b'{"text": "one"}\n{"text": "caf\xe9"}\n', "line 2: expected UTF-8, found the byte 0xe9"),
    "utf 16": ("a.jsonl", '{"text": "one"}\n'.encode("utf-16"), "expected UTF-8, found UTF-16"),
    "latin 1 in a list": ("a.json", b'[{"text": "one"},\n{"text": "caf\xe9"}]', "line 2: expected UTF-8"),
    "no comma": ("a.json", b'[{"text": "one"}\n{"text": "two"}]', "line 2: expected JSON"),
    "a list that does not end": ("a.json", b'[{"text": "one"},\n', "line 2: expected JSON"),
    "something after the list": ("a.json", b'[{"text": "one"}]\n]', "line 2: expected JSON"),
    "deep": ("a.jsonl", b'{"text": ' + b"[" * 100_000 + b"\n", "line 1: .*nested too deeply"),
    "too few cells": ("a.csv", b"text,n\none\n", "line 2: expected 2 cells"),
    "open quote": ("a.csv", b'text,n\n"one,1\ntwo,2\n', "line 3: expected a table"),
    "not parquet": ("a.parquet", b"text", "expected a Parquet file"),
    "not gzip": ("a.jsonl.gz", b"text", "expected a file packed as gz"),
    "not zstd": ("a.jsonl.zst", b"text", "expected a file packed as zst"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_refused_with_its_place(tmp_path, case):
    name, data, said = BROKEN[case]
    (tmp_path / name).write_bytes(data)
    (file,) = files(tmp_path, "training set")
    with pytest.raises(GuardError, match=said):
        list(rows(file))


def test_a_line_too_long_is_refused(tmp_path, monkeypatch):
    (tmp_path / "a.jsonl").write_text('{"text": "one"}\n{"text": "' + "x" * 5000 + '"}\n')
    (file,) = files(tmp_path, "training set")
    assert len(list(rows(file))) == 2
    monkeypatch.setenv("MEDINST_LINE_BYTES", "1000")
    with pytest.raises(GuardError, match="line 2: expected at most 1,000 bytes"):
        list(rows(file))


def test_a_folder_gives_the_files_of_its_side(tmp_path):
    names = ["README.md", "dataset_infos.json", "data/train-00000-of-00001.parquet", "data/test-00000-of-00001.parquet"]
    for name in [*names, ".cache/x.jsonl"]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    assert [file.name for file in files(tmp_path, "training set")] == ["data/train-00000-of-00001.parquet"]
    assert [file.name for file in files(tmp_path, "test")] == ["data/test-00000-of-00001.parquet"]


def test_a_folder_without_data_and_no_folder_are_refused(tmp_path):
    (tmp_path / "notes.md").write_text("x")
    with pytest.raises(GuardError, match=r"expected files whose names end in \.jsonl.*found notes\.md"):
        files(tmp_path, "training set")
    with pytest.raises(GuardError, match="there is none"):
        files(tmp_path / "nowhere", "training set")
    with pytest.raises(GuardError, match="expected a file whose name ends"):
        files(tmp_path / "notes.md", "test")


TURNS = [{"role": "system", "content": "S"}, {"role": "user", "content": "Q"}, {"role": "assistant", "content": "A"}]
PARTS = [{"role": "user", "content": [{"type": "text", "text": "Q"}]}, {"role": "assistant", "content": "A"}]
SHAREGPT = [{"from": "human", "value": "Q"}, {"from": "gpt", "value": "A"}]
ROWS = {
    "messages": ({"messages": TURNS}, ["S", "Q", "A"], ["Q"]),
    "messages in parts": ({"messages": PARTS}, ["Q", "A"], ["Q"]),
    "sharegpt": ({"conversations": SHAREGPT}, ["Q", "A"], ["Q"]),
    "alpaca": ({"instruction": "I", "input": "Q", "output": "A"}, ["I", "Q", "A"], ["Q"]),
    "alpaca without input": ({"instruction": "Q", "input": "", "output": "A"}, ["Q", "", "A"], ["Q"]),
    "prompt and completion": ({"prompt": "Q", "completion": "A"}, ["Q", "A"], ["Q"]),
    "prompt of turns": ({"prompt": TURNS[:2], "completion": TURNS[2:]}, ["S", "Q", "A"], ["Q"]),
    "text": ({"text": "Q"}, ["Q"], ["Q"]),
    "MedQA": ({"question": "Q", "options": {"A": "x"}, "answer": "x", "answer_idx": "A"}, ["Q", "x", "x", "A"], ["Q"]),
    "MedMCQA": ({"question": "Q", "opa": "x", "opb": "y", "opd": "w", "exp": "A"}, ["Q", "A", "x", "y", "w"], ["Q"]),
    "MMLU": ({"question": "Q", "subject": "s", "choices": ["x", "y"], "answer": 1}, ["Q", "s", "x", "y"], ["Q"]),
    "options and context": ({"question": "Q", "options": ["x"], "context": "C", "id": "7"}, ["Q", "x", "C"], ["Q"]),
    "alpaca with a history": (
        {"instruction": "I", "input": "Q", "output": "A", "history": [["H", "J"]]}, ["I", "Q", "A", "H", "J"], ["Q"]
    ),
    "sharegpt with a system": ({"conversations": SHAREGPT, "system": "S"}, ["Q", "A", "S"], ["Q"]),
    "PubMedQA": ({"QUESTION": "Q", "CONTEXTS": ["C", "D"], "LONG_ANSWER": "A"}, ["Q", "C", "D", "A"], ["Q", "C D"]),
    "PubMedQA of the Hub": (
        {"pubid": 1, "question": "Q", "context": {"contexts": ["C", "D"], "labels": ["L"]}, "long_answer": "A"},
        ["Q", "C", "D", "A"],
        ["Q", "C D"],
    ),
    "HealthBench": (
        {"prompt": TURNS[1:2], "rubrics": [{"criterion": "R"}], "ideal_completions_data": {"ideal_completion": "A"}},
        ["Q", "A", "R"],
        ["Q"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_each_layout_gives_its_texts(name):
    row, trained, tested = ROWS[name]
    layout = layout_of(row, (), "here")
    found = texts_of(row, layout, "here")
    assert [*found.asks, *found.answers] == trained
    assert asked(row, layout, "here").asks == tested


def test_a_cell_may_be_as_long_as_a_line(tmp_path):
    (tmp_path / "a.csv").write_text(f'text,id\n"{"word " * 40_000}",1\n')
    (file,) = files(tmp_path, "training set")
    (row,) = rows(file)
    assert len(row["text"]) == 200_000


def test_mmlu_has_no_header(tmp_path):
    (tmp_path / "anatomy_test.csv").write_text('"What, exactly?",w,x,y,z,B\nWhy?,w,x,y,z,C\n')
    (file,) = files(tmp_path, "test")
    assert [row["question"] for row in rows(file)] == ["What, exactly?", "Why?"]


def test_an_unknown_layout_names_the_columns_and_the_option():
    with pytest.raises(GuardError, match=r"found `frage`, `antwort`\. Name the columns with texts: --columns"):
        layout_of({"frage": "Q", "antwort": "A"}, (), "here")
    assert texts_of({"frage": "Q"}, layout_of({"frage": "Q"}, ("frage",), "here"), "here").asks == ["Q"]
    with pytest.raises(GuardError, match="expected the columns frage, found `text`"):
        layout_of({"text": "Q"}, ("frage",), "here")


def test_rows_of_another_layout_are_refused():
    layout = layout_of({"prompt": "Q", "completion": "A"}, (), "here")
    with pytest.raises(GuardError, match=r"row 2: expected the columns of the rows before it \(prompt, completion\)"):
        texts_of({"messages": []}, layout, "a.jsonl, row 2")


def test_a_publication_is_read_from_its_column():
    layout = next(layout for layout in LAYOUTS if layout.name == "text")
    for row, document in (({"pmid": 12}, "pmid:12"), ({"document": "doi:1/2"}, "doi:1/2"), ({"pmcid": ""}, "")):
        assert texts_of({"text": "x", **row}, layout, "here").document == document


def test_json_escapes_are_no_fault(tmp_path):
    text = json.dumps({"text": "a\u0000b \ud800"})
    (tmp_path / "a.jsonl").write_text(text + "\n")
    (file,) = files(tmp_path, "training set")
    assert list(rows(file)) == [{"text": "a\0b \ud800"}]


def test_the_line_of_an_item_is_counted_only_where_it_is_no_object(tmp_path, monkeypatch):
    """Counting it for each would take as long as the square of their number."""
    items = [{"text": f"t{n}"} for n in range(5)]
    (tmp_path / "a.json").write_text(json.dumps(items, indent=1))
    (tmp_path / "b.json").write_text(json.dumps([*items, 7], indent=1))
    counted: list[int] = []
    check = json_pieces._object

    def watched(file, line, value):
        return check(file, lambda: (counted.append(line()), counted[-1])[1], value)

    monkeypatch.setattr(json_pieces, "_object", watched)
    sound, broken = (File(path, path.name, "json") for path in sorted(tmp_path.iterdir()))
    assert list(rows(sound)) == items
    assert counted == []
    with pytest.raises(GuardError, match=r"b.json, line 17: expected a JSON object, found int"):
        list(rows(broken))
    assert counted == [17]


def test_many_row_groups_stay_in_order(tmp_path):
    pl.DataFrame({"text": [f"t{n}" for n in range(100)]}).write_parquet(tmp_path / "a.parquet", row_group_size=7)
    (file,) = files(tmp_path, "training set")
    without(file, set(range(1, 101, 2)), tmp_path / "b.parquet")
    assert pl.read_parquet(tmp_path / "b.parquet")["text"].to_list() == [f"t{n}" for n in range(1, 100, 2)]
