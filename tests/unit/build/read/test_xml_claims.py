"""XML claims: pairs that agree or contradict, and neutral ones drawn from those on different questions."""

import random

import pytest

from schemas.errors import FormatError
from schemas.formats import XmlClaims
from tests.support.reading import put, rejects, rows

CLAIMS = XmlClaims(row="CLAIM", question="Q", answer="A")


def claim(question: str, answer: str, text: str) -> str:
    return f"<CLAIM Q='{question}' A='{answer}' ID='1'>{text}</CLAIM>"


def corpus(*claims: str) -> str:
    return f"<CORPUS><REVIEW>{''.join(claims)}</REVIEW></CORPUS>"


def drawn(neutral: int, *claims: str) -> list[tuple[str, str, str]]:
    """The neutral pairs: id and both texts."""
    found = rows(CLAIMS.model_copy(update={"neutral": neutral}), put("x", corpus(*claims)))
    return [(row["id"], row["first"], row["second"]) for row in found if row["label"] == "neutral"]


MANY = [claim(f"Is {letter} so", "YS", f"{letter}{number} it is.") for letter in "abcde" for number in range(4)]


def test_claims_on_one_question_agree_or_contradict() -> None:
    member = put(
        "x",
        corpus(
            claim("Is  it so?", "YS", "It [is] &lt;5 😀."),
            claim("Other", "YS", "Never\n asked."),
            claim("Is it so?", "NO", "It is <i>not</i>."),
            claim("Is it so?", "NO", "It cannot be."),
        ),
    )
    assert rows(CLAIMS, member) == [
        {"id": "1-3", "first": "Is it so? It [is] <5 😀.", "second": "It is not.", "label": "contradict"},
        {"id": "1-4", "first": "Is it so? It [is] <5 😀.", "second": "It cannot be.", "label": "contradict"},
        {"id": "3-4", "first": "Is it so? It is not.", "second": "It cannot be.", "label": "agree"},
    ]
    assert rejects(CLAIMS, member) == []


def test_pairs_of_several_files_are_numbered_on() -> None:
    members = [put("x", corpus(claim("a", "YS", "One."))), put("y", corpus(claim("a", "YS", "Two.")))]
    assert [row["id"] for row in rows(CLAIMS, *members)] == ["1-2"]


def test_neutral_pairs_are_on_different_questions_and_always_the_same() -> None:
    found = drawn(10, *MANY)
    assert len(found) == len(set(found)) == 10
    assert all(first[3] != second[0] for _, first, second in found)
    assert found == drawn(10, *MANY)
    assert set(drawn(5, *MANY)) < set(found), "a smaller draw is part of a larger one"
    assert len(drawn(1000, *MANY)) == 4 * 4 * 10, "no more than there are"
    assert drawn(0, *MANY) == []


def test_neutral_pairs_do_not_depend_on_other_claims_of_the_same_question() -> None:
    more = [*MANY, claim("Is a so", "NO", "By no means.")]
    kept = {(first, second) for _, first, second in drawn(160, *MANY)}
    assert kept < {(first, second) for _, first, second in drawn(1000, *more)}


def test_questions_with_a_claim_in_common_make_no_neutral_pairs() -> None:
    claims = [claim("a", "YS", "Same."), claim("b", "YS", "Same."), claim("b", "NO", "Not."), claim("c", "YS", "Else.")]
    assert {id_ for id_, *_ in drawn(1000, *claims)} == {"1-4", "2-4", "3-4"}


@pytest.mark.parametrize(
    "broken", [claim("", "YS", "x"), claim("a", " ", "x"), claim("a", "YS", " "), "<CLAIM>x</CLAIM>"]
)
def test_a_claim_that_lacks_something_is_rejected(broken: str) -> None:
    member = put("d/x.xml", corpus(claim("a", "YS", "One."), broken, claim("a", "NO", "Two.")))
    assert [row["id"] for row in rows(CLAIMS, member)] == ["1-3"]
    assert rejects(CLAIMS, member) == [("d/x.xml#2", "malformed row", "line 1: expected a text, `Q` and `A`")]


def test_what_is_no_such_file() -> None:
    with pytest.raises(FormatError, match="`x` is not well-formed XML"):
        rows(CLAIMS, put("x", "<CORPUS><CLAIM>"))
    assert rows(CLAIMS, put("x", "<CORPUS/>")) == []


def test_the_order_of_the_draw_is_that_of_the_file() -> None:
    claims = random.Random(1).sample(MANY, len(MANY))
    ids = [tuple(map(int, id_.split("-"))) for id_, *_ in drawn(50, *claims)]
    assert ids == sorted(ids)
