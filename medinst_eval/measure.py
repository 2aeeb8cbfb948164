"""Measuring the answers to one task: which metrics apply follows from its definition."""

from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeAlias

from medinst_eval.definitions import Definition
from medinst_eval.metrics import paper, strict
from medinst_eval.metrics.statistics import Metric

Texts: TypeAlias = Sequence[str]

Kind = Literal["paper", "strict"]
KINDS: tuple[Kind, ...] = ("paper", "strict")


class Measured(NamedTuple):
    """The metrics of one task in one set, the main one first.

    Attributes:
        unread: share of the answers that could not be read.
    """

    kind: Kind
    metrics: list[Metric]
    unread: float


def measure(definition: Definition, predictions: Texts, golds: Texts) -> list[Measured]:
    """All metrics of one task, in both sets.

    Args:
        definition: the task.
        predictions: the answers of a model.
        golds: the gold answers, in the same order.

    Raises:
        ValueError: there are not as many of the ones as of the others.
    """
    found = strictly(definition, predictions, golds)
    unread = 1 - sum(found.read) / len(found.read) if found.read else 0.0
    return [
        Measured("paper", as_published(definition, predictions, golds), unread),
        Measured("strict", found.metrics, unread),
    ]


def strictly(definition: Definition, predictions: Texts, golds: Texts) -> strict.Strict:
    """The strict metrics of one task, and for each answer whether it could be read."""
    if definition.strict == "relations":
        return strict.relations(predictions, golds, definition.told, definition.labels)
    return strict.METRICS[definition.strict](predictions, golds, definition.told)


def alone(found: strict.Strict) -> float:
    """The main strict metric of a single sample; two empty lists agree, of which F1 over all samples knows nothing."""
    main = found.metrics[0]
    return main.value if main.parts.any() else float(found.read[0])


def as_published(definition: Definition, predictions: Texts, golds: Texts) -> list[Metric]:
    """The metrics of the paper for one task: its main one if it has one, then those of all tasks."""
    main = [paper.METRICS[definition.paper]] if definition.paper in paper.METRICS else []
    return [metric(predictions, golds) for metric in (*main, *paper.ALWAYS)]
