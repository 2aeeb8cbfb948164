"""Evaluations of baselines: one for each seed, beside those of other models."""

from collections.abc import Sequence

from schemas.baseline import Kind
from schemas.evaluation import Asking
from tasks.base.store.closure import version
from tasks.base.store.fingerprint import code_of
from tasks.base.store.root import Root
from tasks.model.baseline.choice import Choice
from tasks.model.evaluate.plan import Plan, make_plan

LIBRARIES: dict[Kind, tuple[str, ...]] = {"encoder": ("torch", "numpy"), "linear": ("scikit-learn", "scipy", "numpy")}
"""The libraries on which its numbers depend."""


def plans(kind: Kind, choice: Choice, seeds: Sequence[int], root: Root, out: str | None = None) -> list[Plan]:
    """The evaluations, one for each seed.

    Args:
        kind: of baseline.
        choice: the tests.
        seeds: of the training.
        root: where the benchmark is.
        out: folder or bucket for evaluations; `<root>/evaluations` if none.
    """
    made = {
        "kind": kind,
        "release": choice.build.state.release,
        "code": code_of("tasks.model.baseline.train"),
        "versions": versions(kind),
    }
    asking = Asking(model=f"{kind}-baseline", backend="baseline", shots=False, extra=made)
    variants = [asking.model_copy(update={"training_seed": seed}) for seed in seeds]
    return [make_plan(each, root, list(choice.samples), None, out) for each in variants]


def versions(kind: Kind) -> dict[str, str]:
    """Library -> version."""
    return {name: version(name) for name in LIBRARIES[kind]}
