"""Questions of a test set: all of them, or some that stand for all."""

from pathlib import Path

import polars as pl
import pytest

from schemas.evaluation import Asking
from tasks.model.evaluate.questions import questions

ROWS = 400


@pytest.fixture
def test_set(tmp_path: Path) -> Path:
    """A test set that is sorted by its answers, as some are; two of its samples have one id."""
    answers = ["yes"] * 300 + ["no"] * 100
    turns = pl.Series([[]] * ROWS, dtype=pl.List(pl.List(pl.String)))
    ids = [f"{place:032x}" for place in range(ROWS - 1)] + [f"{7:032x}"]
    pl.DataFrame(
        {
            "id": ids,
            "task": "T",
            "instruction": "Say.",
            "input": [str(place) for place in range(ROWS)],
            "output": answers,
        }
    ).with_columns(history=turns).write_parquet(tmp_path / "test.parquet")
    return tmp_path / "test.parquet"


def asked(path: Path, limit: int | None) -> list[tuple[int, str]]:
    """The places and answers of the questions."""
    found = questions(path, Asking(model="m"), limit)
    return [(int(each.prompt.removeprefix("Say.\n")), each.target) for each in found]


@pytest.mark.parametrize("limit", [None, ROWS, ROWS + 1])
def test_all_are_asked_where_there_are_no_more(test_set: Path, limit: int | None) -> None:
    assert [place for place, _ in asked(test_set, limit)] == list(range(ROWS))


def test_some_stand_for_all_and_come_in_the_order_of_the_test_set(test_set: Path) -> None:
    found = asked(test_set, 100)
    assert len(found) == 100
    assert found == sorted(found)
    assert 60 <= sum(answer == "yes" for _, answer in found) <= 90


def test_a_higher_limit_asks_the_same_and_more(test_set: Path) -> None:
    fewer, more = set(asked(test_set, 30)), set(asked(test_set, 120))
    assert (len(fewer), len(more)) == (30, 120)
    assert fewer < more


def test_the_order_of_the_rows_does_not_change_which_are_asked(test_set: Path, tmp_path: Path) -> None:
    pl.read_parquet(test_set).head(ROWS - 1).sample(fraction=1, shuffle=True, seed=3).write_parquet(tmp_path / "x")
    pl.read_parquet(test_set).head(ROWS - 1).write_parquet(tmp_path / "y")
    assert set(asked(tmp_path / "x", 50)) == set(asked(tmp_path / "y", 50))
