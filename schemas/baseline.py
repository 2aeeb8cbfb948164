"""Baselines: small models that are trained on a test's own training split, and what their training leaves."""

from typing import Literal

from schemas.base import Model, TaskName
from schemas.task import Split

Kind = Literal["encoder", "linear"]
"""`encoder`: a small recurrent network with random weights. `linear`: logistic regression, which needs no torch."""
KINDS: tuple[Kind, ...] = ("encoder", "linear")


class Reach(Model):
    """What tags of words, or sets of labels, cannot say of some samples.

    Attributes:
        mentions: gold mentions; 0 where answers are labels.
        discontinuous: mentions of several parts.
        within_words: mentions that begin or end within a word.
        overlapping: mentions that overlap with another, which is kept.
        unseen_sets: samples whose labels stand together in no training sample.
    """

    mentions: int = 0
    discontinuous: int = 0
    within_words: int = 0
    overlapping: int = 0
    unseen_sets: int = 0


class Fitted(Model):
    """A baseline on one test.

    Attributes:
        samples: samples that the weights were trained on.
        held: samples that told when to stop.
        held_from: the split that these are from.
        leaking: split -> samples left out because they leak into the test.
        parameters: weights; of `linear` those that are not zero.
        epochs: epochs; of `linear` penalties that were tried.
        best_epoch: that whose weights were kept.
        held_score: the main strict metric of the held-out samples with these weights.
        training: what the tags or labels do not say of the samples trained on.
        test: the same of the test.
        ceiling: set of metrics -> the test's main metric if everything that can be said were right.
        seconds: of training.
    """

    samples: int
    held: int
    held_from: Literal["train", "dev"]
    leaking: dict[Split, int]
    parameters: int
    epochs: int
    best_epoch: int
    held_score: float
    training: Reach
    test: Reach
    ceiling: dict[Literal["paper", "strict"], float]
    seconds: float


class Receipt(Model):
    """`baseline.json` beside the answers of a baseline.

    Attributes:
        release: whose training samples it was trained on.
        benchmark: version of the benchmark that it answers.
        versions: library -> version.
        tests: what was trained for each test.
    """

    kind: Kind
    seed: int
    release: str
    benchmark: str
    versions: dict[str, str]
    tests: dict[TaskName, Fitted]
