"""Quoted tables of any size: every quote is looked at, a row in excess is named, and one word of a text is marked."""

import csv
import io

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medinst_eval.grammar.brackets import TYPE, quoted
from medinst_eval.grammar.labels import Entity
from schemas.errors import FormatError
from schemas.formats import Delimited, Encoding
from schemas.task import Ned
from tasks.build.read import quoted as tables
from tasks.build.render import documents, form, render
from tests.support.reading import Reader, put, rejects, rows, split
from tests.unit.build.read.test_tables import BARE, CSV

assert documents  # registers the renderers

PIECES = ('"', '""', ",", "\n", "\r\n", "x", " ", '",', '\n"', '"\n', "1,2,3\n", "é")
TABLE = Delimited(record="Pair", fields={"id": "n", "first": "a", "label": "b"})


@pytest.mark.heavy
@settings(deadline=None, max_examples=400)
@given(
    st.lists(st.sampled_from(PIECES), max_size=9).map("".join),
    st.sampled_from([1, 2, 5, 2**24]),
    st.sampled_from(["", "\ufeff"]),
)
def test_a_table_is_read_as_it_is_defined_or_not_at_all(body, block, mark):
    """Python's own reader, when it is strict, is the judge of what is a table."""
    text = "n,a,b\n" + body
    try:
        strict = list(csv.reader(io.StringIO(text, newline="\n"), strict=True))
    except csv.Error:
        strict = None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "_BLOCK", block)
        try:
            found = [tuple(cell or "" for cell in row.values()) for row in rows(TABLE, put("x", mark + text))]
        except FormatError:
            assert strict is None or '"' in body or any(len(row) > 3 for row in strict)
            return
    assert strict is not None
    wanted = [tuple(cell.replace("\r\n", "\n").strip() for cell in [*row, "", ""][:3]) for row in strict[1:]]
    assert [row for row in found if any(row)] == [row for row in wanted if any(row)]
    assert all(not any(row[3:]) for row in strict)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ('n,a,b\n1,x"y,z\n', r"`d/x`, line 2, byte 9: expected ',' or a line end before a quote .* found b'n,a,b"),
        ('n,a,b\n1,"x"y,z\n', r"`d/x`, line 2, byte 10: expected ',' or a line end after a quote that closes a cell"),
        ('n,a,b\n1,"x" ,z\n', "line 2, byte 10: .* after"),
        ('n,a,b\n1, "x",z\n', "line 2, byte 9: .* before"),
        ('n,a,b\n1,"x\n\n,z\n', "line 2, byte 8: expected a quote that closes the cell that opens here"),
        ('n,a,b\n1,"a\nb","c"\r2\n', "line 3, byte 16: .* after"),
        ('\ufeff"n""",a,b\n1,"x\n"\n3,"', "line 4, byte 22: .* closes"),
    ],
)
@pytest.mark.parametrize("block", [1, 3, 2**24])
def test_a_quote_that_does_not_fit_is_named(monkeypatch, data, message, block):
    monkeypatch.setattr(tables, "_BLOCK", block)
    with pytest.raises(FormatError, match=message) as caught:
        split(CSV, put("d/x", data))
    assert caught.value.facts["file"] == "d/x"
    assert data.encode()[caught.value.facts["byte"] :][:1] == b'"'  # pyright: ignore[reportOperatorIssue]


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252", "latin-1", "mac-roman"])
def test_a_row_in_excess_is_named(encoding: Encoding):
    options = CSV.model_copy(update={"encoding": encoding})
    data = 'n,a,b\n1,"x\ny",z\n\n2,x,y,z\n'
    with pytest.raises(FormatError, match="`d/x`, line 5: expected 3 ','-separated columns, found 4") as caught:
        split(options, put("d/x", data))
    assert caught.value.facts == {"file": "d/x", "line": 5}
    with pytest.raises(FormatError, match="`d/x`, line 2: expected 2 ','-separated columns"):
        split(BARE.model_copy(update={"encoding": encoding}), put("d/x", "1,2\n1,2,3\n"))


def test_names_of_columns_and_files_are_only_names(tmp_path):
    options = Delimited(record="Pair", fields={"first": "len", "label": "index"})
    member = put("x", "len,index,len,lacking\na,b,c,d\n")
    assert rows(options, member) == [{"first": "a", "label": "b"}]
    globbed = tmp_path / "[a]*?"
    globbed.write_bytes(member.read())
    assert rows(options, member._replace(content=globbed)) == [{"first": "a", "label": "b"}]


