"""What a model says while it is trained on rewards: the log of its steps, and when the training has to stop."""

import json
import math
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from schemas.reinforce import Course, Reinforce
from tasks.model.finetune.loss import WINDOW, Judgement

LOG = "rewards.jsonl"

FEWEST = 4
"""Prompts of a task, with different right answers, below which equal answers say nothing."""


class Step(NamedTuple):
    """One line of the log; means over the steps since the last line.

    Attributes:
        reward: mean of the completions, 0 to 1.
        spread: standard deviation of the rewards of a step.
        flat: share of the prompts whose completions all earn the same.
        length: of the completions, tokens.
        cut: share that has not ended within the longest allowed.
        entropy: of the next token, nats.
        distinct: distinct completions of a prompt, share.
        same: share that is the most frequent answer of its task, over the last ten steps; None where too few differ.
        kl: nats a token from the model at the start; None without `beta`.
        signs: what makes completions suspicious -> its share.
        loss: of the policy gradient; near zero whatever is learned.
        gradient: its length before it was clipped.
        tokens: read and written so far, in all sessions.
        seconds: of training so far, in all sessions.
    """

    step: int
    epoch: float
    reward: float
    spread: float
    flat: float
    length: float
    cut: float
    entropy: float
    distinct: float
    same: float | None
    kl: float | None
    signs: dict[str, float]
    loss: float
    gradient: float
    learning_rate: float
    tokens: int
    seconds: float

    @property
    def summary(self) -> str:
        """The line in a few words, for progress bars."""
        return f"reward {self.reward:.3f}"


class Said(NamedTuple):
    """A completion: the task and number of its prompt, the right answer, and what was answered."""

    task: str
    prompt: int
    truth: str
    answer: str


class Rollouts:
    """The completions of the last ten steps."""

    def __init__(self) -> None:
        self.steps: deque[list[Said]] = deque(maxlen=WINDOW)

    def add(self, said: Sequence[Said]) -> float:
        """Add the completions of a step; returns the mean share of distinct ones of a prompt."""
        self.steps.append(list(said))
        answers: defaultdict[int, list[str]] = defaultdict(list)
        for each in said:
            answers[each.prompt].append(each.answer)
        return sum(len(set(each)) / len(each) for each in answers.values()) / len(answers)

    @property
    def full(self) -> bool:
        """Whether there are ten steps to judge by."""
        return len(self.steps) == WINDOW

    def sameness(self) -> tuple[float, float] | None:
        """The shares of equal answers and of equal right ones, of the tasks of which enough was asked.

        Returns:
            the share of the completions that is the most frequent one of its task, and that of the prompts whose right
            answer is the most frequent one; None if too few different prompts were asked.
        """
        said = [each for step in self.steps for each in step]
        truths = {each.prompt: (each.task, each.truth) for each in said}
        asked: defaultdict[str, list[str]] = defaultdict(list)
        for task, truth in truths.values():
            asked[task].append(truth)
        told = {task for task, right in asked.items() if len(right) >= FEWEST and len(set(right)) > 1}
        if not told:
            return None
        return (
            same((each.task, each.answer) for each in said if each.task in told),
            same((task, truth) for task, truth in truths.values() if task in told),
        )

    def usual(self, most: int = 3) -> str:
        """The most frequent answers, with their shares, in words."""
        counts = Counter(each.answer for step in self.steps for each in step)
        return ", ".join(f"{answer[:60]!r} {n / counts.total():.0%}" for answer, n in counts.most_common(most))

    def save(self, path: Path) -> None:
        """Write the completions into a checkpoint."""
        path.write_text(json.dumps(list(self.steps)), encoding="utf-8")

    def load(self, path: Path) -> None:
        """Read the completions of a checkpoint."""
        self.steps.extend([Said(*each) for each in step] for step in json.loads(path.read_text(encoding="utf-8")))


def same(answers: Iterable[tuple[str, str]]) -> float:
    """The share of answers that are the most frequent one of their task.

    Args:
        answers: of each its task and what it says.
    """
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for task, answer in answers:
        counts[task][answer] += 1
    total = sum(each.total() for each in counts.values())
    return sum(each.most_common(1)[0][1] for each in counts.values()) / total if total else 0.0


def judge(steps: Sequence[Step], said: Rollouts, rules: Reinforce) -> Judgement:
    """Judge the last line of a log.

    Args:
        steps: the log so far.
        said: the completions of the last steps.
        rules: when to stop.
    """
    last = steps[-1]
    for name in ("reward", "loss", "gradient", "kl"):
        if (value := getattr(last, name)) is not None and not math.isfinite(value):
            return Judgement(f"the {name} is {value} at step {last.step:,}", save=False)
    if stop := _collapsed(said, rules):
        return Judgement(f"at step {last.step:,} {stop}", save=False)
    recent = steps[-WINDOW:]
    if said.full and len(recent) == WINDOW and all(each.flat == 1 for each in recent) and _reward(recent) < 1:
        return Judgement(
            f"in the last {WINDOW} logged steps all completions of each prompt earned the same (mean reward "
            f"{_reward(recent):.3f}), so nothing can be learned; most frequent: {said.usual()}",
            save=False,
        )
    means = [_reward(steps[end - WINDOW : end]) for end in range(WINDOW, len(steps) + 1)]
    if means and means[-1] < max(means) - rules.fall:
        return Judgement(
            f"at step {last.step:,} the mean reward of the last {WINDOW} logged steps, {means[-1]:.3f}, is more than "
            f"{rules.fall:g} below the highest, {max(means):.3f}",
            save=False,
        )
    return Judgement("", save=True)


def _collapsed(said: Rollouts, rules: Reinforce) -> str:
    shares = said.sameness() if said.full else None
    if shares is None or not shares[0] >= rules.collapse > shares[1]:
        return ""
    return (
        f"the answers have collapsed: {shares[0]:.0%} of the completions of the last {WINDOW} steps are the most "
        f"frequent one of their task, as {shares[1]:.0%} of the right answers are; most frequent: {said.usual()}"
    )


def _reward(steps: Sequence[Step]) -> float:
    return sum(each.reward for each in steps) / len(steps)


def ends(steps: Sequence[Step]) -> tuple[Course, Course]:
    """The means of the first and of the last ten lines; of half of them each where there are fewer than twenty."""
    some = max(1, min(WINDOW, len(steps) // 2))
    return _course(steps[:some]), _course(steps[-some:])


def _course(steps: Sequence[Step]) -> Course:
    fields = Course.model_fields
    return Course(**{name: sum(getattr(each, name) for each in steps) / len(steps) for name in fields})
