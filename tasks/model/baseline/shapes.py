"""What a baseline reads of a text and what it says of it, for each form of answers that it can write."""

from collections.abc import Sequence

from medinst_eval.grammar.answers import Entities, Entity, Tag, Tags
from medinst_eval.grammar.plain import Classes
from tasks.base.predictions.order import in_order
from tasks.model.baseline.spans import OUTSIDE, decode, tag, words

SHAPED = {Tags.name: "tagged words", Entities.name: "listed mentions", Classes.name: "labels of a closed list"}
"""Forms of answers that a baseline can write."""


class Shape:
    """One test's form of answers.

    Attributes:
        outputs: what may be said: the tags of words, or the labels of a text in their order.
        per_word: whether each word has one of them; else the text has some.
    """

    per_word: bool = True

    def __init__(self, outputs: Sequence[str]) -> None:
        self.outputs = tuple(outputs)

    def words(self, text: str) -> tuple[str, ...]:
        """The words of a sample's input."""
        return tuple(text[start:end] for start, end in words(text))

    def answer(self, text: str, said: Sequence[str]) -> str:
        """The answer that outputs make.

        Args:
            text: the sample's input.
            said: the tag of each word, or the labels of the text.
        """
        raise NotImplementedError


class TagShape(Shape):
    """Each word of a tokenized sentence with its tag."""

    def __init__(self) -> None:
        super().__init__((OUTSIDE, "B", "I"))

    def words(self, text: str) -> tuple[str, ...]:
        """The words as the sentence has them, between spaces."""
        return tuple(text.split())

    def answer(self, text: str, said: Sequence[str]) -> str:
        """The words with their tags."""
        return Tags().write([Tag(*each) for each in zip(self.words(text), said, strict=True)])


class EntityShape(Shape):
    """The mentions with their types, in text order."""

    def __init__(self, types: Sequence[str]) -> None:
        super().__init__((OUTSIDE, *(tag(place, type_) for type_ in types for place in "BI")))

    def answer(self, text: str, said: Sequence[str]) -> str:
        """The mentions that the tags mark."""
        found = decode(said, words(text))
        return Entities().write([Entity(text[span.start : span.end], span.type) for span in found])


class LabelShape(Shape):
    """The labels of a text, in the order of the instruction."""

    per_word = False

    def answer(self, text: str, said: Sequence[str]) -> str:  # noqa: ARG002  labels are of the whole text
        """The labels."""
        return in_order(Classes().write(said), self.outputs)


def shape_of(form: str, labels: Sequence[str]) -> Shape:
    """The shape of a form of answers: a key of `SHAPED`."""
    if form == Tags.name:
        return TagShape()
    return EntityShape(labels) if form == Entities.name else LabelShape(labels)
