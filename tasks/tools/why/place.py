"""Where a record stands in its file. Readers keep no places, so it is looked for when somebody asks."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from schemas import formats
from schemas.formats import Format
from tasks.build.read.kept import IDS
from tasks.build.unpack import Member
from tasks.tools.why.data import Data, lines, nth_line, opened
from tasks.tools.why.extent import whole_record
from tasks.tools.why.text import Hit, search, texts_of


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


def holding(options: Format, roles: Mapping[str, Sequence[Member]]) -> list[Member]:
    """The files of a split that may hold its records; not those that only list or complete them."""
    further = {IDS, *getattr(options, "index", ()), *getattr(options, "within", ())}
    return list(dict.fromkeys(member for role, found in roles.items() if role not in further for member in found))


def locate(options: Format, members: Sequence[Member], id_: str, record: Mapping[str, Any] | None) -> Place | None:
    """Find the place of a record in the members of its split; None if it is in none of them for certain.

    Args:
        options: the format of the members.
        members: the files that may hold it.
        id_: the record's id; of a reject without one, `member:line` instead.
        record: its fields; None if it was rejected before it had any.
    """
    if (told := _told(members, id_)) is not None:
        return told
    if (named := _named(options, members, id_)) is not None:
        return named
    if not options.has_lines:
        return None
    texts = texts_of(record or {})
    best: tuple[Hit, Member] | None = None
    for member in members:
        with opened(member.content) as data:
            hit = _numbered(options, data, id_) or search(options, data, id_, texts)
        if hit is not None and (best is None or hit.score > best[0].score):
            best = hit, member
    return None if best is None else _place(options, best[1], best[0])


def _place(options: Format, member: Member, hit: Hit) -> Place:
    with opened(member.content) as data:
        start, end = whole_record(options, data, hit.start, hit.end)
        return Place(member.name, lines(data, start, end), (start, end), hit.found)


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
    """The file named after the record; of several, a text file first, then the one with the shortest name."""
    stem, line = _in_file(options, id_)
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
    with opened(member.content) as data:
        return Place(member.name, (1, max(1, lines(data, 0, len(data))[1])), (0, len(data)), found)


def _line(member: Member, number: int, found: str) -> Place | None:
    with opened(member.content) as data:
        span = nth_line(data, number)
    return None if span is None else Place(member.name, (number, number), span, found)


def _in_file(options: Format, id_: str) -> tuple[str, int | None]:
    """How the name of a record's own file begins, and the record's line in it if it is only one line."""
    stem, _, number = id_.rpartition("_")
    if isinstance(options, formats.LabelledSentences) and stem and number.isdecimal():
        return stem, int(number) + 1
    return id_, None


def _numbered(options: Format, data: Data, id_: str) -> Hit | None:
    """The line of a record, in formats whose records are numbered by line."""
    if not isinstance(options, formats.ParallelText) or not id_.isdecimal():
        return None
    span = nth_line(data, int(id_) + 1)
    return None if span is None else Hit(1, *span, "by the number of the line")
