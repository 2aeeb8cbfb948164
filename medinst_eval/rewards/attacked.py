"""What attacks and honest answers earn on samples of a task: what a model has to beat to have learned anything."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from medinst_eval.rewards.attacks import ATTACKS, Sample
from medinst_eval.rewards.honest import ways
from medinst_eval.rewards.rewards import reward

LARGE = 10
"""Samples that attacks of a megabyte are tried on."""


class Attacked(NamedTuple):
    """The mean rewards on the samples of a task.

    Attributes:
        samples: that were asked.
        trained: that the honest answers know.
        honest: by way of answering.
        attacks: by attack; not those that say what an honest way says.
    """

    task: str
    kind: str
    samples: int
    trained: int
    honest: Mapping[str, float]
    attacks: Mapping[str, float]

    @property
    def baseline(self) -> tuple[str, float]:
        """The honest way that earns most, and what it earns."""
        return max(self.honest.items(), key=lambda each: each[1])

    @property
    def best(self) -> tuple[str, float]:
        """The attack that earns most, and what it earns."""
        return max(self.attacks.items(), key=lambda each: each[1])

    @property
    def stands(self) -> bool:
        """Whether every attack stays below the baseline."""
        return self.best[1] < self.baseline[1]


def attack(
    task: str, questions: Sequence[Sample], training: Sequence[Sample], beside: Sequence[Sample] = ()
) -> Attacked:
    """Attack one task.

    Args:
        task: its name.
        questions: the samples that are asked.
        training: those that honest answers know.
        beside: of tasks about the same entities, likewise.
    """
    kind = questions[0].verifier.kind
    answers = {name: [way(each) for each in questions] for name, way in ways(training, kind, beside).items()}
    earned: dict[str, float] = {}
    for name, way in ATTACKS.items():
        asked = questions[: LARGE if name.startswith("megabyte") else None]
        said = [way(each) for each in asked]
        if said not in answers.values():
            earned[name] = _mean(said, asked)
    honest = {name: _mean(said, questions) for name, said in answers.items()}
    return Attacked(task, kind, len(questions), len(training), honest, earned)


def _mean(answers: Sequence[str], questions: Sequence[Sample]) -> float:
    rows = [{"ground_truth": sample.output, "verifier": sample.verifier._asdict()} for sample in questions]
    return sum(map(reward, answers, rows)) / len(questions)
