"""From the answers of an experiment's rows to its figures, with samples and seeds told apart.

The interval over samples is that of a paired bootstrap: all rows answered the same samples, so each resample draws the
same ones for all of them. The spread over seeds is the standard deviation of the means of the trainings.
"""

from collections.abc import Mapping, Sequence
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

Tests = Literal["all", "unseen", "seen"]
GROUPS: tuple[Tests, ...] = ("all", "unseen", "seen")


class Measured(NamedTuple):
    """One row: its main metric of each test in each set, and what is known of its training."""

    row: Row
    result: RowResult
    metrics: Mapping[str, Mapping[Kind, Metric]]


class Figure(NamedTuple):
    """The mean of a system over a group of tests in one set.

    Attributes:
        tests: how many there are.
        value: mean over tests and seeds.
        gain: over the first system, with its 95 % interval over samples.
        seeds: the gain of each seed.
        deviation: standard deviation of these; None for fewer than two.
    """

    system: str
    group: Tests
    kind: Kind
    tests: int
    value: float
    gain: float
    low: float
    high: float
    seeds: tuple[float, ...]
    deviation: float | None


def measured(plan: Plan) -> list[Measured]:
    """Score the rows that are done."""
    return [Measured(row, result, _metrics(plan, result)) for row, result in plan.results()]


def _metrics(plan: Plan, result: RowResult) -> dict[str, Mapping[Kind, Metric]]:
    answered = load(plan.folder / result.evaluation).tasks
    return {task: main_metrics(definition(task), each) for task, each in answered.items()}


def figures(plan: Plan, rows: Sequence[Measured]) -> list[Figure]:
    """The figures of all systems that have a row, in their order; only whole trainings count."""
    base = next((each for each in rows if each.row == Row(next(iter(plan.experiment.systems)))), None)
    if base is None:
        return []
    found: list[Figure] = []
    for system in plan.experiment.systems:
        mine = [each for each in rows if each.row.system == system and each.row.share == 1]
        found += [figure for group in GROUPS for kind in KINDS if (figure := _figure(base, mine, group, kind))]
    return found


def _figure(base: Measured, mine: Sequence[Measured], group: Tests, kind: Kind) -> Figure | None:
    tests = _tests(base, mine, group, kind)
    if not mine or not tests or (group != "all" and mine[0].row.seed is None):
        return None
    gains = tuple(
        mean(each.metrics[test][kind].value - base.metrics[test][kind].value for test in tests) for each in mine
    )
    drawn = {test: draws(test, len(base.metrics[test][kind].parts)) for test in tests}
    pairs = [(each.metrics[test][kind], base.metrics[test][kind], drawn[test]) for each in mine for test in tests]
    value = mean(each.metrics[test][kind].value for each in mine for test in tests)
    deviation = stdev(gains) if len(gains) > 1 else None
    return Figure(mine[0].row.system, group, kind, len(tests), value, *mean_difference(pairs), gains, deviation)


def _tests(base: Measured, mine: Sequence[Measured], group: Tests, kind: Kind) -> list[str]:
    """The tests of a group that all rows answered, and whose metric ranges from 0 to 1."""
    seen = {test for each in mine for test in each.result.seen}
    return [
        test
        for test, metrics in base.metrics.items()
        if metrics[kind].name not in FULL
        and all(test in each.metrics for each in mine)
        and (group == "all" or (test in seen) == (group == "seen"))
    ]
