"""The definitions of tasks that `medinst_eval` works with, from the declarations."""

import csv
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache

from expectations import FOLDER
from medinst_eval.definitions import Definition
from schemas.errors import EvaluationError, did_you_mean
from schemas.licence import together
from schemas.task import SPLITS, Re, Task
from sources import tasks as declared_tasks
from tasks.base.paper.held_out import held_out
from tasks.build.render.metric import metric_kind
from tasks.build.render.stage import form, whole_instruction


def definition(name: str) -> Definition:
    """The definition of a declared task, one of a corpus of one's own included.

    Raises:
        EvaluationError: the task is unknown.
    """
    if name not in declared_tasks():
        likely = did_you_mean(name, declared_tasks())
        raise EvaluationError(f"There is no task `{name}`{likely}. Tasks are named as in Table 11: medinst tasks")
    source, task = declared_tasks()[name]
    published, own = kinds(task)
    return Definition(
        task=name,
        category=task.category,
        source=source.id,
        form=form(task).name,
        strict=own,
        paper=published,
        labels=task.labels,
        symmetric=task.symmetric if isinstance(task, Re) else (),
        held_out=name in held_out("paper"),
        answerable=task.answerable,
        licence=together(source.licences(task, *SPLITS)),
        instruction=whole_instruction(task),
        splits=_counts().get(name, {}),
    )


def kinds(task: Task) -> tuple[str, str]:
    """The kinds of a task's main metrics in `paper` and in `strict`.

    A held-out task has the paper's (expectations/medinst32.csv); any other that of its answer form. Strict answers of
    an open set are exact, but bracketed ones are read as such.
    """
    name = form(task).name
    own = metric_kind(task)
    held = held_out().get(task.name)
    published = (held.metric if held else None) or own
    read = name if own == "brackets" else own if published != "exact" else "exact"
    return published, read


@cache
def _counts() -> Mapping[str, Mapping[str, int]]:
    """Task -> split -> expected samples, of the tasks of the checkout."""
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    with (FOLDER / "counts.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            counts[row["task"]][row["split"]] = int(row["rows"])
    return counts


def definitions_text() -> str:
    """The text of `medinst_eval/definitions.json`."""
    found = {name: asdict(definition(name)) for name in sorted(declared_tasks())}
    for fields in found.values():
        del fields["task"]
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"
