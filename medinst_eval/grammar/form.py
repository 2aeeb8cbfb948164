"""What every form of answers has."""

from collections.abc import Iterator
from typing import Generic, TypeVar

Labels = TypeVar("Labels")


class Form(Generic[Labels]):
    """One form of answers.

    Attributes:
        name: its name.
        sentence: what an instruction says about it.
        example: an answer, as the sentence quotes it; empty: it quotes none.
        layout: how an item is written, its parts in braces (see `constraint.py`); empty: in any way.
        separator: what stands between items; empty: there is one item.
        nothing: the answer without items; empty: there is none.
    """

    name: str
    sentence: str
    example: str = ""
    layout: str = ""
    separator: str = ""
    nothing: str = ""

    def write(self, labels: Labels) -> str:
        """Write labels as an answer."""
        raise NotImplementedError

    def parse(self, answer: str) -> Labels:
        """Read an answer.

        Raises:
            Unparsable: the text is not of this form.
        """
        raise NotImplementedError

    def names(self, labels: Labels) -> Iterator[str]:  # noqa: ARG002  forms without labels have none
        """The labels that a task must declare."""
        yield from ()
