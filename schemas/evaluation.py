"""Evaluations: what a model is asked, how, and what it answered."""

from typing import Any, Literal

from pydantic import Field

from schemas.base import Line, Model
from schemas.task import STANDARD, Wording

Outcome = Literal["answer", "empty", "length", "refusal", "too long"]
"""How an answer ended: said in full, nothing said, cut off at the token limit, refused, not asked for because question
and answer may not fit into the model's context."""

REASONING = r"(?s)<think>(.*?)(?:</think>|\Z)"
"""What is taken out of an answer as reasoning; reasoning that never ends takes all of it."""


class Asking(Model):
    """Everything that shapes an answer beside the sample itself.

    Attributes:
        model: the model's name at its endpoint, or its folder; what is kept of a folder in the root is its place.
        backend: `openai`: an endpoint that speaks OpenAI's chat protocol. `transformers`: a local model.
        shots: whether the examples stand before the question.
        wording: of the instructions, in the question and in its examples.
        system: the system prompt; empty: none.
        temperature: of sampling; 0 is greedy.
        top_p: nucleus; None leaves it to the endpoint.
        max_tokens: new tokens at most.
        seed: of sampling, where the endpoint takes one.
        stop: strings that end an answer.
        reasoning: regular expression of what is reasoning; its first group is kept apart.
        extra: further fields of the request's body.
    """

    model: Line
    backend: Literal["openai", "transformers"] = "openai"
    shots: bool = True
    wording: Wording = STANDARD
    system: str = ""
    temperature: float = 0.0
    top_p: float | None = None
    max_tokens: int = 1024
    seed: int | None = None
    stop: tuple[str, ...] = ()
    reasoning: str = REASONING
    extra: dict[str, Any] = Field(default_factory=dict)

    @property
    def shaping(self) -> dict[str, Any]:
        """The fields that tell one evaluation from another; the standard wording goes without saying."""
        return self.model_dump(mode="json", exclude={"wording"} if self.wording == STANDARD else None)


class Question(Model):
    """One sample as it is asked.

    Attributes:
        key: hash of the sample's id and of everything that shapes the answer.
        turns: the [user, assistant] turns before the question.
    """

    key: str
    id: str
    task: str
    turns: tuple[tuple[str, str], ...]
    prompt: str
    target: str


class Prediction(Model):
    """What a model answered to one sample; one line of `predictions.jsonl`.

    Attributes:
        prediction: the answer without reasoning.
        reasoning: what was taken out of it.
        prompt_tokens: as the endpoint counts them; 0 where it does not.
    """

    key: str
    id: str
    task: str
    prediction: str
    target: str
    outcome: Outcome = "answer"
    reasoning: str = ""
    prompt_tokens: int = 0
    answer_tokens: int = 0


class Evaluation(Model):
    """One model on one version of the benchmark: `run.json` beside its predictions.

    Attributes:
        name: what tables call it: the model and what sets it apart.
        benchmark: version of the benchmark.
        asked: task -> samples that the last run asked for.
    """

    name: Line
    asking: Asking
    benchmark: str
    profile: str
    original: bool
    asked: dict[str, int]


class Score(Model):
    """One metric of one task.

    Attributes:
        kind: the set it belongs to: `paper` or `strict`.
        main: whether it is the task's main metric in its set.
        low: lower end of the 95 % bootstrap interval.
        samples: answers that were scored.
        unread: share of them that could not be read.
    """

    task: str
    category: str
    kind: Literal["paper", "strict"]
    metric: str
    main: bool
    value: float
    low: float
    high: float
    samples: int
    unread: float
