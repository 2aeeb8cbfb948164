"""Where a record stands in its file, found when somebody asks: readers keep no places.

A record is looked for by what it says. A text in a file may be written otherwise than in the record (escaped, with
elements or tags between its words, in lines of another length), so only its words are compared, those of ASCII letters
and digits; what may stand between them depends on the format.
"""

import mmap
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from schemas import formats
from schemas.formats import Format
from tasks.build.read.kept import IDS
from tasks.build.unpack import Member

WORDS = (12, 4)
"""How many words of a text are looked for: so many first, then so few."""

HITS = 200
"""Places that are compared, where the first words of a text stand in more than one."""

NOT_TEXTS = {"id", "label", "labels", "tags", "source_language", "target_language"}
"""Fields of records that are often not written in the file as they are in the record."""


Data = bytes | mmap.mmap
"""The bytes of a file of any size."""


class Place(NamedTuple):
    """Where a record stands in a member.

    Attributes:
        member: the name of the member.
        lines: first and last line, from 1.
        bytes: offset of the first byte, from 0, and of the one behind the last.
        found: how it was found.
    """

    member: str
    lines: tuple[int, int]
    bytes: tuple[int, int]
    found: str


class _Hit(NamedTuple):
    score: int
    start: int
    end: int
    found: str


def holding(options: Format, roles: Mapping[str, Sequence[Member]]) -> list[Member]:
    """The files of a split that may hold its records; not those that only list or complete them."""
    further = {IDS, *getattr(options, "index", ()), *getattr(options, "within", ())}
    return list(dict.fromkeys(member for role, found in roles.items() if role not in further for member in found))


def locate(options: Format, members: Sequence[Member], id_: str, record: Mapping[str, Any] | None) -> Place | None:
    """Find the place of a record in the members of its split; None if it is in none of them for certain.

    Args:
        options: the format of the members.
        members: the files that may hold it.
        id_: the record's id; of a reject without one, what stands in its stead: `member:line`.
        record: its fields; None if it was rejected before it had any.
    """
    if (told := _told(members, id_)) is not None:
        return told
    if (named := _named(options, members, id_)) is not None:
        return named
    texts = _texts(record or {})
    best: tuple[_Hit, Member] | None = None
    for member in members:
        with _opened(member.path) as data:
            hit = _numbered(options, data, id_) or _said(options, data, id_, texts)
        if hit is not None and (best is None or hit.score > best[0].score):
            best = hit, member
    return None if best is None else _place(options, best[1], best[0])


def _place(options: Format, member: Member, hit: _Hit) -> Place:
    with _opened(member.path) as data:
        start, end = grown(options, data, hit.start, hit.end)
        return Place(member.name, _lines(data, start, end), (start, end), hit.found)


def _lines(data: Data, start: int, end: int) -> tuple[int, int]:
    first = _count(data, 0, start) + 1
    return first, first + _count(data, start, max(start, end - 1))


def _count(data: Data, start: int, end: int) -> int:
    return sum(data[at : min(end, at + 2**24)].count(b"\n") for at in range(start, end, 2**24))


class _opened:
    """The bytes of a file of any size."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("rb")
        empty = path.stat().st_size == 0
        self.data: Data = b"" if empty else mmap.mmap(self.file.fileno(), 0, access=mmap.ACCESS_READ)

    def __enter__(self) -> Data:
        return self.data

    def __exit__(self, *_: object) -> None:
        if isinstance(self.data, mmap.mmap):
            self.data.close()
        self.file.close()


# By name and number


def _told(members: Sequence[Member], id_: str) -> Place | None:
    """The line that the id of a reject names, or the whole file."""
    for member in members:
        if id_ == member.name:
            return _whole(member, "it is the whole file")
        if id_.startswith(f"{member.name}:") and (line := id_.removeprefix(f"{member.name}:")).isdecimal():
            return _line(member, int(line), "by the line that the reject names")
    return None


def _named(options: Format, members: Sequence[Member], id_: str) -> Place | None:
    """The file that is called like the record; of several, the one whose name says so with the fewest letters."""
    stem, line = in_file(options, id_)
    names = [
        member for member in members if (name := member.name.rsplit("/", 1)[-1]) == stem or name.startswith(f"{stem}.")
    ]
    if not names or len(members) == 1:
        return None
    member = min(names, key=lambda member: (not member.name.endswith((".txt", ".tokens")), len(member.name)))
    if line is None:
        return _whole(member, "by the name of the file")
    return _line(member, line, "by the name of the file and the number of the line")


def _whole(member: Member, found: str) -> Place:
    with _opened(member.path) as data:
        return Place(member.name, (1, max(1, _lines(data, 0, len(data))[1])), (0, len(data)), found)


def _line(member: Member, number: int, found: str) -> Place | None:
    with _opened(member.path) as data:
        span = _nth_line(data, number)
    return None if span is None else Place(member.name, (number, number), span, found)


def _nth_line(data: Data, number: int) -> tuple[int, int] | None:
    start = 0
    for _ in range(number - 1):
        start = data.find(b"\n", start) + 1
        if not start:
            return None
    if start >= len(data):
        return None
    end = data.find(b"\n", start)
    return start, end if end >= 0 else len(data)


def in_file(options: Format, id_: str) -> tuple[str, int | None]:
    """What the name of a record's own file begins with, and its line there if it is only a line of it."""
    stem, _, number = id_.rpartition("_")
    if isinstance(options, formats.LabelledSentences) and stem and number.isdecimal():
        return stem, int(number) + 1
    return id_, None


