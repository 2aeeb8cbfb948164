"""Sentences with their labels in files beside: the split's list, labels of a hierarchy, files that do not agree."""

import contextlib

import pytest
from hypothesis import given

from schemas.errors import FormatError
from schemas.formats import LabelledSentences
from tests.support.garbage import garbage
from tests.support.reading import often, put, rejects, rows

OPTIONS = LabelledSentences(begins="<", between="AND", deeper="--", nothing=("", "NULL"))
SENTENCES = "First [one] .\nSecond 😀 .\r\n Third .\nFourth .\n"
LABELS = "< <Big thing--Small thing ANDOther thing--A--B AND Big thing--Else<NULL< Other thing "


def files(documents: str, labels: str = LABELS, sentences: str = SENTENCES) -> dict[str, object]:
    return {
        "texts": [put("t/7.txt", sentences), put("t/8.txt", "Only .\n")],
        "labels": [put("l/8.txt", "< "), put("l/7.txt", labels)],
        "documents": put("list.tsv", documents),
    }


@pytest.mark.parametrize("listed", ["7.txt,8.txt", "7.txt, 8.txt\n", "7.txt\r\n8.txt\n7.txt\n"])
def test_sentences_with_their_labels_at_the_top(listed):
    assert rows(OPTIONS, **files(listed)) == [
        {"id": "7_0", "text": "First [one] .", "labels": ["none"]},
        {"id": "7_1", "text": "Second 😀 .", "labels": ["Big thing", "Other thing"]},
        {"id": "7_2", "text": "Third .", "labels": ["none"]},
        {"id": "7_3", "text": "Fourth .", "labels": ["Other thing"]},
        {"id": "8_0", "text": "Only .", "labels": ["none"]},
    ]
    assert rejects(OPTIONS, **files(listed)) == []


def test_only_what_is_listed():
    assert [row["id"] for row in rows(OPTIONS, **files("8.txt"))] == ["8_0"]
    assert rejects(OPTIONS, **files("8.txt,9.txt")) == [
        ("9.txt", "listed but not there", "no file with its text or labels"),
        ("7.txt", "in no list", "no list of a split names the file"),
    ]
    assert rows(OPTIONS, **files("")) == []


@pytest.mark.parametrize(
    ("labels", "detail"),
    [
        ("< <Big thing", "4 sentences have 2 sets of labels"),
        (LABELS + "<", "4 sentences have 5 sets of labels"),
        ("Big thing" + LABELS, "l/7.txt: expected '<' first, found 'Big thing'"),
        ("", "4 sentences have 0 sets of labels"),
    ],
)
def test_labels_that_do_not_fit_reject_the_document(labels, detail):
    found = files("7.txt,8.txt", labels)
    assert [row["id"] for row in rows(OPTIONS, **found)] == ["8_0"]
    assert rejects(OPTIONS, **found) == [("7", "malformed document", detail)]


def test_without_a_list_all_documents_belong_to_the_split():
    found = files("7.txt")
    del found["documents"]
    assert {row["id"].partition("_")[0] for row in rows(OPTIONS, **found)} == {"7", "8"}


@often
@given(garbage, garbage, garbage)
def test_garbage_loses_no_listed_document(texts, labels, listed):
    found = {"texts": [put("t/7.txt", texts)], "labels": [put("l/7.txt", labels)]}
    with contextlib.suppress(FormatError):
        kept, lost = (read(OPTIONS, **found, documents=put("d", b"7.txt," + listed)) for read in (rows, rejects))
        assert {row["id"].partition("_")[0] for row in kept} | {place.partition(".")[0] for place, *_ in lost} >= {"7"}
