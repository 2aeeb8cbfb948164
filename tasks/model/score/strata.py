"""Strata: scores of parts of a test, such as items that training has seen and items that it has not.

`STRATA` declares them; a new one is a line there and, if it needs it, a column of `tasks/model/benchmark/facts.py`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from medinst_eval.definitions import Definition
from medinst_eval.metrics.statistics import Draws, Floats, Metric, micro_f1, percentiles
from schemas.benchmark import TRAINING
from schemas.errors import EvaluationError, did_you_mean
from schemas.evaluation import ALL, StratumScore
from tasks.base.predictions.files import Answered, Predictions
from tasks.model.score.declared import definition
from tasks.model.score.facts import Facts
from tasks.model.score.items import itemised, items, keys
from tasks.model.score.main import draws, main_metrics, some
from tasks.model.score.scales import FULL

QUARTERS = ("shortest quarter", "second quarter", "third quarter", "longest quarter")
SEEN, UNSEEN = "seen", "not seen"


class Part(NamedTuple):
    """A part of a test.

    Attributes:
        metric: its main strict metric.
        drawn: how often each of its samples is drawn in each resample.
        samples: that it has.
        items: gold items, where the parts are of items.
    """

    metric: Metric
    drawn: Draws
    samples: int
    items: int | None = None


class Scored(NamedTuple):
    """A test with its answers and their main strict metric."""

    task: Definition
    answered: Answered
    metric: Metric


class BySample(NamedTuple):
    """Divides samples by an expression over what is known of all samples of their test; null: it says nothing.

    Attributes:
        what: in words.
        group: the part of each sample.
        groups: the parts in their order; none: sorted.
        between: whether it divides the tests themselves, each of which lies in one part.
    """

    name: str
    what: str
    group: pl.Expr
    groups: tuple[str, ...] = ()
    between: bool = False

    def parts(self, test: Scored, facts: Facts) -> Iterator[tuple[str, Part]]:
        """The parts of a test that have samples, in their order."""
        rows = facts.samples.get(test.task.task)
        if rows is None:
            return
        of = dict(rows.select("id", self.group.cast(pl.String).alias("group")).drop_nulls().iter_rows())
        there: dict[str, list[int]] = {}
        for place, id_ in enumerate(test.answered.ids):
            if id_ in of:
                there.setdefault(of[id_], []).append(place)
        for group in sorted(there, key=lambda group: _place(self.groups, group)):
            places = there[group]
            yield group, Part(some(test.metric, places), draws(test.task.task, len(places)), len(places))


class BySeen(NamedTuple):
    """Divides the items of answers, predicted and gold ones, by whether training samples hold them.

    Attributes:
        scope: whose training samples; None: those of the test's own task.
    """

    name: str
    what: str
    scope: str | None
    groups: tuple[str, ...] = (SEEN, UNSEEN)
    between: bool = False

    def parts(self, test: Scored, facts: Facts) -> Iterator[tuple[str, Part]]:
        """The parts of a test that have gold items, seen ones first."""
        task, answered = test.task, test.answered
        vocabulary = facts.seen.get(self.scope or task.task)
        if vocabulary is None or itemised(task) is None:
            return
        found, wanted = items(task, answered.predictions, answered.targets)
        every = list(dict.fromkeys(item for side in (found, wanted) for each in side for item in each))
        is_seen = dict(zip(every, keys(task, every).is_in(vocabulary.implode()).to_list(), strict=True))
        drawn = draws(task.task, len(answered.ids))
        for group in self.groups:
            given, right = (
                [[item for item in each if is_seen[item] == (group == SEEN)] for each in side]
                for side in (found, wanted)
            )
            if any(right):
                metric = micro_f1("micro F1", [_counts(*pair) for pair in zip(given, right, strict=True)])
                yield group, Part(metric, drawn, sum(map(bool, right)), sum(map(len, right)))


def _counts(found: Sequence[object], wanted: Sequence[object]) -> tuple[float, float, float]:
    return (Counter(found) & Counter(wanted)).total(), len(found), len(wanted)


_RANK = pl.struct("length", "id").rank("ordinal")
_NUMBERS = {"1": 1, "2 to 4": 4, "5 to 9": 9, "10 or more": 2**31}
"""Numbers of gold items, each with the largest that it stands for."""

Stratum = BySample | BySeen

STRATA: Mapping[str, Stratum] = {
    each.name: each
    for each in (
        BySeen("seen", "whether a training sample of the same task has the mention, concept, relation or event", None),
        BySeen("seen-in-training", f"whether any sample of {TRAINING} has it, in whatever task", TRAINING),
        BySample(
            "length",
            "quarter of the test by the characters of the input",
            ((_RANK - 1) * 4 // pl.len()).replace_strict(dict(enumerate(QUARTERS)), return_dtype=pl.String),
            QUARTERS,
        ),
        BySample(
            "nested",
            "whether a mention that is asked for lies in another or overlaps with it",
            pl.when("nested").then(pl.lit("nested")).when(~pl.col("nested")).then(pl.lit("flat")),
            ("flat", "nested"),
        ),
        BySample(
            "items",
            "number of gold items; samples without any are left out",
            pl.coalesce(
                pl.when(pl.col("items").is_between(1, most)).then(pl.lit(name)) for name, most in _NUMBERS.items()
            ),
            tuple(_NUMBERS),
        ),
        BySample("year", "year of the source's paper", pl.col("year"), between=True),
    )
}


def strata(predictions: Predictions, facts: Facts, names: Sequence[str] = tuple(STRATA)) -> list[StratumScore]:
    """The main strict scores of the parts of tests.

    Args:
        predictions: the answers of a model.
        facts: what the benchmark knows of its samples.
        names: of the strata.

    Returns:
        for each stratum the means over tasks of each of its parts, then the parts of each task. A mean counts tasks
        whose metric has 1 as its best value and that have several of the parts, unless each test lies in one part.
    """
    divided: dict[str, list[Row]] = {name: [] for name in names}
    for task, answered in predictions.tasks.items():
        if answered.ids:
            known = definition(task)
            test = Scored(known, answered, main_metrics(known, answered)["strict"])
            for name, rows in divided.items():
                rows.extend(_divided(name, test, facts))
    return [row for name, rows in divided.items() for row in _rows(name, rows)]


def chosen_strata(names: Sequence[str]) -> list[str]:
    """Strata by name; `all` stands for all of them.

    Raises:
        EvaluationError: one is not declared.
    """
    for name in names:
        if name not in (*STRATA, ALL):
            raise EvaluationError(
                f"There is no stratum `{name}`{did_you_mean(name, STRATA)}. Strata: {', '.join(STRATA)}; or all."
            )
    return list(STRATA) if ALL in names else list(dict.fromkeys(names))


Row = tuple[StratumScore, Floats]
"""The score of a part of a task, and its values in the resamples."""


def _divided(name: str, test: Scored, facts: Facts) -> Iterator[Row]:
    for group, part in STRATA[name].parts(test, facts):
        values = part.metric.combine(part.drawn @ part.metric.parts)
        said = {"metric": part.metric.name, "value": part.metric.value, "samples": part.samples, "items": part.items}
        yield _score(values, stratum=name, group=group, task=test.task.task, **said), values


def _rows(name: str, found: Sequence[Row]) -> list[StratumScore]:
    parts = Counter(row.task for row, _ in found)
    counted = [
        each for each in found if each[0].metric not in FULL and (STRATA[name].between or parts[each[0].task] > 1)
    ]
    means: list[StratumScore] = []
    for group in dict.fromkeys(
        row.group for row, _ in sorted(found, key=lambda each: _place(STRATA[name].groups, each[0].group))
    ):
        rows = [each for each in counted if each[0].group == group]
        if len(rows) > 1:
            items_ = [row.items for row, _ in rows if row.items is not None]
            means.append(
                _score(
                    np.mean([values for _, values in rows], axis=0), stratum=name, group=group, task=ALL, metric="mean",
                    value=float(np.mean([row.value for row, _ in rows])), samples=sum(row.samples for row, _ in rows),
                    items=sum(items_) if items_ else None, tasks=len(rows),
                )
            )  # fmt: skip
    return [*means, *(row for row, _ in found)]


def _place(groups: Sequence[str], group: str) -> tuple[int, str]:
    """Where a part stands among those of its stratum."""
    return (groups.index(group) if group in groups else len(groups), group)


def _score(values: Floats, **facts: object) -> StratumScore:
    low, high = percentiles(values)
    return StratumScore.model_validate(facts | {"low": low, "high": high})
