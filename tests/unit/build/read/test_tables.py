"""Tables: IOB, parallel texts, CSV and TSV, JSON and JSONL, Excel; their rows never become Python objects."""

import io
import json
import zipfile

import pytest

from schemas.errors import FormatError
from schemas.formats import Delimited, Excel, Iob, JsonRows, ParallelText
from tests.support.reading import put, rejects, rows, split


def sentences(data: str | bytes, options: Iob | None = None) -> list[tuple[list[str], list[str]]]:
    return [(row["tokens"], row["tags"]) for row in rows(options or Iob(), put("x", data))]


def test_iob_with_all_it_has():
    data = '\n\nThe\tO\n"[p53]\tB-Gene\n<x\u2028y>\tI-Gene \n\n \n😀\rx\tB-A:b\n\n\nend\tO'
    expected = [(["The", '"[p53]', "<x\u2028y>"], ["O", "B-Gene", "I-Gene"]), (["😀\rx"], ["B-A:b"]), (["end"], ["O"])]
    for mark in ("", "\ufeff"):
        assert sentences(mark + data) == expected
        assert sentences(mark + data.replace("\n", "\r\n")) == expected
        assert sentences(mark + data + "\n\n") == expected
    assert sentences("\ufeffThe\tO\n") == [(["The"], ["O"])]
    assert sentences("") == sentences("\n\n") == []
    assert sentences(b"\x8e\xd5\tO\n", Iob(encoding="mac-roman")) == [(["é’"], ["O"])]


@pytest.mark.parametrize("line", ["b", "b\tX", "b\tB-", "b\tB-x y", "b\tB-x\tO", "\tO", " \tO", "b O", "b\t"])
def test_a_line_that_does_not_fit_rejects_its_sentence(line):
    member = put("x", f"a\tO\n\n{line}\nc\tB\n\nd\tO\n")
    assert [row["tokens"] for row in rows(Iob(), member)] == [["a"], ["d"]]
    token, _, tag = line.partition("\t")
    found = tag.strip() if "\t" in line else None
    assert rejects(Iob(), member) == [("x#1", "malformed line", f"expected token<TAB>tag, found {token!r}, {found!r}")]


def test_parallel_texts():
    sides = {"source": put("a", "\ufeffuno\r\n dos\u2028y \n\ntres\rx"), "target": put("b", "one\ntwo\n\n😀\n")}
    assert rows(ParallelText(), **sides) == [
        {"text": "uno", "translation": "one"},
        {"text": "dos\u2028y", "translation": "two"},
        {"text": "", "translation": ""},
        {"text": "tres\rx", "translation": "😀"},
    ]
    latin = ParallelText(encoding="latin-1")
    assert rows(latin, source=put("a", b"ni\xf1o\n"), target=put("b", b"child")) == [
        {"text": "niño", "translation": "child"}
    ]


def test_parallel_texts_that_do_not_pair_up():
    with pytest.raises(FormatError, match=r"must pair up: `d/a` has 1, `d/b` has 2\."):
        split(ParallelText(), source=put("d/a", "one\n"), target=put("d/b", "uno\ndos\n"))
    with pytest.raises(FormatError, match="one file of the role `target`"):
        split(ParallelText(), source=put("d/a", "one\n"))
    with pytest.raises(FormatError, match="`d/b`, line 2, byte 4: 0xff is not text in utf-8"):
        split(ParallelText(), source=put("d/a", "a\nb\n"), target=put("d/b", b"uno\n\xff\n"))


TSV = Delimited(record="Pair", separator="\t", quote=None, fields={"id": "n", "first": "a", "label": "b"})
CSV = Delimited(record="Pair", fields={"id": "n", "first": "a", "label": "b"})
BARE = Delimited(record="Pair", header=False, fields={"first": 1, "label": 0})