def _numbered(options: Format, data: Data, id_: str) -> _Hit | None:
    """Where the number of a record is that of its line."""
    if not isinstance(options, formats.ParallelText) or not id_.isdecimal():
        return None
    span = _nth_line(data, int(id_) + 1)
    return None if span is None else _Hit(1, *span, "by the number of the line")


# By what it says


def _texts(record: Mapping[str, Any]) -> list[list[bytes]]:
    """The words of the record's texts, those of the longest text first."""
    values = (value for name, value in record.items() if name not in NOT_TEXTS)
    texts = (
        " ".join(value) if isinstance(value, list) and all(isinstance(one, str) for one in value) else value
        for value in values
    )
    words = [re.findall(rb"[A-Za-z0-9]+", text.encode()) for text in texts if isinstance(text, str)]
    return sorted((found for found in words if found), key=lambda found: -sum(map(len, found)))


def _said(options: Format, data: Data, id_: str, texts: list[list[bytes]]) -> _Hit | None:
    """The place with most of what the record says: first all its texts, and its id beside them."""
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
        return _Hit(1, *found.span(), "by its id")
    return None


def _around(
    options: Format,
    data: Data,
    start: int,
    end: int,
    words: list[bytes],
    others: list[list[bytes]],
    id_words: list[bytes],
) -> _Hit:
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
    return _Hit(score + (span is not None), min(a for a, _ in spans), max(b for _, b in spans), found)


def _nearest(pattern: re.Pattern[bytes], data: Data, start: int, low: int, high: int) -> tuple[int, int] | None:
    found = (each.span() for each in pattern.finditer(data, low, high))
    return min(found, key=lambda span: abs(span[0] - start), default=None)


def _pattern(options: Format, words: Sequence[bytes]) -> re.Pattern[bytes]:
    """Words with what a file may have between them."""
    own = BESIDES.get(type(options))
    gap = rb"(?:" + (own + rb"|" if own else b"") + _BETWEEN + rb"){1,60}?"
    return re.compile(_BEFORE + gap.join(words) + rb"(?![A-Za-z0-9])")


def _named_there(options: Format, data: Data, hit: _Hit, id_words: list[bytes]) -> int:
    """How many words of an id stand in the whole record: an id may be put together from several."""
    start, end = grown(options, data, hit.start, hit.end)
    return sum(_pattern(options, [word]).search(data, start, end) is not None for word in id_words)


def _telling(words: Sequence[bytes]) -> bool:
    """Whether words say where a record is; such as `1` stand everywhere."""
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
"""What a format has between the words of a text besides, as a regular expression: the further columns of a token."""


# From what was found to the whole record


BORDERS: dict[type[Format], bytes] = {
    **dict.fromkeys((formats.Delimited, formats.JoinedTables, formats.StandoffTables, formats.TokenSpans), b"\n"),
    **dict.fromkeys((formats.Iob, formats.Tagged, formats.PubTator), b"\n\n"),
}
"""What stands between two records of a format: the end of a line, or an empty line."""


def grown(options: Format, data: Data, start: int, end: int) -> tuple[int, int]:
    """The whole record around what was found of it; that itself, where a format has no sign of where records end."""
    border = BORDERS.get(type(options), b"\n" if isinstance(options, formats.JsonRows) and options.lines else b"")
    if border:
        windows = border.replace(b"\n", b"\r\n")
        return _to(windows if data.find(windows) >= 0 else border, data, start, end)
    name = element(options)
    if name is None:
        return start, end
    opening = max(data.rfind(f"<{name}{sign}".encode(), 0, start + 1) for sign in (" ", ">", "\n", "\r", "\t"))
    closing = data.find(f"</{name}>".encode(), end)
    return (opening, closing + len(name) + 3) if min(opening, closing) >= 0 else (start, end)


def _to(border: bytes, data: Data, start: int, end: int) -> tuple[int, int]:
    first, last = data.rfind(border, 0, start), data.find(border, end)
    return first + len(border) if first >= 0 else 0, last if last >= 0 else len(data)


def element(options: Format) -> str | None:
    """The name of the element that is a record, of formats that say so."""
    match options:
        case formats.XmlRows() | formats.XmlClaims():
            return options.row
        case formats.InlineXml() | formats.MarkedXml():
            return options.document
        case formats.InteractionXml():
            return options.per
        case formats.BioC() | formats.BioCTable():
            return "document"
        case _:
            return None
