"""Variants of an evaluation: what options name, and labels, options and examples in another order."""

from typing import cast

import pytest

from schemas.errors import EvaluationError
from schemas.evaluation import Asking
from schemas.task import WORDINGS
from sources import tasks as declared_tasks
from tasks.base.paper.held_out import held_out
from tasks.base.predictions.order import in_order
from tasks.build.render.stage import wordings as instructions
from tasks.model.benchmark.place import Benchmark
from tasks.model.evaluate.order import OPTIONS, relisted, reordered, shuffled
from tasks.model.evaluate.variants import MOST, changed, seeds, variants, wordings
from tasks.model.evaluate.variation import Variation
from tests.support.places import CHECKOUT

USUAL = Asking(model="m")


def named(**values: str) -> list[dict[str, str]]:
    return [each.varied for each in variants(USUAL, **values)]


def test_every_combination_is_asked_and_what_is_usual_goes_without_saying() -> None:
    assert variants(USUAL, wording="standard", options_seed="0", shots_seed="0") == [USUAL]
    assert named(wording="all", options_seed="0,2") == [
        {},
        {"options_seed": "2"},
        {"wording": "short"},
        {"wording": "short", "options_seed": "2"},
        {"wording": "guideline"},
        {"wording": "guideline", "options_seed": "2"},
    ]
    assert [each.as_usual() for each in variants(USUAL, shots_seed="1-3")] == [USUAL] * 3


def test_seeds_of_a_training_ask_no_differently_and_so_leave_no_test_out() -> None:
    seeded = USUAL.model_copy(update={"backend": "baseline", "training_seed": 2})
    assert seeded.varied == {"training_seed": "2"}
    benchmark = cast(Benchmark, None)  # whose prompts are not looked at
    assert changed(benchmark, seeded, ["AnEM", "BIOSSES"]) == ["AnEM", "BIOSSES"]


@pytest.mark.parametrize(
    ("text", "found"), [("0", [0]), ("7", [7]), ("3,7,3", [3, 7]), ("0-2", [0, 1, 2]), ("2-3, 1", [2, 3, 1])]
)
def test_seeds_are_numbers_and_ranges(text: str, found: list[int]) -> None:
    assert seeds("shots_seed", text) == found


@pytest.mark.parametrize("text", ["", "x", "-1", "1-", "1..3", "3-1", "0-100", "1.5", "9999999999"])
def test_what_is_no_seed_is_explained(text: str) -> None:
    with pytest.raises(EvaluationError, match=r"--shuffle-options .*(Write a number|is not a range)"):
        seeds("options_seed", text)


def test_a_misspelt_wording_names_the_one_that_was_meant() -> None:
    assert wordings("short, guideline") == ["short", "guideline"]
    assert wordings("short,all") == list(WORDINGS)
    with pytest.raises(EvaluationError, match=r"no wording `shrt` \(did you mean `short`\?\).*guideline; or all"):
        wordings("short,shrt")


def test_too_many_variants_and_examples_that_are_not_asked_for_are_refused() -> None:
    with pytest.raises(EvaluationError, match=rf"3 x 50.*more than {MOST}"):
        variants(USUAL, wording="all", options_seed="0-49")
    with pytest.raises(EvaluationError, match="--zero-shot"):
        variants(Asking(model="m", shots=False), shots_seed="1")


# Labels in another order

LABELS = ("yes", "no", "maybe")
TEXT = (
    'Say "yes" if so, "no" if not. Types: "yes" (it is), "no", and "maybe" (who knows). From few to many: "yes", "no". '
    'Kinds: "yes"; "no", which is rare. Answer with exactly one of: "yes", "no", "maybe".'
)


def test_lists_of_labels_change_their_order_and_nothing_else_does() -> None:
    assert relisted(TEXT, LABELS) == TEXT
    assert relisted(TEXT, ("maybe", "no", "yes")) == (
        'Say "yes" if so, "no" if not. Types: "maybe" (who knows), "no", and "yes" (it is). From few to many: "yes", '
        '"no". Kinds: "yes"; "no", which is rare. Answer with exactly one of: "maybe", "no", "yes".'
    )


@pytest.mark.parametrize("name", sorted(held_out()))
def test_every_instruction_says_the_same_of_the_same_labels_in_another_order(name: str) -> None:
    task = declared_tasks()[name][1]
    for text in instructions(task).values():
        for seed in (1, 2, 3):
            found = relisted(text, shuffled(task.labels, seed, name))
            assert sorted(found) == sorted(text), "only the order differs"
            assert [found.count(f'"{label}"') for label in task.labels] == [
                text.count(f'"{label}"') for label in task.labels
            ]
        one_of = text.rpartition("one of: ")[2]
        assert text.count("one of: ") == 0 or not found.endswith(one_of), "the list at the end is always another"


def test_an_order_is_never_the_usual_one_and_depends_on_the_seed_alone() -> None:
    listed = [str(number) for number in range(6)]
    orders = [shuffled(listed, seed, "task") for seed in range(1, 40)]
    assert all(order != listed and sorted(order) == listed for order in orders)
    assert len(set(map(tuple, orders))) > 30
    assert shuffled(listed, 5, "task") == orders[4]
    assert [shuffled(["yes", "no"], seed, "x") for seed in (1, 2, 3)] == [["no", "yes"]] * 3
    assert (shuffled(["a"], 1, ""), shuffled([], 1, "")) == (["a"], [])


def test_every_place_of_an_option_is_about_as_likely() -> None:
    places = [shuffled(["right", "b", "c", "d"], 1, f"question {number}").index("right") for number in range(800)]
    assert all(140 < places.count(place) < 260 for place in range(4)), [places.count(place) for place in range(4)]


# Options of questions


def test_options_as_the_renderer_writes_them_change_their_order() -> None:
    golden = (CHECKOUT / "tests/golden/MedQA.txt").read_text(encoding="utf-8")
    assert OPTIONS in golden
    question = golden[golden.index("Question: ") :].partition("\n\n")[0]
    stem, _, listed = question.partition(OPTIONS)
    found = reordered(question, 1)
    assert found != question
    assert found.startswith(stem + OPTIONS)
    assert sorted(found.splitlines()) == sorted(question.splitlines())
    assert len(listed.splitlines()) > 2


def test_a_text_without_options_stays_as_it_is() -> None:
    assert reordered("Question: is it so?\nContext: - a\n- b", 1) == "Question: is it so?\nContext: - a\n- b"


# Prompts and answers

SHUFFLED = Variation(order=1, labels={"T": ("c", "a", "b")})


def test_examples_are_answered_in_the_order_that_their_instruction_lists() -> None:
    assert SHUFFLED.prompt("T", 'Choose: "a", "b", "c".\nThe text: "a", "b"') == (
        'Choose: "c", "a", "b".\nThe text: "a", "b"'
    ), "the text that is asked about stays"
    assert SHUFFLED.answer("T", "a, b, c") == "c, a, b"
    assert SHUFFLED.answer("T", "[a <b>]") == "[a <b>]"
    assert Variation().answer("T", "a, b") == "a, b"


@pytest.mark.parametrize(
    ("answer", "found"),
    [("c, a", "a, c"), ("b", "b"), ("c, a, d", "c, a, d"), ("", ""), ("c,a", "c,a"), ("a, a", "a, a")],
)
def test_an_answer_of_several_labels_is_put_back(answer: str, found: str) -> None:
    assert in_order(answer, ("a", "b", "c")) == found
    assert in_order(in_order(answer, ("c", "b", "a")), ("a", "b", "c")) == found
