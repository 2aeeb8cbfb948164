"""Finding a record in a file by its text.

A text in a file may be written otherwise than in the record (escaped, with elements or tags between its words, in lines
of another length), so only its words are compared, those of ASCII letters and digits; what may stand between them
depends on the format.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from schemas import formats
from schemas.formats import Format
from tasks.tools.why.data import Data
from tasks.tools.why.extent import whole_record

WORDS = (12, 4)
"""How many words of a text are searched for: first many, then few."""

HITS = 200
"""Maximum number of places compared, if the first words of a text are found in several."""

NOT_TEXTS = {"id", "label", "labels", "tags", "source_language", "target_language"}
"""Fields of records that are often not written in the file as they are in the record."""


class Hit(NamedTuple):
    """What was found of a record.

    Attributes:
        score: how much of the record stands there.
        start: offset of its first byte.
        end: that of the byte behind its last.
        found: how it was found.
    """

    score: int
    start: int
    end: int
    found: str


def texts_of(record: Mapping[str, Any]) -> list[list[bytes]]:
    """The words of the record's texts, those of the longest text first."""
    values = (value for name, value in record.items() if name not in NOT_TEXTS)
    texts = (
        " ".join(value) if isinstance(value, list) and all(isinstance(one, str) for one in value) else value
        for value in values
    )
    words = [re.findall(rb"[A-Za-z0-9]+", text.encode()) for text in texts if isinstance(text, str)]
    return sorted((found for found in words if found), key=lambda found: -sum(map(len, found)))


def search(options: Format, data: Data, id_: str, texts: list[list[bytes]]) -> Hit | None:
    """The place that holds most of a record: its texts first of all, and its id beside them."""
    id_words = re.findall(rb"[A-Za-z0-9]+", id_.encode())
    for number in WORDS:
        for words in texts:
            pattern = _pattern(options, words[:number])
            starts = [found.span() for found, _ in zip(pattern.finditer(data), range(HITS), strict=False)]
            if starts:
                others = [other for other in texts if other is not words]
                hits = (_around(options, data, start, end, words, others, id_words) for start, end in starts)
                return max(hits, key=lambda hit: (hit.score, _named_there(options, data, hit, id_words)))
    if (found := _pattern(options, id_words).search(data)) is not None and id_words:
        return Hit(1, *found.span(), "by its id")
    return None


def _around(
    options: Format,
    data: Data,
    start: int,
    end: int,
    words: list[bytes],
    others: list[list[bytes]],
    id_words: list[bytes],
) -> Hit:
    """How much of a record stands around the beginning of one of its texts, and from where to where."""
    reach = 2_000 + 12 * sum(len(word) + 1 for each in (words, *others) for word in each)
    low, high = max(0, start - reach), min(len(data), start + reach)
    tail = _pattern(options, words[-WORDS[0] :]).search(data, start, high)
    spans = [(start, max(end, tail.end()) if tail else end)]
    near = [
        _nearest(_pattern(options, other[: WORDS[1]]), data, start, low, high) for other in others if _telling(other)
    ]
    spans += [span for span in near if span is not None]
    score = 2 * len(spans) + (tail is not None)
    span = _nearest(_pattern(options, id_words), data, start, low, high) if _telling(id_words) else None
    found = "by its text" if span is None else "by its text and id"
    spans += [span] if span is not None else []
    return Hit(score + (span is not None), min(a for a, _ in spans), max(b for _, b in spans), found)


def _nearest(pattern: re.Pattern[bytes], data: Data, start: int, low: int, high: int) -> tuple[int, int] | None:
    found = (each.span() for each in pattern.finditer(data, low, high))
    return min(found, key=lambda span: abs(span[0] - start), default=None)


def _pattern(options: Format, words: Sequence[bytes]) -> re.Pattern[bytes]:
    """Words with what a file may have between them."""
    own = BESIDES.get(type(options))
    gap = rb"(?:" + (own + rb"|" if own else b"") + _BETWEEN + rb"){1,60}?"
    return re.compile(_BEFORE + gap.join(words) + rb"(?![A-Za-z0-9])")


def _named_there(options: Format, data: Data, hit: Hit, id_words: list[bytes]) -> int:
    """How many words of an id stand in the whole record: an id may be put together from several."""
    start, end = whole_record(options, data, hit.start, hit.end)
    return sum(_pattern(options, [word]).search(data, start, end) is not None for word in id_words)


def _telling(words: Sequence[bytes]) -> bool:
    """Whether words are long enough to tell a record from others; `1` stands everywhere."""
    return sum(map(len, words)) > 3


_BEFORE = rb"(?:(?<![A-Za-z0-9])|(?<=\\[nrtbf])|(?<=\\u[0-9A-Fa-f]{4}))"
_BETWEEN = rb"\\u[0-9A-Fa-f]{4}|\\[nrtbf]|&#?[A-Za-z0-9]{1,8};|<[^<>]{0,400}>|[^A-Za-z0-9]"
"""Characters escaped in JSON and XML, elements, and whatever is not a letter or digit of ASCII."""


BESIDES: dict[type[Format], bytes] = {
    formats.Iob: rb"\t[^\n]*\n",
    formats.Tagged: rb"\t[^\n]*\n",
    formats.PlacedTokens: rb"\t[^\n]*\n",
    formats.TokenSpans: rb"/[^\s/]+ ",
}
"""What else a format has between the words of a text, as a regular expression: the further columns of a token."""
