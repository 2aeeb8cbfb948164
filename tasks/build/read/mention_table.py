"""Text files and one table of the mentions of all of them, each with the identifier of its concept.

    #species id<TAB>document<TAB>start<TAB>end<TAB>text<TAB>code
    species:ncbi:4932<TAB>doc1<TAB>75<TAB>80<TAB>yeast<TAB>

Offsets count the code points of the text file as it is, both of a CRLF included; in the record, lines end with LF.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from schemas.formats import MentionTable
from schemas.records import Document, Entity, Link, Reject
from tasks.build.read import STRAY, Files, Found, by_place, fault, one, read
from tasks.build.read.concepts import concepts
from tasks.build.read.each import each
from tasks.build.read.text import decode, lines, with_lf
from tasks.build.unpack import Member

_Rows = list[tuple[str, list[str]]]
"""Rows of the table, each with its place."""


@read.register
def _(options: MentionTable, files: Files) -> Found:
    rows: dict[str, _Rows] = defaultdict(list)
    width = max(options.document, options.start, options.end, options.text, options.link) + 1
    names = {_name(member) for member in files.get("texts", ())}
    for place, cells in _rows(options, one(files, "mentions")):
        known = next((cell for cell in (*cells[options.document :][:1], *cells) if cell in names), "")
        if len(cells) < width and not known:
            yield Reject(place, STRAY, f"expected {width} columns or more, found {len(cells)}")
        else:
            rows[cells[options.document] if len(cells) >= width else known].append((place, cells))

    def document(member: Member) -> Found:
        yield _document(options, member, rows.pop(_name(member), []), width)

    yield from each(files.get("texts", ()), document, _name)
    for id_, found in rows.items():
        yield Reject(id_, "annotations without a text", f"{found[0][0]}: no text file has this name")


def _name(member: Member) -> str:
    name = member.name.rsplit("/", 1)[-1]
    return name.rpartition(".")[0] or name


def _rows(options: MentionTable, member: Member) -> Iterator[tuple[str, list[str]]]:
    for number, line in enumerate(lines(member, options.encoding), 1):
        if line and not line.isspace() and not line.startswith("#"):
            yield f"{member.name}:{number}", line.split("\t")


def _document(options: MentionTable, member: Member, rows: _Rows, width: int) -> Document | Reject:
    """The document of a text; rows that say the same are one mention, those of one place share their concepts."""
    id_ = _name(member)
    text, moved = with_lf(decode(member, options.encoding))
    found: dict[tuple[tuple[int, int], str], tuple[Link, ...]] = {}
    for place, cells in rows:
        try:
            if len(cells) < width:
                raise ValueError(f"expected {width} columns or more, found {len(cells)}")
            span = moved(int(cells[options.start])), moved(int(cells[options.end]))
            links = _links(options, cells[options.link])
        except ValueError as error:
            return Reject(id_, "malformed line", f"{place}: {fault(error)}")
        mention = span, cells[options.text]
        found[mention] = (*found.get(mention, ()), *links)
    entities = (
        Entity(f"T{number}", options.type, (span,), mention, tuple(dict.fromkeys(links)))
        for number, ((span, mention), links) in enumerate(found.items(), 1)
    )
    return Document(id_, text, tuple(sorted(entities, key=by_place)))


def _links(options: MentionTable, cell: str) -> tuple[Link, ...]:
    """The concepts of a mention, if it has any."""
    names = re.split(f"[{re.escape(options.separators)}]", cell) if options.separators else [cell]
    for name in names:
        if not any(_follows(name.strip(), prefix) for prefix in options.databases):
            beginnings = " or ".join(options.databases)
            raise ValueError(f"expected an identifier that begins with {beginnings}, found {name!r}")
    return concepts(cell, None, separators=options.separators, nothing=options.nothing, prefixes=options.databases)


def _follows(name: str, prefix: str) -> bool:
    return len(name) > len(prefix) and name[: len(prefix)].lower() == prefix.lower()
