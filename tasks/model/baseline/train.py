"""Training a baseline for one test, and what it could reach at most."""

import time
from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from medinst_eval.measure import Kind as Set
from medinst_eval.measure import strictly
from schemas.baseline import Fitted, Kind, Reach
from tasks.base.predictions.files import Answered
from tasks.model.baseline.gold import Example, Rows
from tasks.model.baseline.labels import best_sets
from tasks.model.baseline.prepare import Prepared
from tasks.model.score.main import main_metrics


class Trainable(Protocol):
    """A kind of baseline."""

    epochs: int
    best_epoch: int

    @property
    def parameters(self) -> int:
        """Number of its weights."""
        ...

    def fit(
        self, examples: Sequence[Example], score: Callable[[], float], tell: Callable[[int, int, float], None]
    ) -> None:
        """Learn from examples; `score` tells how good it is, and `tell` hears of each epoch."""
        ...

    def predict(self, texts: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
        """The tags of the words of texts, or the labels of texts."""
        ...


class Baseline:
    """A trained baseline.

    Args:
        test: what it is trained for and on.
        model: how.
    """

    def __init__(self, test: Prepared, model: Trainable) -> None:
        self.test, self.model = test, model

    def answers(self, texts: Sequence[str]) -> list[str]:
        """The answers to inputs, in the grammar of the test's form."""
        shape = self.test.shape
        said = self.model.predict([shape.words(text) for text in texts])
        return [shape.answer(*each) for each in zip(texts, said, strict=True)]

    def score(self, rows: Rows) -> float:
        """The main strict metric of some samples."""
        return strictly(self.test.definition, self.answers(rows.texts), rows.answers).metrics[0].value


def train(kind: Kind, test: Prepared, seed: int, tell: Callable[[int, int, float], None]) -> tuple[Baseline, Fitted]:
    """Train a baseline for a test.

    Args:
        kind: of the model.
        test: what it is trained on.
        seed: of its random numbers.
        tell: takes the number of each epoch, of all epochs, and the score of the held-out samples.

    Raises:
        EvaluationError: the loss is NaN or infinite.
    """
    started = time.perf_counter()
    learning, shape = test.training, test.shape
    said = {each for example in learning.rows.examples for each in example.gold}
    made = Baseline(test, _model(kind)([each for each in shape.outputs if each in said], shape.per_word, seed))
    made.model.fit(learning.rows.examples, lambda: made.score(learning.held), tell)
    seen = [] if shape.per_word else sorted({example.gold for example in learning.rows.examples})
    return made, Fitted(
        samples=len(learning.rows.examples),
        held=len(learning.held.examples),
        held_from=learning.held_from,
        leaking=learning.leaking,
        parameters=made.model.parameters,
        epochs=made.model.epochs,
        best_epoch=made.model.best_epoch,
        held_score=made.score(learning.held),
        training=_reach(test, learning.rows, seen),
        test=_reach(test, test.rows, seen),
        ceiling=_ceiling(test, seen),
        seconds=round(time.perf_counter() - started, 1),
    )


def _model(kind: Kind) -> Callable[[Sequence[str], bool, int], Trainable]:
    if kind == "linear":
        from tasks.model.baseline.linear import Linear

        return Linear
    from tasks.model.baseline.encoder import Encoder

    return Encoder


def _reach(test: Prepared, rows: Rows, seen: Sequence[tuple[str, ...]]) -> Reach:
    unseen = 0 if test.shape.per_word else sum(example.gold not in seen for example in rows.examples)
    return Reach(**rows.lost._asdict(), unseen_sets=unseen)


def _ceiling(test: Prepared, seen: Sequence[tuple[str, ...]]) -> dict[Set, float]:
    """The main metrics of the best answers that the shape of answers permits."""
    shape, rows = test.shape, test.rows
    said = [example.gold for example in rows.examples]
    if not shape.per_word:  # the set of labels that has the most in common with the right one
        odds = np.array([[1.0 if label in gold else -1.0 for label in shape.outputs] for gold in said])
        said = best_sets(odds, shape.outputs, seen)
    answers = [shape.answer(*each) for each in zip(rows.texts, said, strict=True)]
    found = main_metrics(test.definition, Answered([], answers, rows.answers, 0))
    return {kind: metric.value for kind, metric in found.items()}
