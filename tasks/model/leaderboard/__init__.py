"""The leaderboard: models by tasks, with bars, intervals and tiers; one page that needs no network.

Published results stand apart and are marked as such: they were measured by others, on the published test sets.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from schemas.benchmark import HeldOutTest
from schemas.evaluation import Evaluation, Score
from schemas.task import CATEGORIES, STANDARD
from tasks.base.pages.template import render
from tasks.base.paper.published import published
from tasks.model.benchmark.tiers import TIERS

LOWER_IS_BETTER = "mean squared error"
ONCE = "all tasks without repeats of larger ones"
"""Tests that have mostly samples of a larger test are left out, so that no sample counts twice."""

FULL = {"BLEU": 100.0, "chrF": 100.0, LOWER_IS_BETTER: 25.0}
"""What a full bar stands for, where it is not 1."""


class Entry(NamedTuple):
    """A model and its scores."""

    evaluation: Evaluation
    scores: Sequence[Score]


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
    tasks = sorted({score.task for entry in entries for score in entry.scores})
    order = [task for task in tests if task in tasks] + [task for task in tasks if task not in tests]
    return render(
        __file__,
        "leaderboard.html.j2",
        benchmark=benchmark,
        models=[_model(entry) for entry in entries],
        rows={kind: [_row(task, kind, tests, entries) for task in order] for kind in ("strict", "paper")},
        groups={kind: _groups(kind, tests, entries) for kind in ("strict", "paper")},
        tiers=TIERS,
        published=published(),
        original=all(entry.evaluation.original for entry in entries),
    )


def _model(entry: Entry) -> dict[str, Any]:
    asking = entry.evaluation.asking
    facts = [f"temperature {asking.temperature:g}", "two examples" if asking.shots else "no examples"]
    facts += [f"{asking.wording} wording"] * (asking.wording != STANDARD)
    facts += ["system prompt"] * bool(asking.system)
    asked, answered = sum(entry.evaluation.asked.values()), _answered(entry)
    missing = "" if answered >= asked else f"{answered:,} of {asked:,} samples answered"
    return {"name": entry.evaluation.name, "facts": ", ".join(facts), "missing": missing}


def _answered(entry: Entry) -> int:
    return sum(score.samples for score in entry.scores if score.kind == "strict" and score.main)


def _main(entry: Entry, task: str, kind: str) -> Score | None:
    return next((score for score in entry.scores if (score.task, score.kind, score.main) == (task, kind, True)), None)


def _row(task: str, kind: str, tests: Mapping[str, HeldOutTest], entries: Sequence[Entry]) -> dict[str, Any]:
    scores = [_main(entry, task, kind) for entry in entries]
    there = [score for score in scores if score is not None]
    metric = there[0].metric if there else ""
    pick = min if metric == LOWER_IS_BETTER else max
    best = pick((score.value for score in there), default=0.0)
    return {
        "task": task,
        "category": CATEGORIES[there[0].category] if there and there[0].category in CATEGORIES else "",
        "metric": metric,
        "tier": tests[task].tier.name if task in tests else "",
        "samples": max((score.samples for score in there), default=0),
        "cells": [_cell(score, best, len(there)) if score else None for score in scores],
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


def _groups(kind: str, tests: Mapping[str, HeldOutTest], entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Means over the tasks of each category and tier, of metrics where 1 is best."""
    groups: list[dict[str, Any]] = []
    tasks = sorted({score.task for entry in entries for score in entry.scores})
    categories = {task: CATEGORIES[tests[task].category] for task in tasks if task in tests}
    tiers = {task: f"tier {tests[task].tier.name}" for task in tasks if task in tests}
    once = {task: ONCE for task in tasks if task not in tests or tests[task].repeats is None}
    every = ("all tasks", *[ONCE] * (len(once) < len(tasks)))
    for name in (*every, *sorted(set(categories.values())), *sorted(set(tiers.values()))):
        chosen = [
            task for task in tasks if name in ("all tasks", once.get(task), categories.get(task), tiers.get(task))
        ]
        means = [_mean(entry, chosen, kind) for entry in entries]
        if any(mean is not None for mean in means):
            groups.append({"name": name, "tasks": len(chosen), "means": means})
    return groups


def _mean(entry: Entry, tasks: Sequence[str], kind: str) -> float | None:
    found = [_main(entry, task, kind) for task in tasks]
    values = [score.value for score in found if score is not None and score.metric not in FULL]
    return sum(values) / len(values) if values else None
