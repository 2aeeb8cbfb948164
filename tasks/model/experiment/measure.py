"""From the answers of an experiment's rows to its figures, with samples and seeds told apart.

The interval over samples is that of a paired bootstrap: all rows answered the same samples, so each resample draws the
same ones for all of them. The spread over seeds is the standard deviation of the means of the trainings.
"""

from collections.abc import Iterator, Mapping, Sequence
from statistics import mean, stdev
from typing import Literal, NamedTuple

from medinst_eval.measure import KINDS, Kind
from medinst_eval.metrics.statistics import Metric, mean_difference
from schemas.experiment import RowResult
from tasks.base.predictions.files import load
from tasks.model.experiment.plan import Plan, Row
from tasks.model.score.declared import definition
from tasks.model.score.main import draws, main_metrics
from tasks.model.score.scales import FULL

Tests = Literal["all", "unseen", "seen", "unseen by all"]
"""Tests of a system. A test is seen if samples of its task were drawn for one of the system's trainings, with whichever
seed. Tests that are unseen by all are the same for all systems, so that these can be compared."""


class Measured(NamedTuple):
    """One row: its main metric of each test in each set, and what is known of its training."""

    row: Row
    result: RowResult
    metrics: Mapping[str, Mapping[Kind, Metric]]


class Gain(NamedTuple):
    """How much better one system is than another, in the mean over tests.

    Attributes:
        value: mean over seeds, with its 95 % interval over samples.
        seeds: the gain of each seed.
        deviation: standard deviation of these; None for fewer than two.
    """

    value: float
    low: float
    high: float
    seeds: tuple[float, ...]
    deviation: float | None


class Figure(NamedTuple):
    """The mean of a system over a group of tests in one set.

    Attributes:
        tests: how many there are.
        value: mean over tests and seeds.
        gain: over the first system.
    """

    system: str
    group: Tests
    kind: Kind
    tests: int
    value: float
    gain: Gain


class Comparison(NamedTuple):
    """One system beside another in one set, on the tests that neither has seen.

    Attributes:
        tests: how many there are.
        gain: of the system over the other one; of trainings that have the same seed.
    """

    system: str
    other: str
    kind: Kind
    tests: int
    gain: Gain


def measured(plan: Plan) -> list[Measured]:
    """Score the rows that are done."""
    return [Measured(row, result, _metrics(plan, result)) for row, result in plan.results()]


def _metrics(plan: Plan, result: RowResult) -> dict[str, Mapping[Kind, Metric]]:
    answered = load(plan.folder / result.evaluation).tasks
    return {task: main_metrics(definition(task), each) for task, each in answered.items()}


def figures(plan: Plan, rows: Sequence[Measured]) -> list[Figure]:
    """The figures of all systems that have a row, in their order; only whole trainings count."""
    return [
        _figure(base, mine, group, kind, tests)
        for base, mine in systems(plan, rows)
        for group, every in groups(rows, mine, _answered(base, mine)).items()
        for kind in KINDS
        if (tests := [test for test in every if base.metrics[test][kind].name not in FULL])
    ]


def comparisons(plan: Plan, rows: Sequence[Measured]) -> list[Comparison]:
    """The systems that the experiment compares with each other, as far as they have rows."""
    found = dict(_found(plan, rows))
    return [
        Comparison(one, other, kind, len(tests), _gain(pairs, kind, tests))
        for one, other in plan.experiment.compare
        if (pairs := [*_alike(found.get(one, []), found.get(other, []))])
        for kind in KINDS
        if (tests := _new(pairs, kind))
    ]


def _alike(mine: Sequence[Measured], others: Sequence[Measured]) -> Iterator[tuple[Measured, Measured]]:
    """The rows of two systems that are compared: of the same seed, where both have one."""
    for one in mine:
        for other in others:
            if one.row.seed == other.row.seed or None in (one.row.seed, other.row.seed):
                yield one, other


def _new(pairs: Sequence[tuple[Measured, Measured]], kind: Kind) -> list[str]:
    """The tests that all rows answered and none has seen, and whose metric ranges from 0 to 1."""
    rows = [row for pair in pairs for row in pair]
    taught = {test for row in rows for test in row.result.seen}
    return [
        test
        for test, metrics in rows[0].metrics.items()
        if test not in taught and metrics[kind].name not in FULL and all(test in row.metrics for row in rows)
    ]


def systems(plan: Plan, rows: Sequence[Measured]) -> Iterator[tuple[Measured, list[Measured]]]:
    """The first system, and the whole trainings of each that has any."""
    base = next((each for each in rows if each.row == Row(plan.experiment.base)), None)
    if base:
        yield from ((base, mine) for _, mine in _found(plan, rows))


def _found(plan: Plan, rows: Sequence[Measured]) -> Iterator[tuple[str, list[Measured]]]:
    """The systems that have rows, with those of whole trainings."""
    for system in plan.experiment.systems:
        if mine := [each for each in rows if each.row.system == system and each.row.share == 1]:
            yield system, mine


def _answered(base: Measured, mine: Sequence[Measured]) -> list[str]:
    """The tests that all rows answered."""
    return [test for test in base.metrics if all(test in each.metrics for each in mine)]


def groups(rows: Sequence[Measured], mine: Sequence[Measured], tests: Sequence[str]) -> dict[Tests, list[str]]:
    """Groups of a system's tests, none of them empty and no two with the same tests."""
    taught, by_any = ({test for each in some for test in each.result.seen} for some in (mine, rows))
    named: dict[Tests, list[str]] = {"all": [*tests]}
    if mine[0].row.seed is not None:
        named |= {
            "unseen": [test for test in tests if test not in taught],
            "seen": [test for test in tests if test in taught],
        }
    named["unseen by all"] = [test for test in tests if test not in by_any]
    # of two with the same tests the latter
    last: dict[tuple[str, ...], Tests] = {tuple(found): group for group, found in named.items() if found}
    return {group: [*found] for found, group in last.items()}


def _figure(base: Measured, mine: Sequence[Measured], group: Tests, kind: Kind, tests: Sequence[str]) -> Figure:
    value = mean(each.metrics[test][kind].value for each in mine for test in tests)
    gain = _gain([(each, base) for each in mine], kind, tests)
    return Figure(mine[0].row.system, group, kind, len(tests), value, gain)


def _gain(pairs: Sequence[tuple[Measured, Measured]], kind: Kind, tests: Sequence[str]) -> Gain:
    """The gain of the first of each pair over the second."""
    seeds = tuple(
        mean(one.metrics[test][kind].value - other.metrics[test][kind].value for test in tests) for one, other in pairs
    )
    drawn = {test: draws(test, len(pairs[0][0].metrics[test][kind].parts)) for test in tests}
    paired = [
        (one.metrics[test][kind], other.metrics[test][kind], drawn[test]) for one, other in pairs for test in tests
    ]
    return Gain(*mean_difference(paired), seeds, deviation(seeds))


def deviation(values: Sequence[float]) -> float | None:
    """The standard deviation of the values of several seeds; None for fewer than two."""
    return stdev(values) if len(values) > 1 else None
