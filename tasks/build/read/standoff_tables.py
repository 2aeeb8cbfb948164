"""Annotations in three tables: abstracts, entities with offsets into both columns, and relations between them."""

import re
from collections import defaultdict
from collections.abc import Iterator
from operator import attrgetter

from schemas.formats import StandoffTables
from schemas.records import Argument, Document, Entity, Reject, Relation
from tasks.build.read import STRAY, Files, Found, by_role, fault, one, read
from tasks.build.read.text import lines
from tasks.build.unpack import Member

_Rows = dict[str, list[list[str]]]


@read.register
def _(options: StandoffTables, files: Files) -> Found:
    rejects: list[Reject] = []
    entities = _by_document(options, one(files, "entities"), 6, rejects)
    relations = _by_document(options, one(files, "relations"), options.relation + 3, rejects)
    abstracts = one(files, "abstracts")
    seen: set[str] = set()
    for number, cells in _rows(options, abstracts):
        place = f"{abstracts.name}:{number}"
        if len(cells) != 3:
            yield Reject(place, "malformed line", f"expected 3 columns, found {len(cells)}")
            continue
        if cells[0] in seen:  # whose the annotations are, nobody can tell; the first has them
            yield Reject(cells[0], "repeated record", f"{place}: an earlier line has this id")
            continue
        seen.add(cells[0])
        yield _document(options, cells, entities.pop(cells[0], []), relations.pop(cells[0], []))
    yield from rejects
    for orphan in sorted({*entities, *relations}):
        yield Reject(orphan, "annotations without a text", f"no line of `{abstracts.name}` has this id")


def _rows(options: StandoffTables, member: Member) -> Iterator[tuple[int, list[str]]]:
    for number, row in enumerate(lines(member, options.encoding), 1):
        if row:
            yield number, row.split("\t")


def _by_document(options: StandoffTables, member: Member, columns: int, rejects: list[Reject]) -> _Rows:
    """The rows of each document; one with too few columns becomes its place, or a reject if it cannot be one."""
    rows: _Rows = defaultdict(list)
    for number, cells in _rows(options, member):
        place = f"{member.name}:{number}"
        if len(cells) < columns and not any(_ANNOTATES.match(cell) for cell in cells[1:]):
            detail = f"{place}: expected an entity or a relation, found {len(cells)} columns"
            rejects.append(Reject(cells[0] or place, STRAY, detail))
        else:
            rows[cells[0]].append(cells if len(cells) >= columns else [place])
    return rows


_ANNOTATES = re.compile(r"T?\d+$|\w+:T\d+", re.ASCII)
"""A cell that an entity or a relation has: an id, an offset, or an argument."""


def _document(
    options: StandoffTables, cells: list[str], entities: list[list[str]], relations: list[list[str]]
) -> Document | Reject:
    id_, title, abstract = cells
    for row in (*entities, *relations):
        if len(row) == 1:
            return Reject(id_, "malformed line", f"{row[0]} has too few columns")
    try:
        found = [Entity(row[1], row[2], ((int(row[3]), int(row[4])),), row[5]) for row in entities]
        texts = {entity.id: entity.text for entity in found}
        linked = tuple(_relation(options, number, row, texts) for number, row in enumerate(relations, 1))
    except (ValueError, KeyError) as error:
        return Reject(id_, "malformed line", f"an entity or relation of the document: {fault(error)}")
    found.sort(key=attrgetter("spans", "id"))
    return Document(id_, f"{title}\n{abstract}", tuple(found), linked)


def _relation(options: StandoffTables, number: int, row: list[str], texts: dict[str, str]) -> Relation:
    arguments: list[Argument] = []
    for cell in row[-2:]:
        role, _, target = cell.strip().partition(":")
        arguments.append(Argument(role, target, "entity", texts[target]))
    return Relation(f"R{number}", row[options.relation].strip(), by_role(arguments))
