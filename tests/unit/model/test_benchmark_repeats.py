"""Samples that several tests share: measured, and counted once in one of the means."""

import polars as pl

from schemas.benchmark import HeldOutTest
from schemas.evaluation import Score
from tasks.model.benchmark.repeats import repeats
from tasks.model.leaderboard import ONCE, _groups


def rows(*numbers: int, output: str = "x") -> pl.DataFrame:
    return pl.DataFrame({"input": [f"text {number}" for number in numbers], "output": [output] * len(numbers)})


def test_a_test_repeats_a_larger_one_that_has_most_of_its_samples() -> None:
    found = repeats({"A": rows(1, 2, 3), "B": rows(1, 2, 3, 4), "C": rows(4, 5, 6), "D": rows(1, 2, 3, output="y")})
    assert found["B"] == ({"A": 3, "C": 1}, None)
    assert found["A"] == ({"B": 3}, "B")
    assert found["C"] == ({"B": 1}, None)
    assert found["D"] == ({}, None), "the same inputs with other answers are other samples"


def test_of_equal_tests_the_first_counts_and_a_half_is_not_most() -> None:
    found = repeats({"B": rows(1, 2), "A": rows(1, 2), "C": rows(2, 3)})
    assert (found["A"].repeats, found["B"].repeats, found["C"].repeats) == (None, "A", None)


def test_case_and_blanks_make_no_difference() -> None:
    other = pl.DataFrame({"input": ["TEXT  1"], "output": ["X"]})
    assert repeats({"A": rows(1), "B": other})["B"].repeats == "A"


class Entry:
    """Scores of a model."""

    def __init__(self, **values: float) -> None:
        self.scores = [
            Score(
                task=task, category="NER", kind="strict", metric="micro F1", main=True, value=value, low=0, high=1,
                samples=1, unread=0,
            )
            for task, value in values.items()
        ]  # fmt: skip


def held(repeated: str | None) -> HeldOutTest:
    return HeldOutTest.model_construct(
        category="NER", tier=type("Tier", (), {"name": "new"}), repeats=repeated, shares={}
    )


def test_means_count_samples_twice_and_once() -> None:
    tests = {"A": held(None), "B": held("A"), "C": held(None)}
    groups = {group["name"]: group for group in _groups("strict", tests, [Entry(A=1.0, B=1.0, C=0.25)])}  # pyright: ignore[reportArgumentType]
    assert groups["all tasks"]["means"] == [0.75]
    assert (groups[ONCE]["tasks"], groups[ONCE]["means"]) == (2, [0.625])
    alone = {group["name"] for group in _groups("strict", {"A": held(None)}, [Entry(A=1.0)])}  # pyright: ignore[reportArgumentType]
    assert ONCE not in alone
