"""Rendering of questions, pairs, labels, scores and texts to write."""

import math
from fractions import Fraction
from typing import Any

import polars as pl
import pytest

from schemas.task import Qa, Sts, Sum, Task, Te, TextPairClass, Transl, TxtClass
from tests.support.rendering import (
    one,
    rows,
    table,
)


def question(**columns: list[Any]) -> pl.DataFrame:
    return table("Question", **{"text": ["Is tea hot?"], "answers": [["yes"]], **columns})


def test_a_question_has_its_context_and_choices() -> None:
    task = Qa(name="T")
    bare = one(task, question())
    full = one(task, question(context=["Tea boils."], choices=[["yes", "no"]]))
    assert bare["input"] == "Question: Is tea hot?"
    assert full["input"] == "Question: Is tea hot?\nContext: Tea boils.\nOptions:\n- yes\n- no"
    assert full["output"] == "yes"


def test_several_answers_are_a_list() -> None:
    assert one(Qa(name="T"), question(answers=[["tea", "coffee"]]))["output"] == "tea, coffee"


def test_an_answer_that_is_no_declared_choice_is_rejected() -> None:
    task = Qa(name="T", choices=("yes", "no"))
    assert one(task, question())["reason"] is None
    row = one(task, question(answers=[["perhaps"]]))
    assert (row["reason"], row["detail"]) == ("undeclared label", "perhaps")


PAIRS = {"first": "Claim", "second": "Text", "classes": {"1": "true", "0": "not true"}}


@pytest.mark.parametrize("kind", [Te, TextPairClass])
def test_a_pair_is_named_and_its_label_translated(kind: type[Te]) -> None:
    row = one(kind(name="T", **PAIRS), table("Pair", first=["a"], second=["b"], label=["0"]))
    assert (row["input"], row["output"]) == ("Claim: a\nText: b", "not true")


def test_an_unknown_label_of_a_pair_is_rejected() -> None:
    found = rows(Te(name="T", **PAIRS), table("Pair", first=["a", "a"], second=["b", "b"], label=["2", "1"]))
    assert [(row["reason"], row["detail"]) for row in found] == [("undeclared label", "2"), (None, None)]


TOPICS = TxtClass(name="T", multiple=True, classes={"a": "air", "b": "bath"})


def test_labels_of_a_text_are_joined_in_the_declared_order() -> None:
    row = one(TOPICS, table("Text", text=["wind"], labels=[["b", "a"]]))
    assert (row["input"], row["output"]) == ("wind", "air, bath")


def test_one_unknown_label_of_several_rejects_the_text() -> None:
    row = one(TOPICS, table("Text", text=["wind"], labels=[["b", "c"]]))
    assert (row["reason"], row["detail"]) == ("undeclared label", "b, c")


def scores(scale: tuple[float, float], *labels: str) -> list[str | None]:
    found = rows(
        Sts(name="T", scale=scale),
        table("Pair", first=["a"] * len(labels), second=["b"] * len(labels), label=list(labels)),
    )
    return [None if row["reason"] else row["output"] for row in found]


@pytest.mark.parametrize(
    ("scale", "given_and_wanted"),
    [
        ((0, 5), {"0": "0", "0.49": "0", "0.5": "1", "1.5": "2", "2.5": "3", "4.5": "5", "5": "5"}),
        ((0, 4), {"0": "0", "0.4": "1", "2": "3", "2.8": "4", "3.6": "5", "4": "5"}),
        ((0, 1), {"0": "0", "1": "5"}),
        ((1, 5), {"1": "0", "3": "3", "5": "5"}),
        ((0, 1600), {"0": "0", "160": "1", "159": "0", "1600": "5"}),
    ],
)
def test_scores_are_mapped_to_integers_rounded_half_up(
    scale: tuple[float, float], given_and_wanted: dict[str, str]
) -> None:
    assert dict(zip(given_and_wanted, scores(scale, *given_and_wanted), strict=True)) == given_and_wanted


@pytest.mark.parametrize(
    "scale",
    [
        (0, 1),
        (0, 4),
        (0, 10),
        (0, 100),
        (1, 4),
        (1, 5),
    ],
)
def test_no_half_is_lost_to_binary_fractions(scale: tuple[int, int]) -> None:
    low, high = scale
    labels = [f"{low + step / 10:.1f}" for step in range((high - low) * 10 + 1)]
    exact = [math.floor((Fraction(label) - low) / (high - low) * 5 + Fraction(1, 2)) for label in labels]
    assert scores(scale, *labels) == [str(score) for score in exact]


def test_a_score_beyond_the_scale_or_no_number_is_rejected() -> None:
    assert scores((0, 4), "-1", "5", "high", "") == [None] * 4


def test_a_score_that_is_not_a_number_is_rejected_alone() -> None:
    assert scores((0, 4), "nan", "4") == [None, "5"]


def test_a_score_a_little_beyond_the_scale_is_rejected() -> None:
    assert scores((0, 4), "-0.3", "4.3") == [None, None]


def test_translations_and_summaries_are_as_they_are() -> None:
    row = one(Transl(name="T"), table("Translation", text=["té"], translation=["tea"]))
    assert (row["input"], row["output"]) == ("té", "tea")
    row = one(Sum(name="T"), table("Summary", text=["long"], summary=["short"]))
    assert (row["input"], row["output"]) == ("long", "short")


def test_a_claim_may_stand_alone() -> None:
    task = Te(name="T", first=None, second="Claim", classes=PAIRS["classes"])
    sound, empty = rows(task, table("Pair", first=["", ""], second=["Fog is wet.", " "], label=["1", "1"]))
    assert (sound["input"], sound["output"], sound["fault"]) == ("Claim: Fog is wet.", PAIRS["classes"]["1"], None)
    assert empty["fault"] == "empty text"


EMPTY = [
    (Te(name="T", **PAIRS), table("Pair", first=["a", " "], second=["b", "b"], label=["0", "0"])),
    (Te(name="T", **PAIRS), table("Pair", first=["a", "a"], second=["b", ""], label=["0", "0"])),
    (Sts(name="T", scale=(0, 1)), table("Pair", first=["a", "\n"], second=["b", "b"], label=["1", "1"])),
    (TOPICS, table("Text", text=["a", ""], labels=[["a"], ["a"]])),
    (Qa(name="T"), table("Question", text=["a?", " "], answers=[["b"], ["b"]])),
    (Transl(name="T"), table("Translation", text=["a", ""], translation=["b", "b"])),
    (Sum(name="T"), table("Summary", text=["a", "\t"], summary=["b", "b"])),
]


@pytest.mark.parametrize(("task", "records"), EMPTY)
def test_an_empty_text_is_counted_and_is_a_fault(task: Task, records: pl.DataFrame) -> None:
    sound, faulty = rows(task, records)
    assert (sound["reason"], sound["fault"]) == (None, None)
    assert (faulty["reason"], faulty["fault"]) == (None, "empty text")
