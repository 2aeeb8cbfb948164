"""Text files and one table of the mentions of all of them, each with the identifier of its concept.

    #species id<TAB>document<TAB>start<TAB>end<TAB>text<TAB>code
    species:ncbi:4932<TAB>doc1<TAB>75<TAB>80<TAB>yeast<TAB>

Offsets count the code points of the text file as it is, both of a CRLF included; in the record, lines end with LF.
"""

from collections import defaultdict
from collections.abc import Iterator

from schemas.formats import MentionTable
from schemas.records import Document, Entity, Link, Reject
from tasks.build.read import Files, Found, by_place, fault, one, read
from tasks.build.read.text import decode, lines, with_lf
from tasks.build.unpack import Member

_Rows = list[tuple[str, list[str]]]
"""Rows of the table, each with its place."""


@read.register
def _(options: MentionTable, files: Files) -> Found:
    rows: dict[str, _Rows] = defaultdict(list)
    width = max(options.document, options.start, options.end, options.text, options.link) + 1
    for place, cells in _rows(options, one(files, "mentions")):
        if len(cells) < width:
            yield Reject(place, "malformed line", f"expected {width} columns or more, found {len(cells)}")
        else:
            rows[cells[options.document]].append((place, cells))
    for member in files.get("texts", ()):
        name = member.name.rsplit("/", 1)[-1]
        id_ = name.rpartition(".")[0] or name
        yield _document(options, id_, member, rows.pop(id_, []))
    for id_, found in rows.items():
        yield Reject(id_, "annotations without a text", f"{found[0][0]}: no text file has this name")


def _rows(options: MentionTable, member: Member) -> Iterator[tuple[str, list[str]]]:
    for number, line in enumerate(lines(member, options.encoding), 1):
        if line and not line.isspace() and not line.startswith("#"):
            yield f"{member.name}:{number}", line.split("\t")


def _document(options: MentionTable, id_: str, member: Member, rows: _Rows) -> Document | Reject:
    text, moved = with_lf(decode(member, options.encoding))
    entities: list[Entity] = []
    for number, (place, cells) in enumerate(rows, 1):
        try:
            span = moved(int(cells[options.start])), moved(int(cells[options.end]))
            links = _links(options, cells[options.link])
        except ValueError as error:
            return Reject(id_, "malformed line", f"{place}: {fault(error)}")
        entities.append(Entity(f"T{number}", options.type, (span,), cells[options.text], links))
    return Document(id_, text, tuple(sorted(entities, key=by_place)))


def _links(options: MentionTable, cell: str) -> tuple[Link, ...]:
    """The concept of a mention, if it has one."""
    for prefix, database in options.databases.items():
        if cell.startswith(prefix) and len(cell) > len(prefix):
            identifier = cell.removeprefix(prefix)
            return () if identifier in options.nothing else (Link(database, identifier),)
    raise ValueError(f"expected an identifier that begins with {' or '.join(options.databases)}, found {cell!r}")
