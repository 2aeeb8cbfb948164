"""How much scores differ between variants of one evaluation, told apart from how much they differ between samples.

All variants are compared on the samples that all of them answered, so that what differs is the way of asking alone.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from medinst_eval.measure import KINDS, Kind
from medinst_eval.metrics.reading import canonical
from medinst_eval.metrics.statistics import Floats, Metric, percentiles
from schemas.errors import EvaluationError
from schemas.evaluation import ALL, AXES, Evaluation, Spread
from tasks.base.predictions.files import Answered, Predictions
from tasks.model.score.declared import definition
from tasks.model.score.main import draws, main_metrics, some
from tasks.model.score.scales import FULL


class Measured(NamedTuple):
    """One task in one variant.

    Attributes:
        metrics: its main metric in each set.
        answers: its answers in canonical form.
    """

    ids: list[str]
    metrics: dict[Kind, Metric]
    answers: list[str]


class Part(NamedTuple):
    """One task, or the mean over several, in some variants.

    Attributes:
        values: of each variant, shape (variants,).
        drawn: of each variant in the resamples, shape (variants, resamples).
        samples: those that all of these variants answered.
        changed: those of them on which not all gave the same answer.
    """

    names: list[str]
    metric: str
    values: Floats
    drawn: Floats
    samples: int
    changed: int


def spread(variants: Sequence[Predictions]) -> list[Spread]:
    """How much the main scores of an evaluation differ between its variants.

    Args:
        variants: the answers in each of them.

    Returns:
        for each axis on which there are two variants or more, then for all variants together if they differ on
        several: the mean over tasks, then the tasks; nothing of a task that fewer than two variants answered.
    """
    axes = _axes({each.name: _evaluation(each) for each in variants})
    parts: dict[tuple[str, Kind], dict[str, Part]] = {(axis, kind): {} for axis in axes for kind in KINDS}
    for task in sorted({task for each in variants for task in each.tasks}):
        # of all answers, those of one task are in memory
        measured = {each.name: _measured(task, each.tasks[task]) for each in variants if task in each.tasks}
        for (axis, kind), found in parts.items():
            if (part := _part(task, kind, axes[axis], measured)) is not None:
                found[task] = part
    return [row for (axis, kind), found in parts.items() for row in _rows(axis, kind, axes[axis], found)]


def _measured(task: str, answered: Answered) -> Measured:
    answers = [canonical(text) for text in answered.predictions]
    return Measured(answered.ids, main_metrics(definition(task), answered), answers)


def _evaluation(variant: Predictions) -> Evaluation:
    if variant.evaluation is None:
        raise EvaluationError(
            f"{variant.name} does not say how it was asked, so it cannot be compared with variants of it."
        )
    return variant.evaluation


def _axes(variants: Mapping[str, Evaluation]) -> dict[str, list[str]]:
    """The axes on which there is something to compare, with the variants that differ on that axis alone."""
    found = {axis: [name for name, each in variants.items() if each.asking.varied.keys() <= {axis}] for axis in AXES}
    found = {axis: names for axis, names in found.items() if len(names) > 1}
    every = list(variants)
    return found | ({ALL: every} if len(every) > 1 and every not in found.values() else {})


def _rows(axis: str, kind: Kind, names: Sequence[str], parts: Mapping[str, Part]) -> list[Spread]:
    whole = [each for each in parts.values() if len(each.names) == len(names) and each.metric not in FULL]
    rows = [_row(part, axis=axis, task=task, kind=kind) for task, part in parts.items()]
    if len(whole) < 2:
        return rows
    mean = Part(
        names=list(names),
        metric="mean",
        values=np.mean([part.values for part in whole], axis=0),
        drawn=np.mean([part.drawn for part in whole], axis=0),
        samples=sum(part.samples for part in whole),
        changed=sum(part.changed for part in whole),
    )
    return [_row(mean, axis=axis, task=ALL, kind=kind, tasks=len(whole)), *rows]


def _part(task: str, kind: Kind, names: Sequence[str], measured: Mapping[str, Measured]) -> Part | None:
    """One task on the samples that all variants among some answered; None where there are fewer than two of either."""
    here = {name: measured[name] for name in names if name in measured}
    common = sorted(set.intersection(*(set(each.ids) for each in here.values()))) if len(here) > 1 else []
    if not common:
        return None
    places = [_places(each.ids, common) for each in here.values()]
    metrics = [some(each.metrics[kind], at) for each, at in zip(here.values(), places, strict=True)]
    answers = [[each.answers[place] for place in at] for each, at in zip(here.values(), places, strict=True)]
    drawn = draws(task, len(common))
    return Part(
        names=list(here),
        metric=metrics[0].name,
        values=np.array([metric.value for metric in metrics]),
        drawn=np.array([metric.combine(drawn @ metric.parts) for metric in metrics]),
        samples=len(common),
        changed=sum(len(set(each)) > 1 for each in zip(*answers, strict=True)),
    )


def _places(ids: Sequence[str], common: Sequence[str]) -> list[int]:
    place = {id_: number for number, id_ in enumerate(ids)}
    return [place[id_] for id_ in common]


def _row(part: Part, **facts: object) -> Spread:
    low, high = percentiles(part.drawn.mean(axis=0))
    said = {
        "metric": part.metric,
        "variants": dict(zip(part.names, part.values.tolist(), strict=True)),
        "mean": float(part.values.mean()),
        "deviation": float(part.values.std(ddof=1)),
        "lowest": float(part.values.min()),
        "highest": float(part.values.max()),
        "low": low,
        "high": high,
        "samples": part.samples,
        "changed": part.changed / part.samples,
    }
    return Spread.model_validate(facts | said)