def test_a_text_that_a_row_lacks_is_empty(tmp_path):
    options = Delimited(record="Pair", fields={"id": "n", "label": "l", "first": "a", "second": "b"})
    read = Reader(tmp_path)
    read(options, {"x": 'n,l,a,b\n1,y,"",z\n2,y\n3\n4,y,,\n'}, train="x")
    assert read.tally("train") == (4, 3, 1)
    assert read.rejects() == [("train", "3", "empty field")]
    found = pl.read_parquet(read.root.local(f"{read.batch.place}/main-train.parquet"))
    assert found.select("first", "second").rows() == [("", "z"), ("", ""), ("", "")]


MARK = Delimited(record="Text", fields={"text": "t", "labels": "l"}, mark={"text": "n"})
TSV = Delimited(
    record="Text", separator="\t", quote=None, header=False, fields={"text": 0, "labels": 1}, mark={"text": 2}
)


def test_a_word_is_marked_by_its_number():
    data = 't,l,n\na b a,x,2\n"one, two  three ",y, 1\n é\u2028f g,z,1\n,x,0\nalone,[z],0\n'
    assert rows(MARK, put("x", data)) == [
        {"text": "a b [[a]]", "labels": "x"},
        {"text": "one, [[two]]  three", "labels": "y"},
        {"text": "[[é\u2028f]] g", "labels": "z"},
        {"text": "[[alone]]", "labels": "[z]"},
    ]
    assert rows(TSV, put("x", "a b\tx\t1\nc d\ty\t0\n")) == [
        {"text": "a [[b]]", "labels": "x"},
        {"text": "[[c]] d", "labels": "y"},
    ]


def test_a_word_that_is_not_there_rejects_its_row():
    data = "t,l,n\na b,x,0\na b,x,2\na b,x,-1\na b,x,one\na b,x,\na b,x,1.0\na [[b]],x,0\n,x,0\na  b,x,1\na b,x,1\n"
    member = put("d/x", data)
    assert [row["text"] for row in rows(MARK, member)] == [
        "[[a]] b",
        None,
        "a [[b]]",
    ]  # the stage rejects an empty text
    # the second text has an empty word there, and no text is what the stage rejects
    assert [(place, reason) for place, reason, _ in rejects(MARK, member)] == [
        (f"d/x#{number}", "no such word") for number in range(1, 8)
    ]
    assert rejects(MARK, member)[0][2] == "expected the number of a word of a text without marks, found '2'"


words = st.text(st.sampled_from("aé[]<>\\\"',😀"), min_size=1, max_size=4)


@pytest.mark.heavy
@settings(deadline=None, max_examples=100)
@given(st.lists(st.tuples(st.lists(words, min_size=1, max_size=5), words, st.integers(0, 4)), min_size=1, max_size=4))
def test_the_marked_word_is_what_is_answered(found):
    task = Ned(name="T", databases=("DB",), per="mark")
    table = [(" ".join(words), label, number) for words, label, number in found if number < len(words)]
    table = [row for row in table if "[[" not in row[0]]
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows([("t", "l", "n"), *table])
    read = split(MARK, put("x", file.getvalue()))
    records = read.frame.select(pl.lit("1").alias("id"), "text", pl.concat_list("labels"))
    samples = render(task, records.with_columns(document=pl.lit(""))).collect()
    assert samples["output"].to_list() == [
        f"[{quoted(text.split(' ')[number])} <{quoted(f'DB/{label}', TYPE)}>]" for text, label, number in table
    ]
    assert [form(task).parse(output) for output in samples["output"]] == [
        [Entity(text.split(" ")[number], f"DB/{label}")] for text, label, number in table
    ]


def test_a_text_without_a_mark_makes_no_sample():
    records = pl.DataFrame({"id": ["1", "2"], "text": ["a b", "a [[b]] c"], "labels": [["x"], ["x", "y"]]})
    samples = render(
        Ned(name="T", databases=("DB",), per="mark"), records.lazy().with_columns(document=pl.lit(""))
    ).collect()
    assert samples.select("output", "reason").rows() == [
        (None, "no normalised entity"),
        ("[b <DB/x>], [b <DB/y>]", None),
    ]
