"""Mentions as tags of words (B, I, O) and back.

One word has one tag. So of mentions that overlap as many as possible are kept, and mentions of several parts, or that
begin or end within a word, are not kept at all; what is lost is counted.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

OUTSIDE = "O"

_WORD = re.compile(r"[^\W\d_]+|\d+|\S")


class Span(NamedTuple):
    """A mention of one part: characters from `start` up to, not including, `end`."""

    start: int
    end: int
    type: str


class Mention(NamedTuple):
    """A mention as a corpus has it.

    Attributes:
        parts: (start, end) of each part, in characters.
    """

    parts: tuple[tuple[int, int], ...]
    type: str


class Lost(NamedTuple):
    """Why mentions have no tags.

    Attributes:
        mentions: all mentions, lost or not.
        discontinuous: those of several parts.
        within_words: those that begin or end within a word.
        overlapping: those that overlap with one that is kept.
    """

    mentions: int = 0
    discontinuous: int = 0
    within_words: int = 0
    overlapping: int = 0

    @property
    def total(self) -> int:
        """Mentions that tags cannot express."""
        return self.discontinuous + self.within_words + self.overlapping


class Tagged(NamedTuple):
    """The tags of the words of a text, and what they do not say."""

    tags: list[str]
    lost: Lost


def words(text: str) -> list[tuple[int, int]]:
    """The (start, end) of each word: runs of letters, runs of digits, and any other sign by itself."""
    return [match.span() for match in _WORD.finditer(text)]


def encode(mentions: Iterable[Mention], places: Sequence[tuple[int, int]]) -> Tagged:
    """Tag words by mentions.

    Args:
        mentions: of a text, in any order.
        places: (start, end) of its words, ascending.
    """
    starts = {start: number for number, (start, _) in enumerate(places)}
    ends = {end: number for number, (_, end) in enumerate(places)}
    tags, free = [OUTSIDE] * len(places), 0
    found = sorted(mentions, key=lambda each: (each.parts[-1][1], -each.parts[0][0], each.type))
    discontinuous = within = overlapping = 0
    for mention in found:  # the one that ends first: of intervals, that keeps the most
        (start, end), *more = mention.parts
        if more:
            discontinuous += 1
        elif start not in starts or end not in ends:
            within += 1
        elif starts[start] < free:
            overlapping += 1
        else:
            first, free = starts[start], ends[end] + 1
            tags[first:free] = [tag("B", mention.type), *[tag("I", mention.type)] * (free - first - 1)]
    return Tagged(tags, Lost(len(found), discontinuous, within, overlapping))


def decode(tags: Sequence[str], places: Sequence[tuple[int, int]]) -> list[Span]:
    """The mentions that tags say; an `I` that continues nothing begins one."""
    return [Span(places[first][0], places[last][1], type_) for first, last, type_ in runs(tags)]


def runs(tags: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """The first word, the last word and the type of each mention."""
    first, open_ = 0, None
    for place, each in enumerate([*tags, OUTSIDE]):
        type_ = None if each == OUTSIDE else each[2:]
        if open_ is not None and (type_ != open_ or each[:1] == "B"):
            yield first, place - 1, open_
            open_ = None
        if open_ is None and type_ is not None:
            first, open_ = place, type_


def tag(place: str, type_: str) -> str:
    """A tag: `B-chemical`; `B` where mentions have no types."""
    return f"{place}-{type_}" if type_ else place


def follows(one: str, other: str) -> bool:
    """Whether a tag may follow another: `I` only after `B` or `I` of its type."""
    return other[:1] != "I" or (one != OUTSIDE and one[2:] == other[2:])
