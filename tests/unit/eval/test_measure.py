"""What a single sample earns by the main strict metric."""

import pytest

from medinst_eval.definitions import definitions
from medinst_eval.measure import alone, strictly


@pytest.mark.parametrize(
    ("task", "said", "gold", "earned"),
    [
        ("AnEM", "none", "none", 1.0),
        ("AnEM", "I cannot say.", "none", 0.0),
        ("AnEM", "[liver <organ>]", "none", 0.0),
        ("AnEM", "none", "[liver <organ>]", 0.0),
        ("AnEM", "[liver <organ>]", "[liver <organ>]", 1.0),
        ("BC5CDR-RE", "none", "none", 1.0),
        ("NCBI-disease", "A [O] man [O]", "A [O] man [O]", 1.0),
        ("NCBI-disease", "no idea", "A [O] man [O]", 0.0),
        ("Hallmarks-of-Cancer", "none", "none", 1.0),
        ("SciFact", "contradict", "support", 0.0),
        ("BIOSSES", "3", "3", 0.0),
        ("BIOSSES", "1", "3", 4.0),
    ],
)
def test_a_single_sample(task: str, said: str, gold: str, earned: float) -> None:
    assert alone(strictly(definitions()[task], [said], [gold])) == pytest.approx(earned)
