"""Small files that once went wrong: what is told, what is left out, and what counts as text."""

from typing import Any

import pytest

from schemas.formats import (
    Delimited,
    Excel,
    Format,
    InteractionXml,
    Iob,
    JoinedTables,
    JsonClusters,
    JsonRows,
    ParallelText,
    PubTator,
    Standoff,
    StandoffTables,
    Tagged,
)
from schemas.records import Document, Reject
from tasks.build.read import Table, read
from tasks.build.unpack import Member
from tests.support.reading import Reader, documents, put, rejects, rows, split
from tests.unit.build.read.test_tables import workbook

# Lines that are no annotations

MESH = PubTator(vocabulary="MeSH")
MARREN = (
    "7|t|Marren syndrome after zelutinib.\n7|a|Two gardeners took zelutinib.\n"
    "7\t0\t15\tMarren syndrome\tDisease\tD900001\n{}7\t22\t31\tzelutinib\tChemical\tD900002\n"
)


def found(options: Format, *members: Member, **roles: Any) -> tuple[list[Document], list[tuple[str, str]]]:
    items = split(options, *members, **roles)
    assert isinstance(items, list)
    documents = [item for item in items if isinstance(item, Document)]
    return documents, [(item.id, item.reason) for item in items if isinstance(item, Reject)]


def test_a_stray_line_of_pubtator():
    stray = "7\tzelutinib 40 mg\tnoted by hand in the margin\n"
    ((document,), lost) = found(MESH, put("x", MARREN.format(stray)))
    assert [entity.text for entity in document.entities] == ["Marren syndrome", "zelutinib"]
    assert lost == [("7", "stray line")]
    assert rejects(MESH, put("x", MARREN.format(stray)))[0][2].startswith(
        "x:4: expected an annotation of 7, found 3 columns"
    )


@pytest.mark.parametrize("line", ["noted by hand", "- T1", "see above\tT1", "** NOT READ **"])
def test_a_stray_line_of_standoff(line: str):
    options = Standoff(annotations=(".ann",))
    ((document,), lost) = found(options, put("1.txt", "Orvan"), put("1.ann", f"{line}\nT1\tDrug 0 5\tOrvan\n"))
    assert [entity.text for entity in document.entities] == ["Orvan"]
    assert lost == [("1", "stray line")]


def test_a_stray_row_of_the_tables_of_standoff():
    entities = "7\tT1\tX\t0\t1\ta\n7\tby hand\tin the margin\n9\tnowhere\n"
    files = {"abstracts": put("a", "7\ta\tb\n"), "entities": put("e", entities), "relations": put("r", "7\tnone\n")}
    ((document,), lost) = found(StandoffTables(), **files)
    assert len(document.entities) == 1
    assert lost == [("7", "stray line"), ("9", "stray line"), ("7", "stray line")]


def test_a_stray_line_is_no_record(tmp_path):
    reader = Reader(tmp_path)
    reader(MESH, {"x": MARREN.format("7\tby hand\tin the margin\n")}, train="x", documented={"train": 1})
    assert reader.tally("train") == (2, 1, 1)
    assert reader.rejects() == [("train", "7", "stray line")]


def test_blank_lines_within_a_document():
    whole = documents(MESH, put("x", MARREN.format("")))
    for place in range(4):
        lines = MARREN.format("").splitlines(keepends=True)
        lines.insert(place, " \n\n")
        assert documents(MESH, put("x", "".join(lines))) == whole
    two = documents(MESH, put("x", "7|t|a\n\n8|a|b\n\n7|t|c\n".replace("8|a|b", "8|t|b")))
    assert [document.text for document in two] == ["a", "b", "c"]
    assert rejects(MESH, put("x", "7|t|a\n\n8|a|b\n")) == [("x:3", "no title", "expected `id|t|…`, found '8|a|b'")]


# Texts without annotations


def test_a_text_without_its_annotations():
    options = Standoff(annotations=(".ann",))
    files = [put("1.txt", "Orvan helps"), put("2.txt", "Orvan helps"), put("2.ann", "T1\tDrug 0 5\tOrvan\n")]
    ((document,), lost) = found(options, *files)
    assert (document.id, lost) == ("2", [("1", "text without annotations")])
    assert found(options, put("1.txt", "Orvan helps")) == ([], [("1", "text without annotations")])


