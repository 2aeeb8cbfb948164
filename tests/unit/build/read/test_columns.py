"""Columns of tables that are put together or taken apart, and documents that IOB files mark."""

import pytest

from schemas.formats import Delimited, Iob
from tests.support.reading import put, rejects, rows

SEVERAL = Delimited(
    record="Text", fields={"text": ["a", "b"], "labels": "c"}, joined=("text",), several={"labels": ";"}
)


def test_texts_that_are_joined_and_labels_that_are_parted():
    data = 'c,a,b\n"x; y;",One," two\nthree"\nz,,Only\n;,One,\n,,\n"[w]",,"","unread"\n'.replace(',"unread"', "")
    assert rows(SEVERAL, put("x", data)) == [
        {"text": "One\ntwo\nthree", "labels": ["x", "y"]},
        {"text": "Only", "labels": ["z"]},
        {"text": "One", "labels": []},
        {"text": "", "labels": ["[w]"]},
    ]
    assert [(id_, reason) for id_, reason, _ in rejects(SEVERAL, put("x", data))] == [("x:6", "empty row")]


def test_the_same_without_a_quoting_character():
    options = SEVERAL.model_copy(update={"separator": "\t", "quote": None})
    data = 'c\ta\tb\nx;y\t"One\t two\n\t\t\n'
    assert rows(options, put("x", data)) == [
        {"text": '"One\ntwo', "labels": ["x", "y"]},
        {"text": "", "labels": []},
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_marks_of_documents_are_no_words(end):
    data = "-DOCSTART-\tO\n\na\tO\nb\tB-x\n\n-DOCSTART-\tO\nc\tO\n\n-DOCSTART-\tO\n\n-DOCSTART-\tB-x\n".replace(
        "\n", end
    )
    marked = rows(Iob(document="-DOCSTART-"), put("x", data))
    assert [row["tokens"] for row in marked] == [["a", "b"], ["c"]]
    assert rejects(Iob(document="-DOCSTART-"), put("x", data)) == []
    assert rows(Iob(), put("x", data)) == marked
    assert len(rows(Iob(document=None), put("x", data))) == 5


def test_a_broken_line_beside_a_mark_is_still_seen():
    data = "-DOCSTART-\tO\n\n\tO\n\na\tO\n\n-DOCSTART-\tX\nb\n"
    assert [row["tokens"] for row in rows(Iob(document="-DOCSTART-"), put("x", data))] == [["a"]]
    assert [place for place, *_ in rejects(Iob(document="-DOCSTART-"), put("x", data))] == ["x#1", "x#3"]
