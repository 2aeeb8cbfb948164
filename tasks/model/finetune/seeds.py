"""Models that differ in their seed alone: what each gained, and how far the seed moves that."""

import statistics
from pathlib import Path

from pydantic import ValidationError

from schemas.trained import Comparison, OverSeeds, Trained
from tasks.model.finetune.plan import COMPARISON, TRAINED, Plan

ALL = "all"
"""Instead of a test: the mean over the tests of a tier."""


def with_seeds(plan: Plan, comparison: Comparison) -> Comparison:
    """Add what the same recipe gained with other seeds, as far as those models are beside this one."""
    of = {plan.recipe.seed: comparison}
    for path in sorted(plan.folder.parent.glob(f"*/{COMPARISON}")):
        found = _sibling(path, plan, comparison)
        if found:
            of.setdefault(*found)
    return comparison.model_copy(update={"seeds": tuple(_over(dict(sorted(of.items())))) if len(of) > 1 else ()})


def _sibling(path: Path, plan: Plan, comparison: Comparison) -> tuple[int, Comparison] | None:
    """Seed and comparison of a model that was trained and evaluated in the same way; None if it was not."""
    try:
        trained = Trained.model_validate_json((path.parent / TRAINED).read_bytes())
        found = Comparison.model_validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):  # not finished, or by another version of the program
        return None
    same = (trained.family, found.benchmark, found.exam) == (plan.family, comparison.benchmark, comparison.exam)
    return (trained.recipe.seed, found) if same else None


def _over(of: dict[int, Comparison]) -> list[OverSeeds]:
    """Means and deviations of whatever all have, tiers first."""
    rows = {seed: _gains(comparison) for seed, comparison in of.items()}
    keys = [key for key in next(iter(rows.values())) if all(key in row for row in rows.values())]
    made = []
    for task, tier, kind, metric in keys:
        gains = {seed: row[task, tier, kind, metric] for seed, row in rows.items()}
        mean, deviation = statistics.fmean(gains.values()), statistics.stdev(gains.values())
        made.append(
            OverSeeds(task=task, tier=tier, kind=kind, metric=metric, gains=gains, mean=mean, deviation=deviation)
        )
    return made


def _gains(comparison: Comparison) -> dict[tuple, float]:
    tiers = {(ALL, each.tier, each.kind, f"mean of {each.tests}"): each.gain for each in comparison.tiers}
    return tiers | {(each.task, each.tier, each.kind, each.metric): each.gain for each in comparison.gains if each.main}
