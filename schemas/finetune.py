"""Recipes: everything that shapes a fine-tuned model, checked before anything heavy is loaded."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, PositiveInt, model_validator

from schemas.base import Line, Model, Slug, TaskName
from schemas.evaluation import Asking, Precision
from schemas.reinforce import Reinforce, in_tokens

Share = Annotated[float, Field(ge=0, le=1)]

SPECIAL = 2
"""Tokens of a vocabulary trained here that stand for no text: padding and the end."""

BYTES = 256
"""Tokens that any byte-level vocabulary begins with."""


class Lora(Model):
    """Low-rank adapters instead of the weights themselves.

    Attributes:
        rank: of the two factors of each update.
        alpha: updates are scaled by alpha / rank.
        targets: names of the layers that get an adapter; `all-linear`: all but the head.
    """

    rank: PositiveInt = 16
    alpha: PositiveInt = 32
    dropout: Share = 0.05
    targets: Literal["all-linear"] | tuple[Line, ...] = "all-linear"


class Scratch(Model):
    """A decoder with random weights: rotary positions, SwiGLU, RMSNorm, its embedding also its head.

    Attributes:
        vocabulary: tokens of the byte-level BPE that is trained on the mixture.
        width: of the embedding and of every layer.
        feed_forward: width between the two halves of a layer.
    """

    vocabulary: Annotated[int, Field(ge=BYTES + SPECIAL)]
    layers: PositiveInt
    width: PositiveInt
    heads: PositiveInt
    feed_forward: PositiveInt

    @model_validator(mode="after")
    def _heads_share_the_width(self) -> Self:
        if self.width % (2 * self.heads):
            raise ValueError(f"a width of {self.width} does not give each of {self.heads} heads an even share")
        return self

    @property
    def parameters(self) -> int:
        """Weights in all."""
        layer = 4 * self.width**2 + 3 * self.width * self.feed_forward + 2 * self.width
        return self.vocabulary * self.width + self.layers * layer + self.width


class Exam(Model):
    """How the model is evaluated on MedINST32, before and after training.

    Attributes:
        tests: only these; none for all.
        limit: samples of each test at most, drawn by their ids.
        shots: whether the benchmark's two examples precede each question.
        max_tokens: new tokens at most.
        precision: in which the models compute their answers; empty: as their weights are stored.
    """

    tests: tuple[TaskName, ...] = ()
    limit: PositiveInt | None = None
    shots: bool = True
    max_tokens: PositiveInt = 1024
    precision: Precision = ""

    def asking(self, model: str) -> Asking:
        """How a model in a folder is asked."""
        return Asking(
            model=model,
            backend="transformers",
            shots=self.shots,
            max_tokens=self.max_tokens,
            precision=self.precision,
        )


class Recipe(Model):
    """How a model is trained.

    Attributes:
        about: what the recipe is for.
        hardware: what it was made for, in words.
        model: a folder, a model of `medinst model fetch`, or the name of a Hugging Face model in the local cache; none
            with `scratch`.
        revision: of a name on the Hub.
        mixture: a mixture of `medinst mix`, a training set of `medinst benchmark`, or Parquet at a path.
        samples: of the mixture at most, drawn by the seed.
        lora: none: all weights are trained.
        reinforce: the model learns from the rewards of its own answers; none: from the answers of the mixture.
        warm_up: share of the steps in which the learning rate rises.
        clip: longest gradient.
        packing: whether samples share a sequence; none is cut, and none sees its neighbours.
        max_length: tokens of a sequence; samples that are longer are left out and counted.
        answer_only: whether the loss is that of the answers alone.
        precision: of the arithmetic; `auto`: bf16 where the device computes in it, else fp32.
        tokens_per_step: tokens between two updates of the weights.
        tokens_at_once: tokens that the device holds at once; the rest of a step is accumulated.
        divergence: nats by which a logged loss may stand above the lowest mean of ten: ten such losses end a training,
            one keeps the weights from being saved.
        log_every: steps.
        checkpoint_every: steps, a multiple of `log_every`, so that no checkpoint is written unseen.
        report_to: trackers beside the local log.
        snapshots: shares of the steps after which the model is kept too, in `at-25/` and so on.
    """

    name: Slug
    about: Line
    hardware: Line
    model: Line | None = None
    revision: Line | None = None
    scratch: Scratch | None = None
    mixture: Line
    samples: PositiveInt | None = None
    lora: Lora | None = None
    reinforce: Reinforce | None = None
    optimizer: Literal["adamw", "adafactor"] = "adamw"
    learning_rate: Annotated[float, Field(gt=0)]
    schedule: Literal["constant", "linear", "cosine"] = "cosine"
    warm_up: Share = 0.03
    weight_decay: Annotated[float, Field(ge=0)] = 0.0
    clip: Annotated[float, Field(gt=0)] = 1.0
    packing: bool = True
    max_length: PositiveInt
    answer_only: bool = True
    precision: Literal["auto", "bf16", "fp32"] = "bf16"
    attention: Literal["sdpa", "flash_attention_2", "flash_attention_3"] = "sdpa"
    gradient_checkpointing: bool = False
    tokens_per_step: PositiveInt
    tokens_at_once: PositiveInt
    epochs: Annotated[float, Field(gt=0)] | None = None
    max_steps: PositiveInt | None = None
    seed: int = 2024
    divergence: Annotated[float, Field(gt=0)] = 1.0
    log_every: PositiveInt = 10
    checkpoint_every: PositiveInt = 100
    report_to: tuple[Literal["mlflow", "tensorboard"], ...] = ()
    snapshots: tuple[Annotated[float, Field(gt=0, lt=1)], ...] = ()
    evaluation: Exam | None = Exam()

    @model_validator(mode="before")
    @classmethod
    def _steps_of_completions(cls, said: "dict[str, Any] | Recipe") -> "dict[str, Any] | Recipe":
        return said if isinstance(said, Recipe) or said.get("reinforce") is None else in_tokens(said)

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        for one, other in (("model", "scratch"), ("epochs", "max_steps")):
            if (getattr(self, one) is None) == (getattr(self, other) is None):
                raise ValueError(f"name either `{one}` or `{other}`, and not both")
        if self.scratch and self.lora:
            raise ValueError("`lora` adapts weights that have learned something; those of `scratch` are random")
        if self.scratch and self.reinforce:
            raise ValueError("`reinforce` needs a model that gives answers; the weights of `scratch` are random")
        return self

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not self.max_length <= self.tokens_at_once <= self.tokens_per_step:
            raise ValueError(
                f"a sequence (max_length {self.max_length:,}) must fit into tokens_at_once ({self.tokens_at_once:,}), "
                f"and that into tokens_per_step ({self.tokens_per_step:,})"
            )
        if self.checkpoint_every % self.log_every:
            raise ValueError(f"checkpoint_every must be a multiple of log_every ({self.log_every})")
        return self

    @property
    def shaping(self) -> dict[str, Any]:
        """The fields that decide what the weights become."""
        unsaid: dict[str, Any] = {} if self.snapshots else {"snapshots": True}
        return self.model_dump(mode="json", exclude={**_DESCRIBING, **unsaid})


_DESCRIBING: dict[str, Any] = {
    **dict.fromkeys(
        ("name", "about", "hardware", "divergence", "log_every", "checkpoint_every", "report_to", "evaluation"), True
    ),
    "reinforce": {"collapse", "fall"},
}
