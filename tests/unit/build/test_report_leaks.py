"""The numbers of leaks in the report agree: chart, table, training sets, and the explorer's samples behind them."""

import re

import polars as pl
import pytest

from schemas.audit import Audit, Touched
from tasks.base.pages.charts import percent
from tasks.build.audit import _exposed, _touched
from tasks.build.report import report
from tasks.build.report.leaks import exposed_rows, leak_figures, unclean
from tests.support.report_content import content
from tests.support.report_sources import sources

SCHEMA = ["test_task", "test_id", "train_task", "train_id", "kind", "evidence"]
LEAKS = [
    *(("SciFact", f"own{nr}", "SciFact", f"own{nr}", "test", "") for nr in range(7)),
    ("SciFact", "own1", "PubMedQA", "p1", "words", "w"),
    ("SciFact", "own1", "PubMedQA", "p1", "near", "w"),
    ("SciFact", "own2", "PubMedQA", "p2", "words", "w"),
    ("BC5CDR", "b1", "PubMedQA", "p2", "text", "w"),
]


@pytest.fixture
def audit() -> Audit:
    table = pl.DataFrame(LEAKS, schema=SCHEMA, orient="row")
    return Audit(
        fingerprint="f", place="p", touched=tuple(_touched(table)), exposed=_exposed(table),
        tested={"SciFact": 10, "BC5CDR": 5}, unclean={"SciFact": 7, "PubMedQA": 2},
    )  # fmt: skip


def test_a_sample_that_is_a_test_itself_touches_no_test(audit: Audit) -> None:
    cells = leak_figures(audit)["all tests/any kind"]["cells"]
    assert sorted(cell[2] for cell in cells) == [0.2, 0.2]
    assert [(row.task, row.touched) for row in exposed_rows(audit)] == [("BC5CDR", 1), ("SciFact", 2)]
    kept = [row for row in audit.touched if row.kind == "test"]
    assert kept == [Touched(test_task="SciFact", train_task="SciFact", kind="test", tests=7, trains=7)]


def test_no_cell_touches_more_of_a_test_than_its_row_of_the_table(audit: Audit) -> None:
    touched = {row.task: {"any": row.touched, **row.kinds} for row in exposed_rows(audit)}
    for row in audit.touched:
        if row.kind != "test":
            assert row.tests <= touched[row.test_task][row.kind] <= touched[row.test_task]["any"]
    for name, chart in leak_figures(audit).items():
        assert set(chart["rows"]) <= set(touched), name


def test_all_less_those_that_leak_and_those_that_are_tests_is_clean(audit: Audit) -> None:
    assert unclean(audit) == (7, 2)
    page = re.sub(r"\s+", " ", report(content(163, audit=audit), sources()).decode())
    train, clean = (
        int(found.replace(",", "")) for found in re.findall(r"set <b>(?:all|clean)</b>(?: has)? ([\d,]+)", page)
    )
    sharing, own = re.findall(r"lacks ([\d,]+) samples that share something with a test and ([\d,]+) that are", page)[0]
    assert train - clean == int(sharing) + int(own)
    assert "2 tests are touched, 3 of their 15 samples" in page


@pytest.mark.parametrize(
    ("share", "words"), [(0, "0%"), (0.0004, "<0.1%"), (0.004, "0.4%"), (0.51, "51%"), (1, "100%")]
)
def test_a_small_share_is_not_told_as_none(share: float, words: str) -> None:
    assert percent(share) == words
