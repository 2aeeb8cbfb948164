"""Attacks on the rewards, on the miniatures: none pays, and right answers earn nothing where they are buried."""

from statistics import mean

import pytest

from medinst_eval import reward
from medinst_eval.rewards.attacked import attack
from medinst_eval.rewards.attacks import ATTACKS, Sample
from medinst_eval.rewards.kinds import KINDS
from tests.support.golden import golden

BOUND, BOUNDS = 0.25, {"list": 0.4}
"""What attacks stay below, by kind: a quarter of what right answers earn. One sample a task is too few for an honest
baseline; and of seven labels two are right."""
LARGE = 3
"""Samples that a megabyte is tried on."""


def of_kind(kind: str) -> list[Sample]:
    return [sample for sample in golden().values() if sample.verifier.kind == kind]


def earned(kind: str, name: str) -> float:
    samples = of_kind(kind)[: LARGE if name.startswith("megabyte") else None]
    return mean(
        reward(ATTACKS[name](sample), {"ground_truth": sample.output, "verifier": sample.verifier._asdict()})
        for sample in samples
    )


@pytest.mark.heavy
@pytest.mark.parametrize("kind", KINDS)
def test_no_attack_pays(kind: str) -> None:
    assert of_kind(kind)
    paid = {name: round(earned(kind, name), 3) for name in ATTACKS}
    assert {name: share for name, share in paid.items() if share >= BOUNDS.get(kind, BOUND)} == {}


@pytest.mark.heavy
def test_right_answers_earn_nothing_where_they_are_buried() -> None:
    buried = [name for name in ATTACKS if name.startswith(("right", "thought", "megabyte"))]
    assert len(buried) >= 10
    shares = {(kind, name): earned(kind, name) for kind in KINDS for name in buried}
    assert {each: round(share, 3) for each, share in shares.items() if share > 0.05} == {}


def test_attacks_that_pay_are_seen() -> None:
    """The measurement itself: where honest answers know nothing and an attack is right, the attack wins."""
    sample = Sample("Say none.", "x", "none", golden()["AnEM"].verifier)
    other = sample._replace(output="[x <cell>]")
    found = attack("T", [sample] * 10, [other] * 10)
    assert found.best == ("none", 1.0)
    assert found.baseline[1] < 1
    assert not found.stands
    assert attack("T", [sample] * 10, [sample] * 10).baseline == ("most frequent answer", 1.0)
