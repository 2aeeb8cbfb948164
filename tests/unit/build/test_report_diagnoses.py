"""Diagnostics in the report: a table of tasks and heat maps of what they share."""

import polars as pl

from tasks.build.diagnose.stage import TABLES
from tasks.build.report import report
from tasks.build.report.diagnoses import COLUMNS, diagnosis_rows, overlap_figures
from tests.support.report_content import content

DIAGNOSTICS = [
    ("B<b>", "all", "mentions", 1200.0),
    ("B<b>", "all", "mentions_per_100_words", 4.25),
    ("B<b>", "test", "unseen_mentions", 0.375),
    ("B<b>", "all", "nested_mentions", 0.0),
    ("a", "all", "mentions", 0.0),
    ("QA", "all", "records", 3.0),
]
OVERLAP = [
    ("names", "B<b>", "all", "a", "all", 1, 2, 4, 0.5, 0.2),
    ("names", "a", "all", "B<b>", "all", 1, 4, 2, 0.25, 0.2),
    ("documents", "a", "train", "a", "test", 1, 1, 1, 1.0, 1.0),
]
FOUND = {
    "diagnostics": pl.DataFrame(DIAGNOSTICS, schema=TABLES["diagnostics"], orient="row"),
    "overlap": pl.DataFrame(OVERLAP, schema=TABLES["overlap"], orient="row"),
}


def test_tasks_with_mentions_have_a_row_in_order() -> None:
    rows = dict(diagnosis_rows(FOUND))
    assert list(rows) == ["a", "B<b>"]
    shown = {column.measure: cell for column, cell in zip(COLUMNS, rows["B<b>"], strict=True)}
    assert shown["mentions"] == ("1,200", 1200)
    assert shown["mentions_per_100_words"] == ("4.25", 4.25)
    assert shown["unseen_mentions"] == ("37.5 %", 0.375)
    assert shown["nested_mentions"] == ("0.0 %", 0)
    assert shown["concepts"] == ("", -1)


def test_heat_maps_are_by_category() -> None:
    drawn = overlap_figures(FOUND, {"a": "NER", "B<b>": "NER"})
    assert list(drawn) == ["names/NER"]
    heat = drawn["names/NER"]
    assert heat["rows"] == heat["columns"] == ["a", "B<b>"]
    assert [cell[:3] for cell in heat["cells"]] == [[1, 0, 0.2], [0, 1, 0.2]]
    assert heat["cells"][1][3] == "a shares 1 of its 4 names with B<b>: Jaccard index 20%"
    assert heat["cells"][1][4] == "overlap?kind=names&task=a&other_task=B%3Cb%3E"


def test_the_page_has_them_or_says_that_there_are_none() -> None:
    pair = [("names", "BC5CDR", "all", "NCBI-disease", "all", 1, 2, 4, 0.5, 0.2)]
    more = pl.DataFrame(pair, schema=TABLES["overlap"], orient="row")
    page = report(content(5), {}, FOUND | {"overlap": pl.concat([FOUND["overlap"], more])}).decode()
    assert 'id="diagnosis-table"' in page
    assert 'id="chart-overlap"' in page
    assert '<option value="names/NER">NER</option>' in page
    assert "B<b>" not in page
    without = report(content(5), {}).decode()
    assert "No task of this release has annotated mentions." in without
    assert 'id="diagnosis-table"' not in without
