"""Attacks on the rewards, on real files where those lie beside the checkout: each stays below the honest baseline."""

import pytest

from medinst_eval.rewards.attacked import Attacked
from tests.support.attacked import attacked
from tests.support.gathering import gather
from tests.support.places import CHECKOUT

MIRROR = CHECKOUT.parent / "shared" / "corpora"
pytestmark = pytest.mark.skipif(not MIRROR.is_dir(), reason=f"no real files at ../{MIRROR.parent.name}/{MIRROR.name}")

TASKS = {
    "MLEE": "entities",
    "MLEE-RE": "relations",
    "MLEE-EE": "events",
    "MLEE-COREF": "mentions",
    "tmVar-v3-NED": "concepts",
    "NCBI-disease": "tags",
    "BIOSSES": "score",
    "SciFact": "label",
    "MeQSum": "text",
}
SOURCES = ("biosses", "meqsum", "mlee", "ncbi_disease", "scifact", "tmvar_v3")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Attacked]:
    state = gather(tmp_path_factory.mktemp("attacked"), MIRROR, SOURCES)
    return {each.task: each for each in attacked(state, asked=20, trained=200, only=list(TASKS))}


@pytest.mark.slow  # builds six sources
@pytest.mark.timeout(600)
@pytest.mark.parametrize("task", TASKS)
def test_every_attack_stays_below_the_honest_baseline(task: str, found: dict[str, Attacked]) -> None:
    here = found[task]
    assert here.kind == TASKS[task]
    assert here.samples >= 10
    (way, honest), (attack, earned) = here.baseline, here.best
    assert earned < honest, f"{attack} earns {earned:.3f}, and {way} {honest:.3f}. Change the reward, not this test."
