"""Metrics as sums over samples: their values, bootstrap intervals, and paired differences of two models."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]

RESAMPLES = 1000
"""Bootstrap resamples behind an interval."""

AT_ONCE = 8_000_000
"""Numbers of resamples times samples that are in memory at once, beside a byte for each."""

HELD = 200_000_000
"""Draws (resamples times samples) that are held; of more, each sum makes them again."""

COVERAGE = 0.95
"""Coverage of an interval."""


@dataclass(frozen=True)
class Metric:
    """One metric on the samples of one task.

    Attributes:
        name: what it is called.
        parts: what each sample adds, shape (samples, quantities).
        combine: from summed quantities, shape (resamples, quantities), to values, shape (resamples,).
    """

    name: str
    parts: Floats
    combine: Callable[[Floats], Floats]

    @property
    def value(self) -> float:
        """The metric on all samples; nan where there are none."""
        return float(self.combine(self.parts.sum(axis=0, keepdims=True))[0]) if len(self.parts) else float("nan")


def mean(name: str, values: Sequence[float]) -> Metric:
    """The mean of one number a sample."""
    column = np.asarray(values, dtype=np.float64).reshape(-1, 1)
    return Metric(name, np.hstack([column, np.ones_like(column)]), lambda sums: ratio(sums[:, 0], sums[:, 1]))


def micro_f1(name: str, counts: Sequence[tuple[float, float, float]]) -> Metric:
    """F1 of all items of all samples together.

    Args:
        name: what the metric is called.
        counts: for each sample the number of common, of predicted and of gold items.
    """
    parts = np.asarray(counts, dtype=np.float64).reshape(-1, 3)
    return Metric(name, parts, lambda sums: ratio(2 * sums[:, 0], sums[:, 1] + sums[:, 2]))


def macro_f1(name: str, gold: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]]) -> Metric:
    """The mean over the labels of the gold answers of their F1, as scikit-learn defines it.

    Args:
        name: what the metric is called.
        gold: for each sample its labels, one or (tags, say) several.
        predicted: for each sample as many.
    """
    labels = {label: number for number, label in enumerate(sorted({label for each in gold for label in each}))}
    parts = np.zeros((len(gold), 3, len(labels)))
    for sample, (right, given) in enumerate(zip(gold, predicted, strict=True)):
        for one, other in zip(right, given, strict=True):
            parts[sample, 2, labels[one]] += 1
            if other in labels:
                parts[sample, 1, labels[other]] += 1
                parts[sample, 0, labels[one]] += one == other
    return Metric(name, parts.reshape(len(gold), -1), _mean_of_labels)


def _mean_of_labels(sums: Floats) -> Floats:
    common, predicted, gold = np.moveaxis(sums.reshape(len(sums), 3, -1), 1, 0)
    there = gold > 0  # a resample may lack a rare label
    return ratio((ratio(2 * common, predicted + gold) * there).sum(axis=1), there.sum(axis=1).astype(np.float64))


def ratio(numerator: Floats, denominator: Floats) -> Floats:
    """Numerator by denominator, 0 where the denominator is."""
    return np.divide(numerator, denominator, out=np.zeros_like(numerator), where=denominator != 0)


class Draws:
    """How often each sample is drawn in each resample: a byte for each, since a sample is drawn once on average.

    The draws of many samples are not held: they are made again, the same ones, for each sum.

    Args:
        samples: how many there are.
        seed: equal seeds give equal draws.
    """

    def __init__(self, samples: int, seed: int) -> None:
        self.samples, self.seed = samples, seed
        self.held = list(self._drawn()) if samples * RESAMPLES <= HELD else None

    def __matmul__(self, parts: Floats) -> Floats:
        """The sums of what the drawn samples add, shape (resamples, quantities).

        Args:
            parts: what each sample adds, shape (samples, quantities).
        """
        drawn = self._drawn() if self.held is None else self.held
        return np.concatenate([block.astype(np.float64) @ parts for block in drawn])

    def _drawn(self) -> Iterator[NDArray[np.uint8]]:
        """The draws of some resamples at once, shape (resamples, samples)."""
        dice, chances = np.random.default_rng(self.seed), np.full(self.samples, 1 / self.samples)
        size = max(1, AT_ONCE // max(self.samples, 1))
        for first in range(0, RESAMPLES, size):
            some = dice.multinomial(self.samples, chances, size=min(size, RESAMPLES - first))
            yield some.astype(np.uint8)


def interval(metric: Metric, drawn: Draws) -> tuple[float, float]:
    """The percentile bootstrap interval of a metric.

    Args:
        metric: the metric.
        drawn: the draws.
    """
    return percentiles(metric.combine(drawn @ metric.parts))


def difference(one: Metric, other: Metric, drawn: Draws) -> tuple[float, float, float]:
    """The first model's lead over the second on the same samples, with its interval (a paired bootstrap)."""
    return mean_difference([(one, other, drawn)])


def mean_difference(pairs: Sequence[tuple[Metric, Metric, Draws]]) -> tuple[float, float, float]:
    """The mean over tasks of the first model's lead over the second, with its interval.

    Args:
        pairs: of each task the metric of the first model, that of the second, and the draws of the task's samples.
    """
    values = [one.value - other.value for one, other, _ in pairs]
    spreads = [one.combine(drawn @ one.parts) - other.combine(drawn @ other.parts) for one, other, drawn in pairs]
    return float(np.mean(values)), *percentiles(np.mean(spreads, axis=0))


def percentiles(values: Floats) -> tuple[float, float]:
    """The ends of the interval that covers `COVERAGE` of the values of resamples."""
    tail = 50 * (1 - COVERAGE)
    low, high = np.percentile(values, [tail, 100 - tail])
    return float(low), float(high)
