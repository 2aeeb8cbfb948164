"""Where the items of an answer are in the input.

Answers name texts, not places. Items are listed in the order of the text, so each is looked for from where the one
before it began, whole words first. A text that is not there as a whole is taken apart: a discontinuous mention.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tasks.tools.explore.items import Item

Span = tuple[int, int]

GAP = 150
"""Characters between two parts of a discontinuous mention at most."""

OCCURRENCES = 40
"""Places of an end of a relation that are marked at most."""


class Placed(NamedTuple):
    """Places of an item in a text.

    Attributes:
        number: of the item in its answer, from 0.
        text: which of its texts.
        spans: of the parts, in text order; more than one where it is discontinuous.
    """

    number: int
    text: int
    spans: tuple[Span, ...]


def place(items: Sequence[Item], text: str, exact: bool = True) -> Iterator[Placed]:
    """The places of items; one that is not found has none.

    Args:
        items: of an answer, in its order.
        text: the input.
        exact: whether these are gold items: case counts for their mentions, and these may be discontinuous. Ends of
            relations may be anywhere, in any case.
    """
    start, used = 0, set[tuple[object, ...]]()
    words = _words(items, text)
    for number, item in enumerate(items):
        if item.words is not None:
            if spans := words[item.words[0] : item.words[1]]:
                yield Placed(number, 0, ((spans[0][0], spans[-1][1]),))
        elif len(item.texts) == 1:
            found = _next(item, text, start, used, exact) or _next(item, text, 0, used, exact)
            if found:
                start = found[0][0]
                used.add((found, item.label))
                yield Placed(number, 0, found)
        else:
            yield from (
                Placed(number, which, (span,))
                for which, end in enumerate(item.texts)
                for span in _everywhere(end, text)
            )


def _words(items: Sequence[Item], text: str) -> list[Span]:
    """The places of the words of a tagged sentence, which is the input split at white space."""
    if not any(item.words for item in items):
        return []
    return [found.span() for found in re.finditer(r"\S+", text)]


def _next(item: Item, text: str, start: int, used: set[tuple[object, ...]], exact: bool) -> tuple[Span, ...]:
    """The first place of a mention from some offset on that no equal item has yet."""
    for whole in (True, False):
        for found in _pattern(item.texts[0], whole, exact).finditer(text, start):
            if ((found.span(),), item.label) not in used:
                return (found.span(),)
    parts = _apart(item.texts[0], text, start) if exact else ()
    return parts if (parts, item.label) not in used else ()


def _everywhere(words: str, text: str) -> list[Span]:
    for whole in (True, False):
        found = [each.span() for each, _ in zip(_pattern(words, whole, exact=False).finditer(text), range(OCCURRENCES))]  # noqa: B905
        if found:
            return found
    return list(_apart(words, text, 0))


def _apart(words: str, text: str, start: int) -> tuple[Span, ...]:
    """The parts of a discontinuous mention: its words in their order, each soon after the one before."""
    patterns = [_pattern(word, whole=True, exact=True) for word in words.split()]
    if len(patterns) < 2:
        return ()
    for first in patterns[0].finditer(text, start):
        spans = [first.span()]
        for pattern in patterns[1:]:
            found = pattern.search(text, spans[-1][1], spans[-1][1] + GAP)
            if found is None:
                break
            spans.append(found.span())
        else:
            return tuple(_joined(spans, text))
    return ()


def _joined(spans: Sequence[Span], text: str) -> Iterator[Span]:
    """Spans, those with only white space between them as one."""
    first, last = spans[0]
    for start, end in spans[1:]:
        if text[last:start].strip():
            yield first, last
            first = start
        last = end
    yield first, last


def _pattern(words: str, whole: bool, exact: bool) -> re.Pattern[str]:
    parts = r"\s+".join(map(re.escape, words.split()))
    around = (r"(?<!\w)", r"(?!\w)") if whole else ("", "")
    return re.compile(parts.join(around) if parts else r"(?!)", 0 if exact else re.IGNORECASE)
