"""JSON of texts with the places of their entities, and JSON lines of texts with tagged words."""

import json
from typing import Any

import pytest

from schemas.errors import FormatError
from schemas.formats import JsonSpans, JsonTags
from schemas.records import Document, Entity
from tasks.build.read.check import checked
from tests.support.reading import documents, put, rejects, split

SPANS = JsonSpans(id="nr")
SPAN: dict[str, Any] = {
    "nr": "x1",
    "text": "😀 kelp and eel",
    "entities": [
        {"start": 11, "end": 14, "text": "eel", "type": "fish"},
        {"start": 2, "end": 6, "text": "kelp", "type": "weed"},
    ],
}
TAGS = JsonTags()
TAGGED: dict[str, Any] = {
    "words": ["😀", "kelp", "tea", "eel", "kelp"],
    "labels": ["O", "B-weed", "I-weed", "I-fish", "B-weed"],
    "text": "😀 kelp  tea, eel-kelp",
}


def line(row: Any) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"


def test_entities_stand_in_the_order_of_the_text() -> None:
    expected = Document(
        "x1", SPAN["text"], (Entity("T2", "weed", ((2, 6),), "kelp"), Entity("T1", "fish", ((11, 14),), "eel"))
    )
    assert documents(SPANS, put("f", json.dumps([SPAN]))) == [expected]
    assert checked(expected) == expected


def entity(**changes: Any) -> dict[str, Any]:
    return {"entities": [{**SPAN["entities"][0], **changes}]}


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"text": None}, "expected a text"),
        ({"text": "\ud800"}, "half of a surrogate pair"),
        ({"entities": None}, "not iterable"),
        ({"entities": [{}]}, "no 'type'"),
        (entity(start="x"), "expected an integer, found '"),
        (entity(type=1), "expected a text"),
        (entity(text=None), "expected a text"),
    ],
)
def test_a_text_that_does_not_fit(changes: dict[str, Any], detail: str) -> None:
    ((id_, reason, told),) = rejects(SPANS, put("f", json.dumps([{**SPAN, **changes}, SPAN])))
    assert (id_, reason) == ("x1", "malformed row")
    assert detail in told


def test_a_text_without_an_id_has_its_number() -> None:
    assert [reject[:2] for reject in rejects(SPANS, put("f", json.dumps([1, SPAN])))] == [("f#0", "malformed row")]


@pytest.mark.parametrize("text", ["", "{}", "["])
def test_a_file_that_is_no_list(text: str) -> None:
    with pytest.raises(FormatError, match="`f` is not JSON of texts"):
        split(SPANS, put("f", text))


def test_words_are_found_in_the_text() -> None:
    expected = Document(
        "dev-1",
        TAGGED["text"],
        (
            Entity("T1", "weed", ((2, 11),), "kelp  tea"),
            Entity("T2", "fish", ((13, 16),), "eel"),
            Entity("T3", "weed", ((17, 21),), "kelp"),
        ),
    )
    assert documents(TAGS, put("a/dev.jsonl", line({**TAGGED, "labels": ["O"] * 5}) + line(TAGGED)))[1] == expected
    assert checked(expected) == expected


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"words": ["tea", "kelp", "kelp", "kelp", "kelp"]}, "not found"),
        ({"words": ["😀"]}, "longer"),
        ({"words": None}, "not iterable"),
        ({"words": [1, 2, 3, 4, 5]}, "expected a text"),
        ({"labels": [0] * 5}, "expected a text"),
        ({"text": None}, "expected a text"),
        ({"text": "\ud800"}, ""),
    ],
)
def test_a_line_that_does_not_fit(changes: dict[str, Any], detail: str) -> None:
    text = json.dumps({**TAGGED, **changes}) + "\n" + line(TAGGED) + "{\n"
    first, last = rejects(TAGS, put("dev.jsonl", text))
    assert first[:2] == ("dev-0", "malformed line")
    assert last[:2] == ("dev-2", "malformed line")
    assert detail in first[2]


LINES = JsonSpans(lines=True, id="", entities="spans", mention="", type="label")
SPANNED: dict[str, Any] = {"text": "😀 kelp and eel", "spans": [{"start": 2, "end": 6, "label": "weed"}]}


def test_json_lines_of_texts_without_ids_and_mentions() -> None:
    bare = {"text": "A quiet eel.", "spans": []}
    found = documents(LINES, put("a.jsonl", line(SPANNED) + "\n" + line(bare)))
    assert found == [
        Document("a.jsonl#0", SPANNED["text"], (Entity("T1", "weed", ((2, 6),), "kelp"),)),
        Document("a.jsonl#1", "A quiet eel.", ()),
    ]
    assert [checked(each) for each in found] == found


@pytest.mark.parametrize("place", [{"start": -2}, {"end": 99}, {"start": 6, "end": 2}])
def test_a_mention_out_of_its_text_is_found_by_the_check(place: dict[str, int]) -> None:
    (found,) = documents(LINES, put("a.jsonl", line({**SPANNED, "spans": [{**SPANNED["spans"][0], **place}]})))
    assert not isinstance(checked(found), Document)


def test_a_line_that_is_no_json_costs_itself() -> None:
    (found,) = rejects(LINES, put("a.jsonl", "{\n" + line(SPANNED)))
    assert found[:2] == ("a.jsonl#0", "malformed row")
