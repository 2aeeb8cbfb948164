"""Evaluations: what a model is asked, how, and what it answered."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, Self

from pydantic import Field

from schemas.base import Line, Model
from schemas.task import STANDARD, Wording

Outcome = Literal["answer", "empty", "length", "refusal", "too long"]
"""How an answer ended: said in full, nothing said, cut off (at the token limit, or in a thought that never ended),
refused, not asked for because question and answer may not fit into the model's context."""


Constrain = Literal["", "vllm", "sglang", "llama.cpp", "llguidance"]
"""What holds answers to their grammar while a model writes them; empty: nothing does."""


Precision = Literal["", "bf16", "fp32"]


class Axis(NamedTuple):
    """One respect in which the same benchmark can be asked in variants.

    Attributes:
        option: of the command that asks them.
        mark: what names of evaluations say of a variant, with its value.
        words: what pages say of it.
        what: what its variants differ in.
        asks: whether variants ask in other ways; else they differ in the model alone.
    """

    option: str
    mark: str
    words: str
    what: str
    asks: bool = True


AXES: Mapping[str, Axis] = {
    "wording": Axis("--wording", "{}", "{} wording", "wording of the instructions"),
    "options_seed": Axis("--shuffle-options", "options{}", "options in order {}", "order of options and labels"),
    "shots_seed": Axis("--shots-seed", "shots{}", "examples of draw {}", "examples before the question"),
    "training_seed": Axis("--seed", "seed{}", "training seed {}", "random numbers of the training", asks=False),
}
"""Fields of `Asking` in which variants differ; their defaults ask the samples as the benchmark has them."""


class Asking(Model):
    """Everything that shapes an answer beside the sample itself.

    Attributes:
        model: the model's name at its endpoint, the name of a fetched model, or a folder; what is kept of a folder in
            the root is its place.
        backend: `openai`: an endpoint that speaks OpenAI's chat protocol. `transformers`: a local model.
            `baseline`: a small model that is trained for each test.
        shots: whether the examples stand before the question.
        wording: of the instructions, in the question and in its examples.
        options_seed: of the order in which labels and options are listed; 0: as the benchmark lists them.
        shots_seed: of the draw of the examples; 0: those of the benchmark.
        training_seed: of a baseline.
        system: the system prompt; empty: none.
        temperature: of sampling; 0 is greedy.
        top_p: nucleus; None leaves it to the endpoint.
        max_tokens: new tokens at most.
        seed: of sampling, where the endpoint takes one.
        stop: strings that end an answer.
        reasoning: regular expression of what is reasoning; its first group is kept apart. Empty: nothing is; None: all
            layouts of `medinst_eval.reasoning`.
        constrain: what holds answers to their grammar.
        precision: in which a local model computes; empty: as its weights are stored.
        extra: further fields of the request's body.
    """

    model: Line
    backend: Literal["openai", "transformers", "baseline"] = "openai"
    shots: bool = True
    wording: Wording = STANDARD
    options_seed: int = Field(default=0, ge=0)
    shots_seed: int = Field(default=0, ge=0)
    training_seed: int = Field(default=0, ge=0)
    system: str = ""
    temperature: float = 0.0
    top_p: float | None = None
    max_tokens: int = 1024
    seed: int | None = None
    stop: tuple[str, ...] = ()
    reasoning: str | None = None
    constrain: Constrain = ""
    precision: Precision = ""
    extra: dict[str, Any] = Field(default_factory=dict)

    @property
    def shaping(self) -> dict[str, Any]:
        """The fields that tell one evaluation from another; what is usual goes unsaid."""
        unsaid = [field for field in ("constrain", "precision") if not getattr(self, field)]
        return self.model_dump(mode="json", exclude={*AXES.keys() - self.varied.keys(), *unsaid})

    @property
    def varied(self) -> dict[str, str]:
        """The axes on which this is a variant -> its value there."""
        usual = type(self).model_fields
        values = {axis: getattr(self, axis) for axis in AXES}
        return {axis: str(value) for axis, value in values.items() if value != usual[axis].default}

    def as_usual(self, *axes: str) -> Self:
        """The same with the samples as the benchmark has them, on some axes; on all if none is named."""
        usual = type(self).model_fields
        return self.model_copy(update={axis: usual[axis].default for axis in axes or AXES})


ALL = "all"
"""Stands for all axes, and for all tasks."""


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
        answer_tokens: all that the model wrote, reasoning too.
        reasoning_tokens: those of them that were reasoning, as the endpoint counts them, else estimated by length.
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
    reasoning_tokens: int = 0


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


class Spread(Model):
    """How much one metric differs between the variants of an evaluation, on the samples that all of them answered.

    Attributes:
        axis: what the variants differ in: a field of `Asking`, all others being as usual, or `all`.
        task: the task; `all` for the mean over tasks.
        variants: name of each variant -> its value.
        mean: of these values.
        deviation: their standard deviation, with one degree of freedom less than variants.
        low: lower end of the 95 % bootstrap interval of the mean, over samples: what other samples would change. The
            deviation is what another way of asking, or another training, changes.
        samples: those that all these variants answered.
        changed: share of them on which not all variants gave the same answer.
        tasks: how many the value is of.
    """

    axis: str
    task: str
    kind: Literal["paper", "strict"]
    metric: str
    variants: dict[str, float]
    mean: float
    deviation: float
    lowest: float
    highest: float
    low: float
    high: float
    samples: int
    changed: float
    tasks: int = 1


class StratumScore(Model):
    """The main strict metric of a task on a part of its samples or items.

    Attributes:
        stratum: by what the task is divided.
        group: the part.
        task: the task; `all` for the mean over tasks.
        low: lower end of the 95 % bootstrap interval over samples.
        samples: those that the value is of.
        items: gold items that it is of, where the parts are of items; else None.
        tasks: how many the value is of.
    """

    stratum: str
    group: str
    task: str
    metric: str
    value: float
    low: float
    high: float
    samples: int
    items: int | None = None
    tasks: int = 1
