"""The test sets: which samples, with which examples before them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import polars as pl

from schemas.benchmark import Held, TestSet
from schemas.licence import together
from schemas.task import Re, Task
from sources import tasks as declared_tasks
from tasks.base.paper.held_out import held_out
from tasks.build.render.metric import metric_kind
from tasks.build.render.stage import form, whole_instruction
from tasks.model.benchmark.tiers import tier
from tasks.model.draw.ranks import histories, pool, subset
from tasks.model.draw.samples import Samples

STAND_INS = 8
"""Tasks that give examples to a test whose own training set has none."""

NO_EXAMPLES = "no examples: no training set outside the test has its labels and answer form"
"""What is said of a test that no task can give examples."""


class Drawn(NamedTuple):
    """A test set.

    Attributes:
        rows: its samples, with the columns of a sample and `history`.
        pool: what their examples are drawn from.
    """

    about: TestSet
    rows: pl.DataFrame
    pool: pl.DataFrame


def draw(held: Held, built: Mapping[str, Samples], seed: int) -> Drawn:
    """Draw the test set of a held-out task, in the order of the source's samples.

    Args:
        held: the task.
        built: the samples of all tasks of the build.
        seed: of all draws.
    """
    source, task = declared_tasks()[held.task]
    whole = built[held.task].every(held.splits)
    count = whole.select(pl.len()).collect().item()
    size = held.size or count
    rows = (subset(whole, size, seed) if count > size else whole).collect()
    names = examples_from(held, task, built)
    examples = pool([built[name].training() for name in names], seed)
    about = TestSet(
        task=held.task,
        category=task.category,
        source=source.id,
        language=",".join(dict.fromkeys(source.language_of(part) for part in task.reads)),
        licence=together(source.licences(task, *held.splits)),
        instruction=whole_instruction(task),
        labels=task.labels,
        symmetric=task.symmetric if isinstance(task, Re) else (),
        form=form(task).name,
        metric=held.metric or metric_kind(task),
        splits=held.splits,
        rows=rows.height,
        size=size,
        drawn_from=count,
        examples=dict(sorted(examples["task"].value_counts().iter_rows())) if examples.height else {},
        tier=tier(task, training_tasks(built)),
    )
    return Drawn(about, rows.with_columns(histories(rows, examples, seed)), examples)


def training_tasks(built: Mapping[str, Samples]) -> list[Task]:
    """The tasks of the build that may be trained on: those that are not held out."""
    return [declared_tasks()[name][1] for name in built if name not in held_out()]


def examples_from(held: Held, task: Task, built: Mapping[str, Samples]) -> Sequence[str]:
    """The tasks that give the examples of a test.

    Its own, where its training set has samples that are not part of the test; else other tasks of its category with
    its answer form and exactly its labels: training tasks first, the first few by name. An example with other labels
    would show answers that are wrong here, so some tests have none. Only tasks of the paper give examples, so that a
    test is the same whatever else was built.
    """
    if "train" not in held.splits and built[held.task].kept.rows("train"):
        return [held.task]
    others = {
        name: task
        for name, (source, task) in declared_tasks().items()
        if source.collection == "paper" and name != held.task and name in built and built[name].kept.rows("train")
    }
    able = [name for name, other in others.items() if _answered(other) == _answered(task) and other.answerable != "no"]
    return sorted(able, key=lambda name: (name in held_out(), name))[:STAND_INS]


def _answered(task: Task) -> tuple[str, str, frozenset[str]]:
    """What the answers of a task look like: category, form and labels."""
    return task.category, form(task).name, frozenset(task.labels)
