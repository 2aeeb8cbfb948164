"""Measurements are kept as long as nothing that they were made of has changed."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from schemas.state import State
from tasks.build.builds.build import Build
from tasks.build.judge import measured as measuring
from tasks.build.judge.measure import measure
from tasks.build.judge.measured import measured
from tests.support.gathering import gather
from tests.support.places import DEMO


@pytest.fixture
def state(tmp_path: Path) -> State:
    return gather(tmp_path / "root", DEMO, ["mqp"])


@pytest.fixture
def times(monkeypatch: pytest.MonkeyPatch) -> list[State]:
    """The builds that were measured, each time."""
    found: list[State] = []
    monkeypatch.setattr(measuring, "measure", lambda build: (found.append(build.state), measure(build))[1])
    return found


def test_what_is_the_same_is_measured_once_and_equals_what_was_measured(state: State, times: list[State]) -> None:
    first = measured(Build(state))
    assert measured(Build(state)) == first == measure(Build(state))
    assert len(times) == 1


def _row_taken_out(root: Path) -> None:
    path = next((root / "samples" / "MQP").glob("*/train.parquet"))
    pl.read_parquet(path).head(1).write_parquet(path)


def _file_taken_out(root: Path) -> None:
    next((root / "records" / "mqp").glob("*/*.parquet")).unlink()


def _rejects_taken_out(root: Path) -> None:
    shutil.rmtree(root / "rejects" / "render")


def _personal_taken_out(root: Path) -> None:
    next((root / "samples" / "MQP").glob("*/personal.parquet")).unlink()


@pytest.mark.parametrize("change", [_row_taken_out, _file_taken_out, _rejects_taken_out, _personal_taken_out])
def test_a_file_that_changed_is_counted_anew(
    change: Callable[[Path], None], state: State, times: list[State], tmp_path: Path
) -> None:
    before = measured(Build(state))
    change(tmp_path / "root")
    if change in (_personal_taken_out, _rejects_taken_out):
        assert measured(Build(state)) == before
    else:
        assert measured(Build(state)) != before
    assert len(times) == 2


def test_a_lost_row_is_missed_also_after_a_build_in_which_nothing_changed(state: State, tmp_path: Path) -> None:
    measured(Build(state))
    measured(Build(state))
    _row_taken_out(tmp_path / "root")
    assert measured(Build(state)).samples[0].lost_candidates > 0


@pytest.mark.parametrize(
    ("field", "value"), [("profile", "open"), ("sources", ("mqp", "scielo")), ("near", "remove"), ("workers", 7)]
)
def test_what_the_order_says_counts_where_it_is_measured(
    field: str, value: Any, state: State, times: list[State]
) -> None:
    measured(Build(state))
    measured(Build(state.model_copy(update={"order": state.order.model_copy(update={field: value})})))
    assert len(times) == (1 if field in ("near", "workers") else 2)


def test_expected_counts_that_changed_are_held_against_it(
    state: State, times: list[State], monkeypatch: pytest.MonkeyPatch
) -> None:
    measured(Build(state))
    monkeypatch.setattr("tasks.base.paper.counts.expected", lambda *_: {"MQP": {"train": 1000}})
    assert measured(Build(state)).samples[0].expected == 1000
    assert len(times) == 2