def test_tables_without_quotes():
    data = 'n\tb\ta\n1\t "x\tsay "hi"\n\n2\t\t[y] <\u2028>\r\n3\tshort\n4\ta\tb\tc\n5\tx\ty'
    expected = [
        {"id": "1", "first": 'say "hi"', "label": '"x'},
        {"id": "2", "first": "[y] <\u2028>", "label": ""},
        {"id": "5", "first": "y", "label": "x"},
    ]
    for mark in ("", "\ufeff"):
        member = put("d/x.tsv", mark + data)
        assert rows(TSV, member) == expected
        assert rejects(TSV, member) == [
            ("d/x.tsv:5", "malformed line", "expected 3 columns, found 2"),
            ("d/x.tsv:6", "malformed line", "expected 3 columns, found 4"),
        ]


def test_tables_without_header_are_as_wide_as_most_of_their_lines():
    options = Delimited(
        record="Text", separator="\t", quote=None, header=False, encoding="cp1252", fields={"labels": 0, "text": 1}
    )
    member = put("x", b"1\t\x93a\x94\n2\tb\n3\n")
    assert rows(options, member) == [{"labels": "1", "text": "“a”"}, {"labels": "2", "text": "b"}]
    assert rejects(options, member) == [("x:3", "malformed line", "expected 2 columns, found 1")]


def test_tables_with_quotes():
    data = 'n,a,b\n1,"say ""hi"",\nthen\n\ngo" , x\n\n2,[y] <\u2028>,""\r\n3,short\n4,z,'
    expected = [
        {"id": "1", "first": 'say "hi",\nthen\n\ngo', "label": "x"},
        {"id": "2", "first": "[y] <\u2028>", "label": ""},
        {"id": "3", "first": "short", "label": None},
        {"id": "4", "first": "z", "label": None},
    ]
    data = data.replace('go" ,', 'go",')
    for mark in ("", "\ufeff"):
        for end in ("\n", "\r\n"):
            assert rows(CSV, put("x", mark + data.replace("\r\n", "\n").replace("\n", end))) == expected
    assert rows(BARE, put("x", "\ufeff1,a\n2,b")) == [{"first": "a", "label": "1"}, {"first": "b", "label": "2"}]
    latin = Delimited(record="Pair", encoding="mac-roman", header=False, fields={"first": 1, "label": 0})
    assert rows(latin, put("x", b'1,"\x8e\r\nx"')) == [{"first": "é\nx", "label": "1"}]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("n,a,b\n1,2,3,4\n", "`d/x`, line 2: expected 3 ','-separated columns, found 4"),
        ('n,a,b\n1,"open,3\n2,x,y\n', "`d/x`, line 2, byte 8: expected a quote that closes the cell"),
        ('n,a,b\n1,2" tube,3\n2,x,y\n', "`d/x`, line 2, byte 9: expected ',' or a line end before a quote"),
        ("", "is not a ','-separated table: empty CSV"),
        ("n,a,c\n1,2,3\n", r"`d/x` has no column 'b'; it has \['n', 'a', 'c'\]"),
        (b"n,a,b\n1,2,\xe9\n", "`d/x`, line 2, byte 10: 0xe9 is not text in utf-8"),
    ],
)
def test_a_file_that_is_no_such_table(data, message):
    with pytest.raises(FormatError, match=message):
        split(CSV, put("d/x", data))


def test_a_table_without_the_declared_column():
    with pytest.raises(FormatError, match=r"`x` has no column 'n'; it has \[\]"):
        split(TSV, put("x", ""))
    with pytest.raises(FormatError, match="has no column 1"):
        split(BARE, put("x", "1\n"))


def test_the_mean_of_columns_that_are_numbers():
    options = Delimited(record="Pair", mean=("label",), fields={"id": "n", "label": ["a", "b"]})
    assert [row["label"] for row in rows(options, put("x", "n,a,b\n1,1, 2\n2,,4\n3,x,4\n"))] == ["1.5", None, None]