def test_a_text_without_one_of_the_files_that_others_have():
    files = [put(name, "") for name in ("1.txt", "1.a1", "2.txt", "2.a1", "2.a2", "3.txt", "3.a2")]
    (kept, lost) = found(Standoff(), *files)
    assert [document.id for document in kept] == ["2"]
    assert lost == [("1", "text without annotations"), ("3", "text without annotations")]
    assert [document.id for document in documents(Standoff(), *files[:2])] == ["1"]  # a test set has no `.a2`


# Rows of empty cells

TABLE = Delimited(record="Pair", fields={"id": "id", "first": "evidence", "second": "claim", "label": "label"})
ROWS = "id,evidence,claim,label\n1,e,c,Supports\n{}2,e,c,Refutes\n"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_row_of_empty_cells_is_counted(end: str, tmp_path):
    member = put("x", ROWS.format(",,,\n").replace("\n", end))
    assert [row["id"] for row in rows(TABLE, member)] == ["1", "2"]
    assert rejects(TABLE, member) == [("x:3", "empty row", "expected text in some cell, found 4 empty cells")]
    reader = Reader(tmp_path)
    reader(TABLE, {"x": ROWS.format(",,,\n")}, train="x", documented={"train": 2})
    assert reader.tally("train") == (3, 2, 1)


@pytest.mark.parametrize("lines", ["\n", "\r\n\r\n", '3,",,,\n,,,",c,Refutes\n'])
def test_an_empty_line_is_no_row_and_neither_is_a_part_of_a_cell(lines: str):
    assert rejects(TABLE, put("x", ROWS.format(lines))) == []


def test_rows_of_empty_cells_in_other_tables():
    joined = JoinedTables(record="Pair", fields={"id": "id", "first": "evidence", "second": "claim", "label": "label"})
    assert [row["id"] for row in rows(joined, put("x", ROWS.format(",,,\n\n")))] == ["1", "2"]
    assert [(id_, reason) for id_, reason, _ in rejects(joined, put("x", ROWS.format(",,,\n\n")))] == [
        ("x:3", "empty row")
    ]
    sheet = Excel(record="Text", fields={"text": "a", "labels": "b"})
    book = put("x", workbook(["a", "b"], ["1", "x"], [""], ["2", "y"]))
    assert [row["text"] for row in rows(sheet, book)] == ["1", "2"]
    assert [(id_, reason) for id_, reason, _ in rejects(sheet, book)] == [("x:3", "empty row")]


# Names of files


@pytest.fixture
def named(tmp_path):
    def put_there(name: str, text: str) -> Member:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return Member(name, path)

    return put_there


def table(options: Format, **roles: Member) -> list[dict[str, Any]]:
    made = read(options, {role: [member] for role, member in roles.items()})
    assert isinstance(made, Table)
    return made.frame.collect().to_dicts()


def test_names_of_files_are_only_names(named):
    one, all_ = named("c[1].tsv", "Orvan\tB-Drug\n"), named("c*.tsv", "Zelut\tB-Drug\n")
    named("c1.tsv", "Other\tO\n")
    assert [row["tokens"] for row in table(Iob(), x=one)] == [["Orvan"]]
    assert [row["tokens"] for row in table(Iob(), x=all_)] == [["Zelut"]]
    csv = Delimited(record="Text", fields={"text": "t", "labels": "l"})
    assert len(table(csv, x=named("d[1].csv", "t,l\na,b\n"))) == 1
    assert len(table(csv, x=named("d*.csv", "t,l\na,b\n"))) == 1


def test_names_of_parallel_texts_are_only_names(named):
    sides = {"source": named("d[1].en", "One\nTwo\n"), "target": named("d[1].pt", "Um\nDois\n")}
    assert table(ParallelText(), **sides) == [
        {"text": "One", "translation": "Um"},
        {"text": "Two", "translation": "Dois"},
    ]


# Tags


