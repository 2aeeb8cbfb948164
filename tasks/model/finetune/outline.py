"""What a training would be, before anything is there: as much of its plan as can be made, and what is missing."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeVar

import polars as pl

from schemas.errors import MedinstError
from schemas.finetune import Recipe
from schemas.trained import Batch, Encoded
from tasks.base.store.root import Root
from tasks.base.versions.find import MODELS
from tasks.model.finetune import base as bases
from tasks.model.finetune import mixture as mixtures
from tasks.model.finetune.architecture import Architecture, of
from tasks.model.finetune.base import Base
from tasks.model.finetune.data import batch
from tasks.model.finetune.mixture import Mixture
from tasks.model.finetune.plan import find_exam, require_extra
from tasks.model.finetune.precision import settled

BYTES = 4
"""Bytes of text that a token stands for, about (3.7 for SmolLM2's vocabulary on 200 samples of ours)."""

T = TypeVar("T")


class Outline(NamedTuple):
    """What a training would be.

    Attributes:
        mixture: None if it is not there.
        base: None if it is not there.
        shape: of the model; None if it is not known.
        tokens: of the samples, about; None without the mixture.
        batch: how a step is divided.
        missing: why it cannot begin yet, and what to do.
    """

    recipe: Recipe
    mixture: Mixture | None
    base: Base | None
    shape: Architecture | None
    tokens: int | None
    batch: Batch
    missing: tuple[str, ...]

    @property
    def samples(self) -> int | None:
        """Samples that are trained on, those included that turn out too long."""
        return min(self.mixture.rows, self.recipe.samples or self.mixture.rows) if self.mixture else None

    @property
    def steps(self) -> int | None:
        """Updates of the weights: as the recipe says, else about as many as the samples make."""
        if self.recipe.max_steps:
            return self.recipe.max_steps
        if self.tokens is None or self.recipe.epochs is None:
            return None
        return max(1, round(self.recipe.epochs * self.tokens / self.recipe.tokens_per_step))


def outline(recipe: Recipe, root: Root, out: Path | None = None, processes: int = 1) -> Outline:
    """Outline a training.

    Args:
        recipe: how.
        root: where mixtures and benchmark would be.
        out: folder of the models; `<root>/models` if none.
        processes: that share a step.
    """
    recipe = settled(recipe)
    missing: list[str] = []

    def found(find: Callable[[], T]) -> T | None:
        try:
            return find()
        except MedinstError as error:
            missing.append(str(error))
            return None

    place = (out or Path(root.uri(MODELS))).absolute()
    mixture = found(lambda: mixtures.find(recipe.mixture, root))
    nothing = Mixture(recipe.mixture, "", "", ())
    base = found(lambda: bases.find(recipe, mixture or nothing, place))
    found(lambda: find_exam(recipe, root))
    found(require_extra)
    tokens = _tokens(mixture, recipe) if mixture else None
    rows = min(mixture.rows, recipe.samples or mixture.rows) if mixture else 1
    counted = Encoded(
        samples=rows, tokens=tokens or rows * recipe.max_length, answer_tokens=0, longest=0, too_long={}, tasks={},
        licences={},
    )  # fmt: skip
    return Outline(
        recipe,
        mixture,
        base,
        of(recipe, base.shape if base else None),
        tokens,
        batch(recipe, counted, processes),
        tuple(missing),
    )


def _tokens(mixture: Mixture, recipe: Recipe) -> int:
    """Tokens of the samples, about, without a tokenizer."""
    columns = ("instruction", "input", "output")
    texts = pl.concat([pl.scan_parquet(path, glob=False).select(columns) for path in mixture.files])
    bytes_ = texts.select(pl.sum_horizontal(pl.col(*columns).str.len_bytes().cast(pl.Int64)).mean()).collect().item()
    return round(bytes_ / BYTES * min(mixture.rows, recipe.samples or mixture.rows))
