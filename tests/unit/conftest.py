"""What the tests of scores share, here and of the metrics."""

from importlib import import_module

import pytest

METRICS = ("nltk.translate.meteor_score", "rouge_score.tokenizers", "sacrebleu.metrics")


@pytest.fixture(scope="session")
def scorers() -> None:
    """The libraries of metrics: the first test that needs them would pay the seconds of their import for all."""
    for name in METRICS:
        import_module(name)
