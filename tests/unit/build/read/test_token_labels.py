"""Layers of labels for tokens: runs of one code, layers that overlap, votes of several people."""

import contextlib
import json

import pytest
from hypothesis import given

from schemas.errors import FormatError
from schemas.formats import TokenLabels, TokenVotes
from schemas.records import Reject
from tasks.build.read.check import checked
from tasks.build.unpack import Member
from tests.support.garbage import garbage
from tests.support.reading import documents, often, put, rejects, split

CODES = TokenLabels(types={"who": {"1": "age", "2": "sex"}, "what": {"1": "drug"}}, folder="fine")
TOKENS = [put("d/7.tokens", "Old\nmen\n[took]\n😀\ntea\n."), put("d/8.tokens", "x\n"), put("d/9.tokens", "y")]


def codes(path: str, *numbers: int) -> Member:
    return put(path, "\n".join(map(str, numbers)))


def test_runs_of_one_code_are_entities():
    who = [codes("a/coarse/who/7.X.ann", 1, 1, 0, 0, 0, 0), codes("a/fine/who/7.X.ann", 1, 2, 2, 0, 1, 1)]
    what = [codes("a/fine/what/7.X.ann", 0, 0, 1, 1, 0, 1), codes("a/coarse/what/8.X.ann", 1)]
    first, second = documents(CODES, tokens=TOKENS[:2], who=who, what=what)
    assert (first.id, first.text) == ("7", "Old men [took] 😀 tea .")
    assert [(entity.type, entity.spans[0], entity.text) for entity in first.entities] == [
        ("age", (0, 3), "Old"),
        ("sex", (4, 14), "men [took]"),
        ("drug", (8, 16), "[took] 😀"),
        ("age", (17, 22), "tea ."),
        ("drug", (21, 22), "."),
    ]
    assert len({entity.id for entity in first.entities}) == 5
    assert checked(first) == first
    assert (second.id, second.text, second.entities) == ("8", "x", ())


@pytest.mark.parametrize(
    ("numbers", "detail"),
    [((1, 0), "6 tokens have 2 labels"), ((1, 0, 3, 0, 0, 0), "'3' is not a code of this layer")],
)
def test_codes_that_do_not_fit(numbers, detail):
    ((place, reason, found),) = rejects(CODES, tokens=TOKENS[:1], who=codes("fine/who/7.ann", *numbers))
    assert (place, reason) == ("7", "malformed document")
    assert detail in found


def test_codes_without_tokens():
    found = rejects(CODES, tokens=TOKENS[:1], who=codes("fine/who/6.ann", 1))
    assert found == [
        ("6", "annotations without a text", "no file with its tokens"),
        ("7", "in no list", "no layer of a split has a file of it"),
    ]


VOTES = TokenVotes(types={"who": "person", "what": "drug"}, votes="v")
SENTENCES = {"7:1": "Old men took 😀 tea .", "8": "Nothing ."}
WHO = {"8": {"v": [[0, 0]]}, "7:1": {"v": [[1, 1, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0], [1, 0, 0, 0, 0, 1]], "w": [1]}}
WHAT = {"7:1": {"v": [[0, 0, 0, 1, 1, 0], [0, 1, 0, 1, 0, 0]]}, "8": {"v": [[0, 0], [0, 1]]}}


def votes(sentences: object = SENTENCES, who: object = WHO, what: object = WHAT) -> dict[str, Member]:
    files = {"sentences": sentences, "who": who, "what": what}
    return {role: put(f"d/{role}", data if isinstance(data, str) else json.dumps(data)) for role, data in files.items()}


def test_what_more_than_half_chose():
    first, second = documents(VOTES, **votes())
    assert (first.id, first.text) == ("7:1", "Old men took 😀 tea .")
    assert [(entity.type, entity.text) for entity in first.entities] == [("person", "Old men"), ("drug", "😀")]
    assert checked(first) == first
    assert second.entities == ()


@pytest.mark.parametrize(
    ("who", "detail"),
    [
        ({}, "no '8'"),
        ({"8": [[0, 0]]}, "list indices must be integers"),
        ({"8": {"w": []}}, "no 'v'"),
        ({"8": {"v": []}}, "expected lists of 0 and 1, found []"),
        ({"8": {"v": [[0, 2]]}}, "expected lists of 0 and 1, found [[0, 2]]"),
        ({"8": {"v": [[0, "1"]]}}, "expected lists of 0 and 1"),
        ({"8": {"v": [[0, 0], [0]]}}, "argument 2 is shorter"),
        ({"8": {"v": 1}}, "not iterable"),
    ],
)
def test_votes_that_do_not_fit_reject_the_sentence(who, detail):
    ((place, reason, found),) = rejects(VOTES, **votes(who={"7:1": WHO["7:1"], **who}))
    assert (place, reason) == ("8", "malformed sentence")
    assert detail in found


def test_votes_for_another_number_of_tokens():
    found = rejects(VOTES, **votes(who={**WHO, "8": {"v": [[0]]}}))
    assert found == [("8", "malformed document", "2 tokens have 1 labels")]


def test_votes_without_a_sentence():
    files = votes(sentences={"8": "Nothing ."})
    assert rejects(VOTES, **files) == [("7:1", "annotations without a text", "layer what: no sentence has this id")]
    assert [place for place, *_ in rejects(VOTES, **votes(sentences={**SENTENCES, "\ud800": "x", "9": 1}))] == [
        "?",
        "9",
    ]


@pytest.mark.parametrize("data", ["", "[1]", "3", '{"8": "a", "8": "b"}', "[" * 100_000, '{"8": {"v": 1, "v": 2}}'])
def test_a_file_that_is_no_object_by_id(data):
    with pytest.raises(FormatError, match="`d/sentences` is not a JSON object by id: "):
        split(VOTES, **votes(sentences=data))


@often
@given(garbage, garbage)
def test_garbage_is_a_document_or_a_reject(tokens, numbers):
    with contextlib.suppress(FormatError):
        (found,) = split(CODES, tokens=put("7.tokens", tokens), who=put("fine/who/7.ann", numbers))
        assert found.id == "7"
        assert isinstance(found, Reject) or checked(found).id == "7"
