"""Mixtures: what came of drawing a training set by a recipe."""

from pydantic import Field

from schemas.base import Model, TaskName
from schemas.mixture import Limited, Recipe
from schemas.receipts import Blob


class TaskShare(Model):
    """What a task gives to a mixture.

    Attributes:
        held: samples that it has to give, before their lengths are looked at.
        rows: samples drawn.
        tokens: tokens of these.
        instruction_tokens: of these, those of instructions, also in examples.
        few_shot: samples of these with examples before the question.
        wrong_length: samples met that were too long or too short.
        limited: samples met that were left out because there would be too many of their kind, by kind.
    """

    category: str
    source: str
    licence: str
    language: str
    held: int
    rows: int
    tokens: int
    instruction_tokens: int = 0
    few_shot: int
    wrong_length: int
    limited: dict[Limited, int] = Field(default_factory=lambda: {})


class Overlap(Model):
    """How much of one test a training set contains, measured after it was drawn.

    Attributes:
        samples: samples of the test.
        texts: of these, those whose text is also the text of a training sample, word by word.
        rows: training samples that leak into the test in any way: a common document, text or sequence of words, or as
            near duplicates.
    """

    samples: int
    texts: int
    rows: int


Overlaps = dict[TaskName, Overlap]
"""Test -> how much of it a training set contains, for all tests of the build, also those without any overlap."""


class Shortfall(Model):
    """A quota that could not be filled."""

    asked: int
    given: int


class MixtureContent(Model):
    """Everything that a version of a mixture says and holds.

    Attributes:
        base: version of the release that the build published; None where it published none.
        original: whether all files of the build are the publishers', none a miniature.
        recipe: the recipe; of a tokenizer its name alone.
        counted: what was counted as a token.
        tasks: what each task gives; those that give nothing are there too.
        shortfalls: task or category -> a quota that was not met.
        leaking: training samples left out because they leak into a test.
        overlap: how much of each test the mixture contains.
        foreign: ids from the query that are not training samples of the chosen tasks.
        withheld: task -> why the recipe may not hold it.
        missing: chosen task -> why it is not in the build.
        files: the files of the sources.
    """

    version: str
    fingerprint: str
    base: str | None
    original: bool
    recipe: Recipe
    counted: str
    tasks: dict[str, TaskShare]
    shortfalls: dict[str, Shortfall]
    leaking: int
    overlap: Overlaps = Field(default_factory=lambda: {})
    foreign: int
    withheld: dict[str, str]
    missing: dict[str, str]
    files: dict[str, tuple[Blob, ...]]

    @property
    def given(self) -> dict[str, TaskShare]:
        """The tasks that give something."""
        return {name: share for name, share in self.tasks.items() if share.rows}

    @property
    def rows(self) -> int:
        """Samples of the mixture."""
        return sum(share.rows for share in self.tasks.values())

    @property
    def tokens(self) -> int:
        """Tokens of the mixture."""
        return sum(share.tokens for share in self.tasks.values())

    @property
    def instruction_tokens(self) -> int:
        """Tokens of its instructions."""
        return sum(share.instruction_tokens for share in self.tasks.values())
