"""Before training against after, on the samples that both were asked: what was gained, test by test and by tier."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import get_args

from medinst_eval.measure import KINDS
from medinst_eval.metrics.statistics import mean_difference
from schemas.trained import Comparison, Gain, Tier, TierGain, Trained
from tasks.base.pages.template import render
from tasks.base.predictions.files import load
from tasks.model.finetune.plan import COMPARISON, Plan
from tasks.model.score.scales import FULL, LOWER_IS_BETTER
from tasks.model.score.scoring import Pair, pairs

PAGE = "comparison.md"
_ORDER = get_args(Tier)
_IS: Mapping[Tier, str] = {"seen": "in", "unseen": "not in"}


def compare(plan: Plan, trained: Trained, before: Path, after: Path) -> Comparison:
    """Compare two evaluations of the plan's benchmark.

    Args:
        plan: has a benchmark.
        trained: which tasks the model was trained on, now and before.
        before: folder of the untrained model's answers.
        after: of the trained one's.
    """
    assert plan.benchmark is not None
    assert plan.recipe.evaluation is not None
    tests = plan.benchmark.manifest.tasks
    tiers: dict[str, Tier] = {test: "seen" if test in trained.licences else "unseen" for test in tests}
    found = sorted(pairs(load(after), load(before)), key=lambda pair: (-_ORDER.index(tiers[pair.task]), pair.task))
    means = _tiers(found, tiers)
    return Comparison(
        benchmark=plan.benchmark.version,
        original=plan.benchmark.manifest.original,
        exam=plan.recipe.evaluation,
        before="/".join(before.parts[-2:]),
        after="/".join(after.parts[-2:]),
        tiers=tuple(means),
        notes=tuple(_notes(found, tiers, means)),
        gains=tuple(_gain(pair, tiers[pair.task], tests[pair.task].tier.name) for pair in found),
    )


def _gain(pair: Pair, tier: Tier, distance: str) -> Gain:
    gain, low, high = mean_difference([(pair.first, pair.second, pair.drawn)])
    if pair.first.name == LOWER_IS_BETTER:
        gain, low, high = 0.0 - gain, 0.0 - high, 0.0 - low
    return Gain(
        task=pair.task,
        tier=tier,
        distance=distance,
        kind=pair.kind,
        metric=pair.first.name,
        main=pair.main,
        samples=len(pair.first.parts),
        before=pair.second.value,
        after=pair.first.value,
        gain=gain,
        low=low,
        high=high,
    )


def _tiers(found: list[Pair], tiers: Mapping[str, Tier]) -> list[TierGain]:
    """Means over the tests of each tier; metrics on other scales have no place in them."""
    return [
        _tier(tier, kind, chosen)
        for tier in _ORDER
        for kind in KINDS
        if (
            chosen := [
                pair
                for pair in found
                if pair.main and pair.kind == kind and tiers[pair.task] == tier and pair.first.name not in FULL
            ]
        )
    ]


def _notes(found: list[Pair], tiers: Mapping[str, Tier], means: list[TierGain]) -> Iterator[str]:
    """Why a tier has no mean."""
    for tier in _ORDER:
        if not any(mean.tier == tier for mean in means):
            tests = dict.fromkeys(pair.task for pair in found if tiers[pair.task] == tier)
            yield f"`{tier}` has no mean: " + (
                f"no metric of {', '.join(tests)} ranges from 0 to 1."
                if tests
                else f"the evaluation has no test whose task is {_IS[tier]} the mixture."
            )


def _tier(tier: Tier, kind: str, chosen: list[Pair]) -> TierGain:
    gain, low, high = mean_difference([(pair.first, pair.second, pair.drawn) for pair in chosen])
    return TierGain(
        tier=tier,
        kind=kind,  # pyright: ignore[reportArgumentType]
        tests=len(chosen),
        before=sum(pair.second.value for pair in chosen) / len(chosen),
        after=sum(pair.first.value for pair in chosen) / len(chosen),
        gain=gain,
        low=low,
        high=high,
    )


def keep(plan: Plan, comparison: Comparison) -> None:
    """Write the comparison beside the model, for programs and for people."""
    plan.output.write_bytes(COMPARISON, comparison.model_dump_json(indent=1).encode() + b"\n")
    text = render(__file__, "comparison.md.j2", name=plan.folder.name, base=plan.base.name, comparison=comparison)
    plan.output.write_bytes(PAGE, text.encode())


def kept(plan: Plan) -> Comparison | None:
    """The comparison beside the model, if it is of this benchmark and of these tests."""
    path = plan.folder / COMPARISON
    if plan.benchmark is None or not path.exists():
        return None
    comparison = Comparison.model_validate_json(path.read_bytes())
    asked = (comparison.benchmark, comparison.exam)
    return comparison if asked == (plan.benchmark.version, plan.recipe.evaluation) else None
