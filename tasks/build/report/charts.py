"""All charts as plain data: chart -> choice -> what the script of the page draws."""

from collections import defaultdict
from typing import Any

from schemas.release import ReleaseContent
from tasks.build.report.diagnoses import NONE, Tables, overlap_figures
from tasks.build.report.index import Index
from tasks.build.report.labels import label_figures
from tasks.build.report.leaks import leak_figures
from tasks.build.report.lengths import length_figures
from tasks.build.report.overview import task_rows
from tasks.build.report.rejects import reject_figures
from tasks.build.report.treemap import treemaps

Figures = dict[str, dict[str, Any]]


def figures(content: ReleaseContent, index: Index, found: Tables = NONE) -> Figures:
    """Every chart in every choice that the page offers; a chart without data has no choices."""
    return {
        "tasks": treemaps(task_rows(content, index)),
        "lengths": length_figures(content.samples),
        "labels": label_figures(content.samples),
        "rejects": reject_figures(content.lost, index),
        "leaks": leak_figures(content.audit),
        "overlap": overlap_figures(found, index.category_of),
    }


def table_of_choices(drawn: Figures) -> dict[str, dict[str, list[str]]]:
    """Chart -> group -> choices of its selection box. The choice `NER/BC5CDR` has the group `NER`."""
    listed: dict[str, dict[str, list[str]]] = {}
    for chart, choices in drawn.items():
        grouped: dict[str, list[str]] = defaultdict(list)
        for choice in choices:
            group, found, _ = choice.partition("/")
            grouped[group if found else ""].append(choice)
        listed[chart] = dict(grouped)
    return listed
