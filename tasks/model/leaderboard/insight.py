"""What is known of an evaluation beyond its scores: those of parts of the tests, and how much its variants differ."""

from collections.abc import Sequence
from pathlib import Path

from schemas.errors import EvaluationError
from schemas.evaluation import Spread, StratumScore
from tasks.base.predictions.files import Predictions, load
from tasks.base.predictions.record import SPREADS, STRATA, family_of, keep
from tasks.base.store.root import Root
from tasks.base.versions.find import benchmarks
from tasks.model.benchmark.facts import FACTS, facts
from tasks.model.benchmark.place import find
from tasks.model.score import strata
from tasks.model.score.spread import spread


def keep_insight(folders: Sequence[Path], root: Root) -> None:
    """Work it out for the variants of an evaluation, and keep it beside their scores.

    Args:
        folders: of these variants, scored.
        root: where their benchmark is.
    """
    for folder in folders:
        keep(folder, STRATA, parts(load(folder), root))
    if family := family_of(folders[0]):
        keep(family[0], SPREADS, variants(folders[0]))


def variants(folder: Path) -> list[Spread]:
    """How much scores differ between an evaluation and its variants beside it."""
    family = family_of(folder)
    return spread([load(each) for each in family]) if len(family) > 1 else []


def parts(predictions: Predictions, root: Root, names: Sequence[str] | None = None) -> list[StratumScore]:
    """The scores of parts of the tests.

    Args:
        predictions: the answers of a model.
        root: where their benchmark is.
        names: of the strata; None for all, and nothing where the benchmark knows none.

    Raises:
        EvaluationError: there is nothing to tell samples apart by.
    """
    found = benchmarks(root).find(predictions.benchmark) if predictions.benchmark else None
    if names is None and (found is None or FACTS not in found.manifest.files):
        return []
    if not predictions.benchmark:
        raise EvaluationError(f"{predictions.name} names no benchmark, so nothing is known of its samples.")
    known = facts(find(root, predictions.benchmark))
    return strata.strata(predictions, known, tuple(strata.STRATA) if names is None else names)
