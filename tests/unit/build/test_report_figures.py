"""The charts and sums of the report: complete, and with the numbers of the content."""

from schemas.receipts import Verdict
from tasks.build.report.charts import figures
from tasks.build.report.index import Index
from tasks.build.report.verdicts import count, groups, outcome, unmet, worst
from tests.support.report_content import content
from tests.support.report_sources import sources


def test_the_treemap_holds_every_task_with_its_rows():
    made = content(163)
    tree = figures(made, Index(made, sources()))["tasks"]["rows"]
    tasks = [task for group in tree["groups"] for task in group["tasks"]]
    assert sum(size for _, size, *_ in tasks) == 9_938_327
    assert {name: size for name, size, *_ in tasks}["SciELO"] == 3_006_699
    assert (len(tree["groups"]), len(tasks)) == (12, 163)


def test_lengths_start_with_all_tasks_if_they_are_few():
    few, many = (figures(made, Index(made, sources()))["lengths"] for made in (content(35), content(163)))
    assert next(iter(few)) == "all categories"
    assert next(iter(many)).startswith("NER")
    assert len(many["all categories"]["rows"]) == 163 + 12


def test_rejects_add_up_in_each_chart():
    made = content(163)
    rows = sum(row.rows for row in made.lost)
    for drawn in figures(made, Index(made, sources()))["rejects"].values():
        assert sum(sum(values) for _, values in drawn["rows"]) == rows


def verdict(severity, success, **more):
    base = {"suite": "samples", "subject": "a", "task": "a", "source": "a", "measure": "m"}
    base |= {"expectation": "e", "found": "f", "severity": severity, "success": success}
    return Verdict(**(base | more))


def test_what_an_unmet_expectation_means_depends_on_its_severity():
    made = [
        verdict("info", False),
        verdict("critical", False),
        verdict("warning", False),
        verdict("critical", True),
    ]
    assert [outcome(one) for one in made] == ["note", "fail", "warn", "pass"]
    assert [name for name, _ in unmet(made)] == ["fail", "warn", "note"]
    assert worst(count(made)) == "fail"
    assert worst(count([])) == ""


def test_met_expectations_are_counted_not_listed():
    made = [verdict("critical", True, subject=str(number)) for number in range(500)]
    (group,) = groups([*made, verdict("critical", False, expectation="f")])
    assert (group.judged, group.counts["pass"], group.expectation) == (501, 500, "for example: e")
