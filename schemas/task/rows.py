"""Tasks about rows: questions, pairs of texts, labelled texts, translations and summaries."""

from typing import Literal, Self

from pydantic import Field, model_validator

from schemas.base import Line
from schemas.task.base import Category, Task


class Qa(Task):
    """A question, with or without context and choices.

    Attributes:
        choices: the answers that are possible for every question, such as yes, no and maybe.
        several: what separates the answers to a question that has several; None where each has one.
    """

    choices: tuple[Line, ...] = ()
    several: Literal["commas", "semicolons"] | None = None

    @property
    def category(self) -> Category:
        """Question answering."""
        return "QA"

    @property
    def labels(self) -> tuple[str, ...]:
        """The possible answers."""
        return self.choices


class Classes(Task):
    """Base of tasks that choose labels.

    Attributes:
        classes: label in the records -> its name in instructions and answers.
        multiple: whether an answer may hold several labels.
    """

    classes: dict[str, Line] = Field(min_length=2)
    multiple: bool = False

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of the labels."""
        return tuple(dict.fromkeys(self.classes.values()))


class PairClasses(Classes):
    """Base of tasks that choose the label of two texts.

    Attributes:
        first: what the first text is called in the input; None where the records have the second alone, and what it
            is judged by is a work that the instruction names.
        second: what the second text is called in the input.
    """

    first: Line | None
    second: Line


class Te(PairClasses):
    """Does one text entail, support or contradict another?"""

    @property
    def category(self) -> Category:
        """Textual entailment."""
        return "TE"


class TextPairClass(PairClasses):
    """Which class does a pair of texts belong to?"""

    @property
    def category(self) -> Category:
        """Text pair classification."""
        return "TEXTPAIRCLASS"


class TxtClass(Classes):
    """Which class, or classes, does a text belong to?"""

    @property
    def category(self) -> Category:
        """Text classification."""
        return "TXTCLASS"


class Sts(Task):
    """How similar are two texts, as an integer from 0 to 5?

    Attributes:
        scale: lowest and highest score of the source; scores are mapped linearly to 0..5 and rounded half up.
        scores: the scores that occur, ascending, where not all six do.
        first: what the first text is called in the input.
        second: what the second text is called in the input.
    """

    scale: tuple[float, float]
    scores: tuple[int, ...] = (0, 1, 2, 3, 4, 5)
    first: Line = "Sentence 1"
    second: Line = "Sentence 2"

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        if self.scale[0] >= self.scale[1]:
            raise ValueError(f"scale {self.scale} does not ascend")
        if not set(self.scores) <= set(range(6)) or list(self.scores) != sorted(set(self.scores)) or not self.scores:
            raise ValueError(f"scores {self.scores} are not ascending integers from 0 to 5")
        return self

    @property
    def category(self) -> Category:
        """Semantic textual similarity."""
        return "STS"

    @property
    def labels(self) -> tuple[str, ...]:
        """The possible scores."""
        return tuple(map(str, self.scores))

    @property
    def named(self) -> tuple[str, ...]:
        """None: numbers need no explanation."""
        return ()


class Transl(Task):
    """Translate a text."""

    @property
    def category(self) -> Category:
        """Translation."""
        return "TRANSL"


class Sum(Task):
    """Summarize a text."""

    @property
    def category(self) -> Category:
        """Summarisation."""
        return "SUM"
