"""The figures of the documentation and the committed ratios know what they are of."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.benchmarks.measure import Cost
from tests.benchmarks.quick import baseline
from tests.benchmarks.quick.pieces import PIECES, Piece
from tests.golden import measured
from tests.support.places import CHECKOUT

PAGE = (CHECKOUT / "docs" / "benchmarks.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("section", measured.SECTIONS)
def test_a_section_that_is_noted_is_on_the_page(section: str) -> None:
    assert f"\n## {section}\n" in PAGE


def test_the_code_of_a_section_changes_with_a_file_that_it_needs_and_no_other() -> None:
    def edited(name: str) -> Callable[[Path], bytes]:
        return lambda path: path.read_bytes() + b"#" * (path == CHECKOUT / name)

    now = measured.code("Scoring")
    assert measured.code("Scoring", edited("medinst_eval/metrics/strict.py")) != now
    assert measured.code("Scoring", edited("tasks/build/read/bioc.py")) == now


def test_what_was_noted_is_a_section() -> None:
    assert set(measured.read()) <= set(measured.SECTIONS)


def test_sections_of_other_work_have_other_code() -> None:
    assert measured.code("Asking") != measured.code("Scoring")


def test_a_page_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="lacks"):
        measured.with_measured("# Costs\n")


@pytest.mark.parametrize(
    ("ratio", "before", "verdict"),
    [(1.0, None, "new"), (1.2, 1.0, ""), (1.3, 1.0, "slower"), (0.85, 1.0, ""), (0.7, 1.0, "faster")],
)
def test_a_ratio_is_compared_with_its_baseline(ratio: float, before: float | None, verdict: str) -> None:
    assert baseline.verdict(ratio, before) == verdict


def test_a_cost_is_given_in_its_unit() -> None:
    costs = {
        "duckdb": {"data path": Cost(2.0, 1.0, 0)},
        "pairs": {"read": Cost(1.0, 1.0, 0), "render": Cost(2.0, 1.0, 0)},
    }
    assert Piece("both", "pairs", ("read", "render"), ("duckdb", "data path")).ratio(costs) == 1.5


def test_the_baseline_has_every_piece_and_no_other() -> None:
    assert list(baseline.read()) == [piece.title for piece in PIECES]