def test_a_mark_of_a_document_is_no_word():
    text = "-DOCSTART-\tO\n\nOrvan\tB-Drug\nhelps\tO\n\n-DOCSTART-\tO\nYes\tO\n"
    assert [row["tokens"] for row in rows(Iob(), put("x", text))] == [["Orvan", "helps"], ["Yes"]]
    assert [document.text for document in documents(Tagged(), put("x", text))] == ["Orvan helps", "Yes"]


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ("I-Drug I-Drug O", "B-Drug I-Drug O"),
        ("I-Drug B-Drug I-Drug", "B-Drug B-Drug I-Drug"),
        ("O I-Drug I-Dis", "O B-Drug B-Dis"),
        ("B-Drug I-Drug O", "B-Drug I-Drug O"),
        ("B-Drug O I-Drug", "B-Drug O B-Drug"),
    ],
)
def test_an_entity_begins_with_a_tag_that_says_so(tags: str, expected: str):
    text = "".join(f"w\t{tag}\n" for tag in tags.split())
    read = rows(Iob(), put("x", f"w\tI-Drug\n\n{text}\n{text}"))
    assert [row["tags"] for row in read] == [["B-Drug"], expected.split(), expected.split()]
    (first, *_) = documents(Tagged(), put("x", text))
    assert len(first.entities) == sum(tag[0] == "B" for tag in expected.split())


# Booleans of JSON

QUESTIONS = JsonRows(
    record="Question", lines=True, fields={"id": "id", "text": "question", "context": "context", "answers": "answer"}
)


def test_booleans_are_written_as_in_json():
    data = (
        '{"id": 1, "question": "q", "context": "c", "answer": true}\n'
        '{"id": 2, "question": "q", "context": false, "answer": [true, 0, 1.0]}\n'
    )
    assert [(row["context"], row["answers"]) for row in rows(QUESTIONS, put("x", data))] == [
        ("c", ["true"]),
        ("false", ["true", "0", "1.0"]),
    ]


def test_a_condition_on_a_boolean():
    row = '{{"id": {}, "question": "q", "context": "c", "answer": "yes", "test": {}}}\n'
    data = "".join(row.format(number, value) for number, value in enumerate(("true", '"true"', "false", "1")))
    options = QUESTIONS.model_copy(update={"where": {"test": "true"}})
    assert [each["id"] for each in rows(options, put("x", data))] == ["0", "1"]
    options = QUESTIONS.model_copy(update={"where": {"test": "false"}})
    assert [each["id"] for each in rows(options, put("x", data))] == ["2"]


def test_booleans_of_clusters():
    cluster = '{"label": true, "names": {"a": {"mentions": [[0, 1]]}}, "grounding": null}'
    interaction = '{"participants": [0, 0], "label": false}'
    text = f'[{{"id": "x", "text": "a", "entities": [{cluster}], "interactions": [{interaction}]}}]'
    (document,) = documents(JsonClusters(databases={}), put("x", text))
    assert (document.entities[0].type, document.relations[0].type) == ("true", "false")


# Mentions of several pieces


def test_pieces_are_read_in_the_order_of_the_text_and_so_is_what_repeats_them():
    rows = "T1\tX 15 18;0 4\tarm left\nT2\tX 9 14;15 18\trightarm\nR1\tY Arg1:T1 Arg2:T2\n*\tEquiv T1 T2\n"
    (document,) = documents(Standoff(annotations=(".ann",)), put("1.txt", "left and right\narm"), put("1.ann", rows))
    assert [(entity.spans, entity.text) for entity in document.entities] == [
        (((0, 4), (15, 18)), "left arm"),
        (((9, 14), (15, 18)), "right arm"),
    ]
    assert [argument.text for argument in document.relations[0].arguments] == ["left arm", "right arm"]
    assert [mention.text for mention in document.chains[0]] == ["left arm", "right arm"]


def test_pieces_that_are_something_else_stay_a_mismatch(tmp_path):
    entity = "<entity id='e' charOffset='0-1,4-5' type='X' text='{}'/>"
    reader = Reader(tmp_path)
    for text, kept in (("ac", 1), ("ca", 0), ("a  c", 1), ("ab", 0), ("a", 0)):
        xml = f"<c><sentence id='7' text='a b c'>{entity.format(text)}</sentence></c>"
        reader(InteractionXml(), {"x": xml}, train="x")
        assert reader.tally("train") == (1, kept, 1 - kept), text
