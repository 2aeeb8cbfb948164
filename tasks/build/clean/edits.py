"""Edits of a text, and where a place in the text is after them."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

Span = tuple[int, int]


class Edit(NamedTuple):
    """The text from `start` to `end` becomes `text`; where both are equal, it is inserted there."""

    start: int
    end: int
    text: str


def edited(text: str, edits: Sequence[Edit]) -> str:
    """The text after edits, which come in text order and do not overlap."""
    pieces: list[str] = []
    place = 0
    for edit in edits:
        pieces += [text[place : edit.start], edit.text]
        place = edit.end
    return "".join([*pieces, text[place:]])


class Alignment:
    """Where the spans of a text are after edits.

    A span keeps all of its text that is left. One that begins or ends within an edit has the whole new text of it; what
    is inserted at the border of a span is outside.
    """

    def __init__(self, edits: Sequence[Edit]) -> None:
        self.edits = edits
        self.starts = [edit.start for edit in edits]
        grown = (len(edit.text) - (edit.end - edit.start) for edit in edits)
        self.shifts = [0, *accumulate(grown)]

    def start(self, offset: int) -> int:
        """Where a span begins that began at an offset."""
        number = bisect_right(self.starts, offset)
        if number and offset < (edit := self.edits[number - 1]).end:
            return edit.start + self.shifts[number - 1]
        return offset + self.shifts[number]

    def end(self, offset: int) -> int:
        """Where a span ends that ended at an offset."""
        number = bisect_left(self.starts, offset)
        if number and offset <= (edit := self.edits[number - 1]).end:
            return edit.start + self.shifts[number - 1] + len(edit.text)
        return offset + self.shifts[number]

    def span(self, span: Span) -> Span:
        """Where a span is."""
        return self.start(span[0]), self.end(span[1])
