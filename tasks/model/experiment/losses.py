"""The loss of gold answers of an experiment's systems: how far they have moved before they give a right answer."""

from collections.abc import Sequence
from statistics import mean
from typing import NamedTuple

from schemas.experiment import RowResult
from tasks.model.experiment.measure import Measured, Tests, deviation, groups, systems
from tasks.model.experiment.plan import Plan


class AnswerLoss(NamedTuple):
    """The loss of gold answers of a system over a group of tests, in nats a token.

    Attributes:
        tests: how many there are.
        value: mean over tests and seeds.
        seeds: the change of each seed from the first system, negative where answers became likelier.
        deviation: standard deviation of these; None for fewer than two.
    """

    system: str
    group: Tests
    tests: int
    value: float
    seeds: tuple[float, ...]
    deviation: float | None


def answer_losses(plan: Plan, rows: Sequence[Measured]) -> list[AnswerLoss]:
    """The loss of gold answers of all systems that have a row, in their order."""
    return [
        _answer_loss(base, mine, group, tests)
        for base, mine in systems(plan, rows)
        for group, tests in groups(rows, mine, _with_loss(base, mine)).items()
    ]


def mean_loss(result: RowResult) -> float | None:
    """The mean loss of gold answers over the tests of which a question fits into the model's context; None if none."""
    known = [test for test, loss in result.answer_loss.items() if loss is not None]
    return _mean(result, known) if known else None


def _mean(result: RowResult, tests: Sequence[str]) -> float:
    return mean(loss for test in tests if (loss := result.answer_loss[test]) is not None)


def _with_loss(base: Measured, mine: Sequence[Measured]) -> list[str]:
    """The tests whose gold answers have a loss in all rows."""
    return [
        test
        for test in base.result.answer_loss
        if all(each.result.answer_loss.get(test) is not None for each in (base, *mine))
    ]


def _answer_loss(base: Measured, mine: Sequence[Measured], group: Tests, tests: Sequence[str]) -> AnswerLoss:
    before = _mean(base.result, tests)
    found = [_mean(each.result, tests) for each in mine]
    changes = tuple(loss - before for loss in found)
    return AnswerLoss(mine[0].row.system, group, len(tests), mean(found), changes, deviation(changes))