LINES = JsonRows(record="Question", lines=True, fields={"text": "q.text", "answers": "a"})


def test_lines_of_json():
    data = [
        {"q": {"text": "[é\u2028] 😀\n"}, "a": ["x", 1]},
        {"q": {"text": ["two", "parts"]}, "a": "y"},
        {"q": {"text": None}, "a": None},
    ]
    text = "\n".join(map(json.dumps, data)) + '\n\n{"q": {"text": "\u2028raw"}, "a": true}'
    expected = [
        {"text": "[é\u2028] 😀\n", "answers": ["x", "1"]},
        {"text": "two parts", "answers": ["y"]},
        {"text": None, "answers": []},
        {"text": "\u2028raw", "answers": ["true"]},
    ]
    for mark in ("", "\ufeff"):
        assert rows(LINES, put("x", mark + text)) == expected
        assert rows(LINES, put("x", mark + text.replace("\n", "\r\n"))) == expected


@pytest.mark.parametrize(
    ("line", "reason", "detail"),
    [
        ('{"q": {"text": "x"', "malformed line", "Expecting"),
        ("[" * 100_000, "malformed line", "recursion"),
        ("[1]", "malformed row", "expected an object, found [1]"),
        ('{"q": {"text": "x"}}', "malformed row", "no 'a' in"),
        ('{"q": "x", "a": "y"}', "malformed row", "string indices"),
        ('{"q": {"text": {"b": 1}}, "a": "y"}', "malformed row", "expected text, found {'b': 1}"),
        ('{"q": {"text": [null]}, "a": "y"}', "malformed row", "expected text, found [None]"),
        ('{"q": {"text": "\\ud800"}, "a": "y"}', "malformed row", "expected text, found half of a surrogate pair"),
        ('{"q": {"text": "x"}, "a": 1, "a": 2}', "malformed row", "keys come twice: ['a']"),
        ('{"q": {"text": "x"}, "a": 1' + "0" * 5000 + "}", "malformed line", "integer string"),
    ],
)
def test_a_line_of_json_that_does_not_fit(line, reason, detail):
    member = put("d/x", '{"q": {"text": "x"}, "a": "y"}\n' + line)
    assert rows(LINES, member) == [{"text": "x", "answers": ["y"]}]
    ((place, found, why),) = rejects(LINES, member)
    assert (place, found) == ("d/x:2", reason)
    assert detail in why


WHOLE = JsonRows(record="Pair", fields={"id": "", "first": "f", "label": "l"})


def test_rows_of_a_json_file():
    by_id = (
        '{"8": {"f": "a", "l": "x"}, "9": [], "7": {"l": 1}, "8": {"f": "b", "l": "y"}, '
        '"\\ud800": {"f": "c", "l": "z"}}'
    )
    assert rows(WHOLE, put("d/x", by_id)) == [{"id": "8", "label": "x", "first": "a"}]
    assert rejects(WHOLE, put("d/x", by_id)) == [
        ("9", "malformed row", "d/x: expected an object, found []"),
        ("7", "malformed row", "d/x: no 'f' in {'': '7', 'l': 1}"),
        ("8", "repeated record", "d/x: an earlier row has this key"),
        (
            "?",
            "malformed row",
            "d/x: expected text, found half of a surrogate pair, '\\ud800' in {'': '\\ud800', 'f': 'c', 'l': 'z'}",
        ),
    ]
    listed = '\ufeff[{"f": "a", "l": "x"}, 1, {"f": "b", "l": 2.5}]'
    assert rows(WHOLE, put("x", listed)) == [
        {"id": "0", "label": "x", "first": "a"},
        {"id": "2", "label": "2.5", "first": "b"},
    ]
    assert rejects(WHOLE, put("x", listed)) == [("x#1", "malformed row", "x: expected an object, found 1")]
    assert rows(WHOLE, put("x", "[]")) == []


