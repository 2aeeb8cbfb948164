"""Recipes: the rules by which training sets are drawn from many tasks, as users write them."""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from schemas.base import Collection, Line, Model
from schemas.licence import Profile
from schemas.task import STANDARD, Answerable, Wording

MixtureName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$")]
"""A mixture's name, which is also its folder and configuration name."""

Amount = Annotated[int, Field(ge=1)] | Annotated[float, Field(gt=0, lt=1)]
"""Of a mixture: so many rows (or tokens, where its size is in tokens), or a share of it."""


Share = Annotated[float, Field(ge=0, le=1)]

Limited = Literal["untagged", "short", "equal", "replicates"]
"""Kinds of samples that a recipe can limit."""

SHORT = 15
"""Characters below which an input is short."""

Answers = Annotated[Answerable, BeforeValidator(lambda said: {True: "yes", False: "no"}.get(said, said))]
"""Whether a task's answers follow from its inputs; YAML reads a bare `yes` or `no` as true or false."""


class Limits(Model):
    """The largest share of some kinds of samples in what each task gives; a kind without a share has no limit.

    Attributes:
        untagged: tagged sentences without an entity: every tag is O.
        short: inputs of fewer than 15 characters.
        equal: pairs of one text and itself, and translations that equal their text.
        replicates: inputs that differ from that of another sample only in digits.
    """

    untagged: Share | None = None
    short: Share | None = None
    equal: Share | None = None
    replicates: Share | None = None

    @property
    def shares(self) -> dict[Limited, float]:
        """The kinds that are limited."""
        kinds: tuple[Limited, ...] = ("untagged", "short", "equal", "replicates")
        return {kind: share for kind in kinds if (share := getattr(self, kind)) is not None}


class Selection(Model):
    """Tasks by name, category or source; a task that any of the three names is meant."""

    tasks: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


class Recipe(Model):
    """How a mixture is drawn from the training samples of a build.

    Attributes:
        include: the tasks to draw from; empty for all.
        exclude: tasks to leave out.
        collections: `paper`: tasks of the paper. `beyond` and `own`: those that it lacks and the build has.
        unseen: leave out the held-out tasks: those of MedINST32, and those of which other sources declare tests.
        query: a SELECT over the catalogue; only the samples whose `id` it returns are drawn from. A column `weight`
            says how much a sample weighs, 1 where there is none.
        samples: `clean`: without those that leak into a test set. `all`: with them.
        answerable: the tasks to draw from, by whether input and instruction determine the answer.
        limits: the largest share of repetitive or empty samples in what each task gives.
        profile: what the mixture may hold.
        commercial: only what may be used commercially.
        rows: size in samples. Neither this nor `tokens`: everything that the caps let through.
        tokens: size in tokens.
        shares: `tasks`: by task. `categories`: equal shares to the categories, and in each by task.
        temperature: a task of n samples has a share that goes by n ** (1 / temperature): 1 for shares by size; `equal`
            for equal ones.
        counts_at_most: samples that a task counts for at most in its share.
        task_cap: what any task gives at most, in the unit of the size.
        category_cap: what the tasks of any category give at most together.
        caps: task or category -> what it gives at most.
        quotas: task or category -> what it gives exactly, or its share of the size.
        tokenizer: folder or file of the tokenizer that counts tokens; None: words, numbers and signs are counted.
        min_tokens: shortest sample, its examples included.
        max_tokens: longest sample.
        few_shot: share of the samples that have examples before the question.
        examples: how many they have.
        wordings: of the instructions; of several, a sample has the one that its id and the seed draw.
        seed: of all draws.
    """

    name: MixtureName
    about: Line | None = None
    include: Selection = Selection()
    exclude: Selection = Selection()
    collections: tuple[Collection, ...] = ("paper", "beyond", "own")
    unseen: bool = False
    query: str | None = None
    samples: Literal["clean", "all"] = "clean"
    answerable: tuple[Answers, ...] = ("yes", "partly")
    limits: Limits = Limits()
    profile: Profile = "local"
    commercial: bool = False
    rows: int | None = Field(default=None, ge=1)
    tokens: int | None = Field(default=None, ge=1)
    shares: Literal["tasks", "categories"] = "tasks"
    temperature: Annotated[float, Field(gt=0, allow_inf_nan=False)] | Literal["equal"] = 1.0
    counts_at_most: int | None = Field(default=None, ge=1)
    task_cap: int | None = Field(default=None, ge=1)
    category_cap: int | None = Field(default=None, ge=1)
    caps: dict[str, Annotated[int, Field(ge=0)]] = Field(default_factory=lambda: {})
    quotas: dict[str, Amount] = Field(default_factory=lambda: {})
    tokenizer: Line | None = None
    min_tokens: int = Field(default=0, ge=0)
    max_tokens: int | None = Field(default=None, ge=1)
    few_shot: float = Field(default=0.0, ge=0, le=1)
    examples: int = Field(default=2, ge=1, le=16)
    wordings: tuple[Wording, ...] = Field(default=(STANDARD,), min_length=1)
    seed: int = 2024

    @property
    def size(self) -> int | None:
        """The size in its unit; None for everything."""
        return self.rows or self.tokens

    @property
    def asked(self) -> dict[str, int]:
        """The quotas in the unit of the size."""
        return {
            name: amount if isinstance(amount, int) else round(amount * (self.size or 0))
            for name, amount in self.quotas.items()
        }

    @model_validator(mode="after")
    def _has_one_size(self) -> Self:
        if self.rows and self.tokens:
            raise ValueError(f"set `rows` or `tokens`, not both (found rows {self.rows:,} and tokens {self.tokens:,})")
        shares = [name for name, amount in self.quotas.items() if isinstance(amount, float)]
        if shares and self.size is None:
            names = ", ".join(shares)
            raise ValueError(f"quotas: {names} is a fraction, but the recipe has no size; set `rows` or `tokens`")
        if len(set(self.wordings)) < len(self.wordings):
            raise ValueError(f"wordings: {', '.join(self.wordings)} names one twice; name each once")
        if self.max_tokens is not None and self.min_tokens > self.max_tokens:
            raise ValueError(f"min_tokens: {self.min_tokens} is more than max_tokens: {self.max_tokens}")
        return self

    @model_validator(mode="after")
    def _caps_allow_the_quotas(self) -> Self:
        for name, amount in self.asked.items():
            if name in self.caps and self.caps[name] < amount:
                raise ValueError(f"quotas: {name} is set to {amount:,}, above its cap of {self.caps[name]:,}")
        return self
