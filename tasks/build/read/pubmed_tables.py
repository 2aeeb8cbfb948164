"""Tables of annotations, one a PubMed article, with offsets into title and abstract; the articles in PubMed's XML.

A mention has the columns set, agreed, `concept`, name, start, end, annotators, ids, number, type; a relation has
set, agreed, `relation`, the numbers of its two mentions, their ids, their places (`start:end`), annotators, type.

The name is not always what stands in the text: people who moved a mention's bounds did not write it anew, and what
they added has none. Where it is as long as the mention, it is held against the text.
"""

import re
from collections.abc import Iterator

from lxml import etree

from schemas.formats import PubMedTables
from schemas.records import Argument, Document, Entity, Reject, Relation
from tasks.build.read import STRAY, Files, Found, by_place, fault, read
from tasks.build.read.each import each, each_file
from tasks.build.read.text import lines
from tasks.build.read.xml import parse, text_of
from tasks.build.unpack import Member

_Row = list[str]

_COLUMNS = {"concept": 10, "relation": 11}
"""How many columns a row has, by the word in its third."""


@read.register
def _(options: PubMedTables, files: Files) -> Found:
    tables = {member.name.rsplit("/", 1)[-1].partition(".")[0]: member for member in files.get("annotations", ())}
    texts: dict[str, str] = {}

    def articles(member: Member) -> Iterator[Reject]:
        for id_, text in _articles(member):
            if id_ not in tables or id_ in texts:
                detail = f"{member.name}: " + ("it is there twice" if id_ in texts else "no table has its name")
                yield Reject(id_, "text without annotations", detail)
            else:
                texts[id_] = text

    def documents(id_: str) -> Found:
        if id_ in texts:
            yield from _documents(id_, texts[id_], lines(tables[id_], options.encoding))
        else:
            yield Reject(id_, "annotations without a text", f"`{tables[id_].name}`: no article has this PMID")

    yield from each_file([member for role in files if role != "annotations" for member in files[role]], articles)
    yield from each(list(tables), documents, str)


def _articles(member: Member) -> Iterator[tuple[str, str]]:
    """The articles of a file: PMID, and title and the sections of the abstract in lines."""
    for number, citation in enumerate(parse(member).iter("MedlineCitation"), 1):
        article = citation.find("Article")
        if article is not None:
            pieces = [text_of(article.find("ArticleTitle")), *map(_labelled, article.iterfind("Abstract/AbstractText"))]
            yield citation.findtext("PMID") or f"{member.name}#{number}", "\n".join(piece for piece in pieces if piece)


def _labelled(element: etree._Element) -> str:
    label = element.get("Label")
    return f"{label}: {text_of(element)}" if label else text_of(element)


def _documents(id_: str, text: str, rows: list[str]) -> Found:
    """The document of a table, and the lines that are no annotations; or why it cannot be one."""
    entities: list[Entity] = []
    strays: list[Reject] = []
    relations: list[_Row] = []
    ids: dict[tuple[str, str], str] = {}
    for number, row in enumerate(rows, 1):
        cells = row.split("\t")
        if not any(cell.strip().lstrip("-").isdecimal() or _PLACE.fullmatch(cell) for cell in cells):
            strays.append(Reject(id_, STRAY, f"line {number}: expected a concept or a relation, found {row[:80]!r}"))
            continue
        try:
            if len(cells) != _COLUMNS[cells[2]]:
                raise ValueError(f"{len(cells)} columns")
            if cells[2] == "relation":
                relations.append([*cells, *(_at(text, *_place(cells[column])) for column in (7, 8))])
            else:
                entity = _entity(f"T{number}", text, cells)
                entities.append(entity)
                ids.setdefault((cells[8], f"{cells[4]}:{cells[5]}"), entity.id)
        except (ValueError, LookupError) as error:
            yield Reject(id_, "malformed line", f"line {number}: {row[:80]!r}: {fault(error)}")
            return
    found = tuple(_relation(f"R{number}", cells, ids) for number, cells in enumerate(relations, 1))
    yield Document(id_, text, tuple(sorted(entities, key=by_place)), found)
    yield from strays


_PLACE = re.compile(r"-?\d+:-?\d+", re.ASCII)


def _entity(id_: str, text: str, cells: _Row) -> Entity:
    start, end = int(cells[4]), int(cells[5])
    name = cells[3] if len(cells[3]) == end - start else _at(text, start, end)
    return Entity(id_, cells[9], ((start, end),), name)


def _place(cell: str) -> tuple[int, int]:
    start, _, end = cell.partition(":")
    return int(start), int(end)


def _at(text: str, start: int, end: int) -> str:
    return text[start:end] if 0 <= start < end else ""


def _relation(id_: str, cells: _Row, ids: dict[tuple[str, str], str]) -> Relation:
    """A relation; an argument without a mention in the table has its place as its target."""
    arguments = tuple(
        Argument(f"Arg{place}", ids.get((cells[number], cells[span]), cells[span]), "entity", mention)
        for place, (number, span, mention) in enumerate(((3, 7, cells[11]), (4, 8, cells[12])), 1)
    )
    return Relation(id_, cells[10], arguments)
