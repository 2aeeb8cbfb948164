"""What the page shows of variants and of parts of the tests."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from schemas.evaluation import ALL, AXES, Evaluation, Spread, StratumScore
from tasks.model.score.scales import FULL
from tasks.model.score.strata import STRATA


class Varied(Protocol):
    """A model with the spread over its variants."""

    @property
    def evaluation(self) -> Evaluation:
        """The model."""
        ...

    @property
    def spread(self) -> Sequence[Spread]:
        """How much its scores differ between its variants."""
        ...


class Strip(NamedTuple):
    """The values of variants on a line, and the interval over samples, in percent of the full width."""

    dots: dict[str, float]
    low: float
    high: float


class SpreadRow(NamedTuple):
    """One line of the table: its words and its strip."""

    what: str
    spread: Spread
    strip: Strip


class SpreadTable(NamedTuple):
    """The variants of a model on one axis: the mean over tasks, if there is one, and the tasks."""

    model: str
    axis: str
    mean: SpreadRow | None
    tasks: list[SpreadRow]


def spreads(kind: str, entries: Sequence[Varied]) -> list[SpreadTable]:
    """The spread over the variants of each model, by what they differ in."""
    found: list[SpreadTable] = []
    for entry in entries:
        rows = [each for each in entry.spread if each.kind == kind]
        for axis in dict.fromkeys(each.axis for each in rows):
            words = AXES[axis].what if axis in AXES else "all of these together"
            lines = [_row(each) for each in rows if each.axis == axis]
            mean = next((each for each in lines if each.spread.task == ALL), None)
            found.append(SpreadTable(entry.evaluation.name, words, mean, [each for each in lines if each is not mean]))
    return found


def _row(spread: Spread) -> SpreadRow:
    full = FULL.get(spread.metric, 1.0)
    dots = {f"{name}: {value:.4f}": _percent(value, full) for name, value in spread.variants.items()}
    what = f"mean of {spread.tasks} tasks" if spread.task == ALL else spread.task
    return SpreadRow(what, spread, Strip(dots, _percent(spread.low, full), _percent(spread.high, full)))


def _percent(value: float, full: float) -> float:
    return round(100 * min(max(value / full, 0.0), 1.0), 2)


class PartRow(NamedTuple):
    """A part of one task, or of all, with the score of each model."""

    task: str
    group: str
    metric: str
    scores: list[StratumScore | None]


class PartTable(NamedTuple):
    """A stratum: the means over tasks, and the tasks."""

    name: str
    what: str
    means: list[PartRow]
    tasks: list[PartRow]


def parts(models: Sequence[Sequence[StratumScore]]) -> list[PartTable]:
    """The scores of parts of the tests, by stratum; those of no model are left out."""
    return [
        PartTable(name, stratum.what, _parts(name, models, means=True), _parts(name, models, means=False))
        for name, stratum in STRATA.items()
        if any(each.stratum == name for model in models for each in model)
    ]


def _parts(name: str, models: Sequence[Sequence[StratumScore]], means: bool) -> list[PartRow]:
    of: list[Mapping[tuple[str, str], StratumScore]] = [
        {(each.task, each.group): each for each in model if each.stratum == name and (each.task == ALL) == means}
        for model in models
    ]
    there = {key: score for model in of for key, score in model.items()}
    return [PartRow(*key, score.metric, [model.get(key) for model in of]) for key, score in there.items()]
