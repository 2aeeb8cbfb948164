"""The page of the leaderboard."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from schemas.benchmark import HeldOutTest
from schemas.evaluation import AXES, Evaluation, Score, Spread, StratumScore
from schemas.task import CATEGORIES
from tasks.base.pages.template import render
from tasks.base.paper.published import published
from tasks.model.benchmark.tiers import TIERS
from tasks.model.leaderboard.means import Kind, Main, groups, main_scores, ordered, uncounted
from tasks.model.leaderboard.parts import parts, spreads
from tasks.model.score.scales import FULL, LOWER_IS_BETTER

SETS: tuple[Kind, ...] = ("strict", "paper")
"""The sets of metrics, the one to trust first."""


class Entry(NamedTuple):
    """A model and its scores.

    Attributes:
        spread: how much they differ between its variants.
        strata: the scores of parts of the tests.
    """

    evaluation: Evaluation
    scores: Sequence[Score]
    spread: Sequence[Spread] = ()
    strata: Sequence[StratumScore] = ()


class Cell(NamedTuple):
    """One number of the table: its text, and bar and interval in percent of the full width."""

    text: str
    bar: float
    low: float
    high: float
    about: str
    best: bool


def page(benchmark: str, tests: Mapping[str, HeldOutTest], entries: Sequence[Entry]) -> str:
    """Write the page.

    Args:
        benchmark: version of the benchmark.
        tests: its test sets, as its manifest describes them.
        entries: the models.
    """
    main = {kind: [main_scores(entry.scores, kind) for entry in entries] for kind in SETS}
    return render(
        __file__,
        "leaderboard.html.j2",
        benchmark=benchmark,
        models=[_model(entry) for entry in entries],
        sets=[_set(kind, tests, models) | {"spreads": spreads(kind, entries)} for kind, models in main.items()],
        strata=parts([entry.strata for entry in entries]),
        shared={task: test for task, test in tests.items() if test.texts},
        tiers=TIERS,
        published=published(),
        original=all(entry.evaluation.original for entry in entries),
    )


def _set(kind: str, tests: Mapping[str, HeldOutTest], models: Sequence[Main]) -> dict[str, Any]:
    """What the page shows of one set of metrics."""
    tasks = ordered(tests, models)
    return {
        "kind": kind,
        "tasks": len(tasks),
        "absent": [task for task in tests if task not in tasks],
        "uncounted": uncounted(models),
        "groups": groups(tests, models),
        "rows": [_row(task, tests, models) for task in tasks],
    }


def _model(entry: Entry) -> dict[str, Any]:
    asking = entry.evaluation.asking
    facts = [f"temperature {asking.temperature:g}", "two examples" if asking.shots else "no examples"]
    if asking.backend == "baseline":
        facts = ["trained on each test's own training split"]
    facts += [AXES[axis].words.format(value) for axis, value in asking.varied.items()]
    facts += ["system prompt"] * bool(asking.system)
    asked, answered = sum(entry.evaluation.asked.values()), _answered(entry)
    missing = "" if answered >= asked else f"{answered:,} of {asked:,} samples answered"
    return {"name": entry.evaluation.name, "facts": ", ".join(facts), "missing": missing}


def _answered(entry: Entry) -> int:
    return sum(score.samples for score in entry.scores if score.kind == "strict" and score.main)


def _row(task: str, tests: Mapping[str, HeldOutTest], models: Sequence[Main]) -> dict[str, Any]:
    there = [model[task] for model in models if task in model]
    pick = min if there[0].metric == LOWER_IS_BETTER else max
    best = pick(score.value for score in there)
    return {
        "task": task,
        "category": CATEGORIES.get(there[0].category, ""),
        "metric": there[0].metric,
        "tier": tests[task].tier.name if task in tests else "",
        "samples": max(score.samples for score in there),
        "cells": [_cell(model[task], best, len(there)) if task in model else None for model in models],
    }


def _cell(score: Score, best: float, models: int) -> Cell:
    full = FULL.get(score.metric, 1.0)
    about = (
        f"{score.value:.4f}, 95 % interval {score.low:.4f} to {score.high:.4f}, {score.samples:,} samples, "
        f"{score.unread:.1%} not readable"
    )
    bar, low, high = (
        round(100 * min(max(value / full, 0.0), 1.0), 2) for value in (score.value, score.low, score.high)
    )
    digits = 1 if full == 100 else 3
    return Cell(f"{score.value:.{digits}f}", bar, low, high, about, models > 1 and score.value == best)
