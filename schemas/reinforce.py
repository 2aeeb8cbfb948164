"""Reinforcement learning by rewards: what a recipe says of it, and what a training by it leaves."""

from typing import Annotated, Any, Literal

from pydantic import Field, PositiveInt, ValidationError

from schemas.base import Model, TaskName

Kind = Literal[
    "entities", "concepts", "events", "mentions", "relations", "tags", "list", "label", "exact", "score", "text"
]
"""Kinds of answers that can be verified, as `medinst_eval.rewards` names them."""

Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]


class Reinforce(Model):
    """The model is trained on the rewards of its own answers (GRPO), not on given ones.

    Attributes:
        prompts: of each step.
        completions: of each prompt; each is rewarded by how far it is better than the others.
        at_once: completions that the device holds at once in the backward pass; none for all of a step.
        max_tokens: of a completion, thoughts included.
        temperature: of the completions.
        beta: weight of the KL divergence from the model at the start; 0 for none.
        tasks: only these tasks of the mixture; none for all.
        kinds: only tasks with these kinds of answers, as docs/rewards.md lists them; none for all.
        held_out: prompts that are not trained on and that the model answers before and after; at most a fifth of all.
        collapse: share of equal answers in a task, over the last ten steps, at which the training ends.
        fall: how far the mean reward of ten logged steps may fall below the highest such mean.
    """

    prompts: PositiveInt = 4
    completions: Annotated[int, Field(ge=2)] = 8
    at_once: PositiveInt | None = None
    max_tokens: PositiveInt = 256
    temperature: Positive = 1.0
    beta: Annotated[float, Field(ge=0)] = 0.0
    tasks: tuple[TaskName, ...] = ()
    kinds: tuple[Kind, ...] = ()
    held_out: PositiveInt = 64
    collapse: Annotated[float, Field(gt=0, le=1)] = 0.95
    fall: Positive = 0.3

    @property
    def step(self) -> int:
        """Completions of a step."""
        return self.prompts * self.completions


def in_tokens(said: dict[str, Any]) -> dict[str, Any]:
    """A recipe with `reinforce`, with what follows from it: how many tokens a step has, and the device holds.

    Raises:
        ValueError: the recipe says otherwise, or `at_once` does not divide a step evenly.
    """
    try:
        asked, length = Reinforce.model_validate(said["reinforce"]), int(said["max_length"])
    except (ValidationError, KeyError, TypeError, ValueError):
        return {"tokens_per_step": 1, "tokens_at_once": 1, **said}  # the faults are reported where they are
    at_once = asked.at_once or asked.step
    if asked.step % at_once:
        raise ValueError(
            f"reinforce.at_once ({at_once}) must divide the completions of a step ({asked.prompts} prompts × "
            f"{asked.completions} = {asked.step}) evenly"
        )
    if asked.max_tokens >= length:
        raise ValueError(
            f"max_length ({length:,}) must hold a prompt and its completion (reinforce.max_tokens {asked.max_tokens:,})"
        )
    follows = {"tokens_per_step": asked.step * length, "tokens_at_once": at_once * length, "packing": False}
    for name, value in follows.items():
        if said.get(name, value) != value:
            raise ValueError(f"with `reinforce`, {name} is {value}, not {said[name]}; leave it out")
    return said | follows


class Answers(Model):
    """What a model answers to prompts that are not trained on; the likeliest answer to each.

    Attributes:
        reward: mean, 0 to 1.
        same: share that is the most frequent answer to their task.
        usual: share that is the most frequent right answer of their task in the training prompts.
        tokens: mean length, the end included.
        cut: share that has not ended within `max_tokens`.
        signs: what makes answers suspicious of playing the reward -> its share; see `medinst_eval.rewards.SIGNS`.
    """

    reward: float
    same: Share
    usual: Share
    tokens: float
    cut: Share
    signs: dict[str, Share]


class TaskWatched(Model):
    """Answers to the prompts of one task that are not trained on.

    Attributes:
        kind: of its answers.
        prompts: that were asked.
        honest: the way to answer without a model that earns most, see docs/rewards.md; it knows the training prompts.
        honest_reward: what it earns on the same prompts.
        attack: the attack on the reward that earns most.
        attack_reward: what it earns.
        right_same: share of the right answers that is their most frequent one.
    """

    task: str
    kind: str
    prompts: int
    honest: str
    honest_reward: float
    attack: str
    attack_reward: float
    right_same: Share
    before: Answers
    after: Answers


class Watched(Model):
    """The model before and after, on prompts that are not trained on, and what a model has to beat there.

    Attributes:
        honest_reward: mean over the prompts of the best honest way of each task.
        attack_reward: the same of the best attack.
        right_same: mean over the prompts of the share of equal right answers.
        right_tokens: mean length of the right answers, their end included.
        gain: of the mean reward, with the 95 % interval of a paired bootstrap of the prompts.
    """

    prompts: int
    honest_reward: float
    attack_reward: float
    right_same: Share
    right_tokens: float
    before: Answers
    after: Answers
    gain: float
    low: float
    high: float
    tasks: tuple[TaskWatched, ...]

    @property
    def lead(self) -> float:
        """The mean reward after training above the honest baseline."""
        return self.after.reward - self.honest_reward

    def is_constant(self, bound: float) -> bool:
        """Whether the likeliest answers of a task are all but equal, and the right ones are not."""
        return self.after.same >= bound > self.right_same


class Course(Model):
    """Means over some logged steps of the sampled completions, as in `rewards.jsonl`.

    Attributes:
        reward: mean, 0 to 1.
        spread: standard deviation of the rewards of a step.
        flat: share of the prompts whose completions all earn the same, and so teach nothing.
        length: tokens.
        cut: share that has not ended within `max_tokens`.
        entropy: of the next token, nats.
        distinct: distinct completions of a prompt, share.
    """

    reward: float
    spread: float
    flat: Share
    length: float
    cut: Share
    entropy: float
    distinct: Share


class Reinforced(Model):
    """What a training on rewards leaves.

    Attributes:
        prompts: that were trained on.
        left_out: reason -> samples of the mixture that were not.
        first: of the first ten logged steps; of the first half where there are fewer than twenty.
        last: of the same number of steps at the end.
        kl: nats a token from the model at the start, over the last steps; None where beta is 0.
        watched: None if there were too few prompts to hold some out.
    """

    prompts: int
    left_out: dict[str, int]
    first: Course
    last: Course
    kl: float | None
    watched: Watched | None
