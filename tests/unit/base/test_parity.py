"""Parity: equal, explained or not, and every explanation is of the two numbers that are there."""

import csv
from collections import Counter

import pytest

import tasks.base.paper.parity
from schemas.task import CATEGORIES, SPLITS
from sources import tasks as declared
from tasks.base.paper.counts import COMMITTED, parse
from tasks.base.paper.parity import gaps, paper, parity, summary
from tests.support.places import CHECKOUT

GAPS = CHECKOUT / "expectations" / "gaps.csv"
TABLE = {"A": ("NER", (10, 0, 5)), "B": ("QA", (7, 8, 9))}
REASONS = {("A", "train", 10, 12): "The files have two more.", ("A", "test", 5, 4): "One is a repeat."}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.base.paper.parity, "paper", lambda: TABLE)
    monkeypatch.setattr(tasks.base.paper.parity, "gaps", lambda: REASONS)


def judged(counts: dict[str, dict[str, int]], withheld: dict[str, str] | None = None) -> dict[str, tuple[str, str]]:
    return {row.task: (row.status, row.reason) for row in parity(counts, withheld or {})}  # pyright: ignore[reportArgumentType]


@pytest.mark.usefixtures("small")
def test_a_task_from_a_derived_copy_is_never_equal() -> None:
    copy = "The copy at hand is a derived one: It was written anew."
    for counts, status, reason in (
        ({"train": 10, "test": 5}, "explained", copy),
        ({"train": 12, "test": 5}, "explained", f"The files have two more. {copy}"),
        ({"train": 13, "test": 5}, "unexplained", f"train: 10 in the paper, 13 here {copy}"),
    ):
        (row, *_) = parity({"A": counts}, {}, derived={"A": "It was written anew."})
        assert (row.status, row.reason) == (status, reason)
    (row, *_) = parity({"A": {"train": 10, "test": 5}}, {}, derived={"B": "It was written anew."})
    assert row.status == "equal"


@pytest.mark.usefixtures("small")
def test_a_split_that_is_withheld_explains_itself() -> None:
    (row, *_) = parity({"A": {"train": 10}}, {}, {"A": {"test": "`a.csv` is in no mirror"}})
    assert (row.task, row.status) == ("A", "explained")
    assert row.reason == "The test split is withheld: `a.csv` is in no mirror."


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("counts", "status", "reason"),
    [
        ({"train": 10, "test": 5}, "equal", ""),
        ({"train": 10, "dev": 0, "test": 5}, "equal", ""),
        ({"train": 12, "test": 5}, "explained", "The files have two more."),
        ({"train": 12, "test": 4}, "explained", "The files have two more. One is a repeat."),
        ({"train": 13, "test": 5}, "unexplained", "train: 10 in the paper, 13 here"),
        ({"train": 12, "dev": 1, "test": 5}, "unexplained", "dev: 0 in the paper, 1 here"),
        ({"train": 12, "test": 3}, "unexplained", "test: 5 in the paper, 3 here"),
        ({"train": 12}, "unexplained", "test: 5 in the paper, 0 here"),
        ({}, "unexplained", "train: 10 in the paper, 0 here; test: 5 in the paper, 0 here"),
        ({"train": 12_345, "test": 5}, "unexplained", "train: 10 in the paper, 12,345 here"),
    ],
)
def test_a_difference_is_explained_by_exactly_its_two_numbers(counts: dict[str, int], status: str, reason: str) -> None:
    assert judged({"A": counts})["A"] == (status, reason)


@pytest.mark.usefixtures("small")
def test_a_gap_of_another_paper_number_explains_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.base.paper.parity, "paper", lambda: {"A": ("NER", (11, 0, 5))})
    assert judged({"A": {"train": 12, "test": 5}})["A"][0] == "unexplained"


@pytest.mark.usefixtures("small")
def test_one_reason_for_two_splits_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.base.paper.parity, "gaps", lambda: dict.fromkeys(REASONS, "Swapped."))
    assert judged({"A": {"train": 12, "test": 4}})["A"] == ("explained", "Swapped.")


@pytest.mark.usefixtures("small")
def test_what_is_not_there_is_withheld_or_not_built() -> None:
    rows = judged({"B": {"train": 7, "dev": 8, "test": 9}}, {"A": "no file"})
    assert rows == {"A": ("withheld", "no file"), "B": ("equal", "")}
    assert judged({})["A"] == ("not built", "not part of this build")


@pytest.mark.usefixtures("small")
def test_what_is_built_counts_though_a_reason_to_withhold_it_is_given() -> None:
    assert judged({"A": {"train": 10, "test": 5}}, {"A": "no file"})["A"][0] == "equal"


@pytest.mark.usefixtures("small")
def test_a_task_beyond_the_table_has_no_row() -> None:
    assert set(judged({"C": {"train": 1}})) == {"A", "B"}


@pytest.mark.usefixtures("small")
def test_rows_keep_the_order_of_the_table_and_are_summed_up_by_status() -> None:
    rows = parity({"B": {"train": 7, "dev": 8, "test": 1}}, {})
    assert [row.task for row in rows] == ["A", "B"]
    assert [row.ours for row in rows] == [None, (7, 8, 1)]
    assert summary(rows) == {"equal": 0, "explained": 0, "unexplained": 1, "withheld": 0, "not built": 1}


# Table 11


def test_the_table_is_whole() -> None:
    table = paper()
    assert len(table) == 163
    sums = [sum(counts[place] for _, counts in table.values()) for place in range(3)]
    assert sums == [7_600_905, 1_155_398, 1_182_024]
    assert {category for category, _ in table.values()} == set(CATEGORIES)


def test_the_table_names_no_task_twice() -> None:
    with (GAPS.parent / "paper.csv").open(encoding="utf-8", newline="") as file:
        names = [row["task"] for row in csv.DictReader(file)]
    assert [name for name, count in Counter(names).items() if count > 1] == []


# The explanations


def lines() -> list[dict[str, str]]:
    with GAPS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_no_gap_is_explained_twice() -> None:
    places = Counter((line["task"], line["split"]) for line in lines())
    assert [place for place, count in places.items() if count > 1] == [], "expectations/gaps.csv: keep one line of each"
    assert len(gaps()) == len(lines())


@pytest.mark.parametrize("line", lines(), ids=lambda line: f"{line['task']}-{line['split']}")
def test_an_explanation_is_of_what_is_there(line: dict[str, str]) -> None:
    """Debt that can only shrink: a line that the table or the counts have outlived is to be removed."""
    task, split, ours = line["task"], line["split"], int(line["ours"])
    where = f"expectations/gaps.csv, {task} {split}"
    assert task in paper(), f"{where}: Table 11 has no such task. Correct the name."
    assert split in SPLITS, f"{where}: there is no such split. Correct it."
    assert int(line["paper"]) == paper()[task][1][SPLITS.index(split)], f"{where}: Table 11 has another number."
    assert int(line["paper"]) != ours, f"{where}: the numbers are equal. Remove the line."
    assert task in declared(), f"{where}: no source declares the task. Remove the line."
    assert len(line["reason"].split()) >= 5, f"{where}: say the reason in a sentence."
    assert line["reason"].endswith("."), f"{where}: say the reason in a sentence."
    if COMMITTED.exists():
        counted = parse(COMMITTED.read_text(encoding="utf-8")).get(task, {})
        found = counted.get(split, 0)  # pyright: ignore[reportArgumentType, reportCallIssue]
        assert not counted or found == ours, f"{where}: expectations/counts.csv says {found}. Correct or remove it."
