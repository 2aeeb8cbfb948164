"""How often each label is an answer: one chart a task, of which the page shows the chosen one."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from schemas.profile import SampleProfile
from schemas.task import CATEGORIES, SPLITS
from tasks.base.pages.charts import Series, bars
from tasks.base.pages.palette import SPLIT_COLOURS
from tasks.base.pages.rows import samples as behind

MOST = 25


def label_figures(samples: Iterable[SampleProfile]) -> dict[str, Any]:
    """`<category>/<task>` -> its labels by split; tasks with free answers have none."""
    by_task: dict[tuple[str, str], dict[str, dict[str, int]]] = defaultdict(dict)
    for row in samples:
        if row.labels:
            by_task[row.category, row.task][row.split] = row.labels
    order = list(CATEGORIES)
    keys = sorted(by_task, key=lambda key: (order.index(key[0]), key[1].casefold(), key[1]))
    return {f"{category}/{task}": _labels(task, by_task[category, task]) for category, task in keys}


def _labels(task: str, splits: dict[str, dict[str, int]]) -> dict[str, Any]:
    totals = Counter[str]()
    for labels in splits.values():
        totals.update(labels)
    names = sorted(totals, key=lambda label: (-totals[label], label))[:MOST]
    series: dict[str, Series] = {
        split: (SPLIT_COLOURS[split], [splits[split].get(name, 0) for name in names])
        for split in SPLITS
        if split in splits
    }
    rows = [behind(task=task, label=name) for name in names]
    return bars(names, series, "rows or answers that hold the label", rows)