@pytest.mark.parametrize("data", ["", "[1", '{"a": 1', "3", '"text"', "[" * 100_000, "9" * 5000, "\0"])
def test_a_file_that_is_not_json_of_rows(data):
    with pytest.raises(FormatError, match="`d/x` is not JSON of rows: "):
        split(WHOLE, put("d/x", data))


def adapted(row, tables):
    yield {"id": row["id"], "label": str(1 / row["n"])}
    yield {"id": row["id"] + "'", "label": tables["names"][str(row["n"])]["name"]}


def test_an_adapter_that_fails_rejects_the_whole_row():
    options = JsonRows(record="Pair", lines=True, index={"names": "k"}, adapt=adapted)
    names = put("names", '{"k": 1, "name": "one"}\n{"k": 2}\nbroken')
    data = put(
        "d/x", "\n".join(f'{{"id": "r{number}", "n": {number}}}' for number in range(4)) + '\n{"id": 1, "n": "x"}'
    )
    assert rows(options, data, names=names) == [{"id": "r1", "label": "1.0"}, {"id": "r1'", "label": "one"}]
    found = rejects(options, data, names=names)
    assert [(place, reason) for place, reason, _ in found] == [
        ("names:3", "malformed line"),
        ("d/x:1", "malformed row"),
        ("d/x:3", "malformed row"),
        ("d/x:4", "malformed row"),
        ("d/x:5", "malformed row"),
    ]
    assert "d/x: division by zero in {'id': 'r0', 'n': 0}" in found[1][2]
    assert "d/x: no '3' in " in found[3][2]


def test_an_adapter_that_makes_a_field_that_is_not_there():
    options = JsonRows(record="Pair", lines=True, adapt=lambda row, tables: [{"lable": "x"}])
    assert rejects(options, put("x", "{}")) == [("x:1", "malformed row", "x: no 'lable' in {}")]


SHEET = Excel(record="Summary", fields={"id": "File", "text": "CHQ", "summary": "Summary"})
CELL = '<c r="{}" t="inlineStr"><is><t xml:space="preserve">{}</t></is></c>'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPE = "application/vnd.openxmlformats-package.relationships+xml"


def related(type_: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{OFFICE}/{type_}" Target="{target}"/></Relationships>'
    )


def workbook(*table: list[str]) -> bytes:
    """An Excel workbook of one sheet; empty cells are not there."""
    lines = [
        "".join(CELL.format(f"{'ABC'[place]}{number}", cell) for place, cell in enumerate(row) if cell)
        for number, row in enumerate(table, 1)
    ]
    numbered = "".join(f'<row r="{number}">{line}</row>' for number, line in enumerate(lines, 1))
    sheet = '<sheet name="S" sheetId="1" r:id="r1"/>'
    files = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="{TYPE}"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": related("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{sheet}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": related("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{numbered}</sheetData></worksheet>',
    }
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return data.getvalue()


def test_sheets():
    data = workbook(["File", "CHQ", "Summary"], ["1.txt", " [a] &lt;😀\n\nb", "c"], ["", "", ""], ["2.txt", "x", ""])
    assert rows(SHEET, put("x.xlsx", data)) == [
        {"id": "1.txt", "text": "[a] <😀\n\nb", "summary": "c"},
        {"id": "2.txt", "text": "x", "summary": None},
    ]
    with pytest.raises(FormatError, match=r"`x` has no column \['Summary'\]; it has \['File', 'CHQ'\]"):
        split(SHEET, put("x", workbook(["File", "CHQ"], ["1", "2"])))
    for broken in (b"", b"PK\x03\x04", data[:-100], b"text"):
        with pytest.raises(FormatError, match="`x` is not an Excel workbook with a sheet 0"):
            split(SHEET, put("x", broken))
    with pytest.raises(FormatError, match="with a sheet 3"):
        split(SHEET.model_copy(update={"sheet": 3}), put("x", data))
