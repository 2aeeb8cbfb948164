"""Our metrics in the form that lm-evaluation-harness calls them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sources import tasks as declared_tasks
from tasks.base.predictions.files import Answered
from tasks.model.score.scoring import Kind, measure

Item = tuple[str, str, str]
"""Task, prediction and gold answer of one sample."""


def process(doc: Mapping[str, Any], results: Sequence[str]) -> dict[Kind, Item]:
    """What one sample adds to each metric."""
    item = (str(doc["task"]), results[0].strip(), str(doc["output"]))
    return {"strict": item, "paper": item}


def strict(items: Sequence[Item]) -> float:
    """The main strict metric of a task."""
    return _main("strict", items)


def paper(items: Sequence[Item]) -> float:
    """The main metric of a task as the paper defines it; where it has none, its ROUGE-L."""
    return _main("paper", items)


def _main(kind: Kind, items: Sequence[Item]) -> float:
    (task,) = {item[0] for item in items}
    answered = Answered([], [item[1] for item in items], [item[2] for item in items], len(items))
    found = measure(declared_tasks()[task][1], answered)
    return next(each.metrics[0].value for each in found if each.kind == kind)
