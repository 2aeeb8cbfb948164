"""Answers without brackets: labels, scores and free text."""

import re
from collections.abc import Iterator, Sequence

from medinst_eval.grammar.answers import Form, listed
from medinst_eval.grammar.brackets import Unparsable


class Classes(Form[Sequence[str]]):
    """One label, or several separated by commas."""

    name = "labels"
    layout = "{label}"

    def __init__(self, labels: Sequence[str] = (), multiple: bool = False) -> None:
        """Say what an answer looks like.

        Args:
            labels: the labels to choose from, in their order.
            multiple: whether an answer may hold several of them, in the same order.
        """
        self.sentence = f"Answer with exactly one of: {listed(labels)}."
        if multiple:
            self.separator = ", "
            self.sentence = "Answer with all that apply, separated by commas, in the order listed above."

    def write(self, labels: Sequence[str]) -> str:
        return ", ".join(labels)

    def parse(self, answer: str) -> Sequence[str]:
        found = answer.split(", ")
        if "" in found:
            raise Unparsable("a label is empty")
        return found

    def names(self, labels: Sequence[str]) -> Iterator[str]:
        yield from labels


class Score(Form[int]):
    """A whole number."""

    name = "score"
    layout = "{label}"

    def __init__(self, scores: Sequence[int] = range(6)) -> None:
        """Say what an answer looks like.

        Args:
            scores: the possible scores, ascending.
        """
        self._scores = tuple(scores)
        lowest, highest = self._scores[0], self._scores[-1]
        whole = self._scores == tuple(range(lowest, highest + 1))
        self._wanted = f"one integer from {lowest} to {highest}" if whole else " or ".join(map(str, self._scores))
        self.sentence = f"Answer with {self._wanted}."

    def write(self, labels: int) -> str:
        return str(labels)

    def parse(self, answer: str) -> int:
        if re.fullmatch("[0-9]+", answer) is None or int(answer) not in self._scores:
            raise Unparsable(f"{answer[:60]!r} is not {self._wanted}")
        return int(answer)


class FreeText(Form[str]):
    """Any text that is not blank."""

    name = "text"

    def __init__(self, sentence: str = "") -> None:
        """Say what an answer looks like.

        Args:
            sentence: what the instruction says of it.
        """
        self.sentence = sentence

    def write(self, labels: str) -> str:
        return labels

    def parse(self, answer: str) -> str:
        if not answer.strip():
            raise Unparsable("the answer is empty")
        return answer
