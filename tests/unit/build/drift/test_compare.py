"""How far a build moved away from a release: rows, labels, lengths, and what is gone."""

import pytest

from expectations.drift import LABELS, LENGTHS, MEDIAN
from tasks.build.drift.compare import Measured, rows

KEY = ("T", "train")
CHARS = dict.fromkeys(LENGTHS, 100.0)


def measured(count: int = 100, labels: dict[str, int] | None = None, **chars: float) -> Measured:
    return Measured("s", count, labels if labels is not None else {"yes": 50, "no": 50}, CHARS | chars)


def row(was: Measured, now: Measured | None, **reasons: str) -> dict:
    after = {("T", "test"): measured()} | ({KEY: now} if now else {})
    found = rows("r1", {KEY: was}, after, {"T"}, {("T", split): why for split, why in reasons.items()})
    assert len(found) == 1
    return found[0]


def moved(found: dict) -> set[str]:
    return {name for name in ("gone", "lost", "grown", "labels", *LENGTHS) if found[name]}


def test_an_equal_split_moves_nowhere():
    assert moved(row(measured(), measured())) == set()


def test_lost_rows_are_a_share_and_growth_is_not_a_loss():
    assert row(measured(200), measured(150))["lost"] == 0.25
    grown = row(measured(100), measured(130))
    assert (grown["lost"], grown["grown"]) == (0, 30)


def test_a_split_that_is_gone_says_why_and_is_nothing_else():
    found = row(measured(), None, train="no file")
    assert moved(found) == {"gone"}
    assert found["because"] == ": no file"
    assert found["name"] == "T:train"


def test_a_task_that_is_gone_is_one_row_with_all_its_splits():
    before = {("T", "train"): measured(30), ("T", "test"): measured(10), ("U", "train"): measured()}
    (found,) = rows("r1", before, {("U", "train"): measured()}, {"T", "U"}, {("T", ""): "unreachable"})[1:]
    assert (found["subject"], found["name"], found["split"]) == ("T", "T", "")
    assert found["was"]["rows"] == 40
    assert found["because"] == ": unreachable"


def test_tasks_that_nobody_asked_for_are_not_compared():
    assert rows("r1", {KEY: measured()}, {}, {"U"}, {}) == []


@pytest.mark.parametrize(
    ("now", "distance"),
    [
        ({"yes": 500, "no": 500}, 0.0),  # the same shares of more answers
        ({"yes": 60, "no": 40}, 0.1),
        ({"yes": 100}, 0.5),
        ({"maybe": 7}, 1.0),
        ({}, 0.0),  # nobody counted
    ],
)
def test_labels_move_by_the_total_variation_distance(now, distance):
    assert row(measured(), measured(labels=now))["labels"] == pytest.approx(distance)


def test_the_labels_that_moved_most_are_named():
    told = row(measured(), measured(labels={"yes": 80, "no": 15, "maybe": 5}))["moved"]
    assert told == "`no` 50.0% → 15.0%, `yes` 50.0% → 80.0%, `maybe` 0.0% → 5.0%"


def test_adding_a_tenth_of_rows_never_moves_labels_beyond_the_bound():
    for label in ("yes", "other"):
        now = {"yes": 50, "no": 50, "other": 0}
        now[label] += 10
        assert row(measured(), measured(labels=now))["labels"] < LABELS


def test_lengths_move_by_a_share_of_what_they_were():
    found = row(measured(), measured(input_chars_median=100 * (1.1 + MEDIAN)))
    assert found["input_chars_median"] == pytest.approx(MEDIAN + 0.1)
    assert moved(found) == {"input_chars_median"}


def test_a_word_more_in_a_short_answer_is_no_drift():
    short = measured(output_chars_median=3.0)
    assert row(short, measured(output_chars_median=10.0))["output_chars_median"] < MEDIAN


def test_what_an_older_release_did_not_measure_is_not_compared():
    assert moved(row(Measured("s", 100, {}, {}), measured())) == set()
