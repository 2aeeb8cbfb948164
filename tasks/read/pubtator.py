"""PubTator text: title, abstract, mentions and relations between concepts, a blank line between documents.

    227508|t|Title
    227508|a|Abstract
    227508<TAB>0<TAB>8<TAB>Naloxone<TAB>Chemical<TAB>D009270
    227508<TAB>CID<TAB>D008750<TAB>D007022

Offsets count code points of title, one blank, abstract.
"""

import re
from collections.abc import Iterator

from schemas.formats import PubTator
from schemas.records import Argument, Document, Entity, Link, Reject, Relation
from tasks.read import Files, Found, plain, read
from tasks.read.text import lines

_TEXT = re.compile(r"([^|\t]+)\|([ta])\|(.*)", re.DOTALL)


@read.register
def _(options: PubTator, files: Files) -> Found:
    for member in plain(files):
        for number, block in _blocks(lines(member, options.encoding)):
            yield _document(options, block, f"{member.name}:{number}")


def _blocks(rows: list[str]) -> Iterator[tuple[int, list[str]]]:
    block: list[str] = []
    for number, row in enumerate(rows, 1):
        if row.strip():
            block.append(row)
        elif block:
            yield number - len(block), block
            block = []
    if block:
        yield len(rows) - len(block) + 1, block


def _document(options: PubTator, block: list[str], place: str) -> Document | Reject:
    heads = [_TEXT.fullmatch(row) for row in block[:2]]
    if len(heads) < 2 or heads[0] is None or heads[1] is None or (heads[0][2], heads[1][2]) != ("t", "a"):
        return Reject(place, "no title and abstract", f"expected `id|t|…` and `id|a|…`, found {block[0][:80]!r}")
    id_ = heads[0][1]
    entities: list[Entity] = []
    relations: list[list[str]] = []
    for number, row in enumerate(block[2:], 2):
        cells = row.split("\t")
        if cells[0] != id_:
            return Reject(id_, "line of another document", f"{place} +{number}: {row[:80]!r}")
        if len(cells) >= 5 and cells[1].isdigit() and cells[2].isdigit():
            entities.append(_entity(options, cells, len(entities)))
        elif len(cells) >= 4 and not cells[1].isdigit():
            relations.append(cells)
        else:
            return Reject(id_, "malformed line", f"{place} +{number}: {len(cells)} columns in {row[:80]!r}")
    return Document(
        id=id_,
        text=f"{heads[0][3]} {heads[1][3]}",
        entities=tuple(entities),
        relations=tuple(_relations(options, relations, entities)),
    )


def _entity(options: PubTator, cells: list[str], number: int) -> Entity:
    type_ = cells[4]
    links: tuple[Link, ...] = ()
    if len(cells) > 5:
        vocabulary = options.vocabulary
        database = vocabulary if isinstance(vocabulary, str) else vocabulary.get(type_)
        identifiers = re.split(f"[{re.escape(options.separators)}]", cells[5]) if options.separators else [cells[5]]
        if database is not None:
            found = (text.strip() for text in identifiers)
            links = tuple(_link(options, database, name) for name in found if name not in options.nothing)
    return Entity(f"T{number + 1}", type_, ((int(cells[1]), int(cells[2])),), cells[3], links)


def _link(options: PubTator, database: str, name: str) -> Link:
    for prefix, other in options.prefixes.items():
        if name.startswith(prefix):
            return Link(other, name.removeprefix(prefix))
    return Link(database, name)


def _relations(options: PubTator, rows: list[list[str]], entities: list[Entity]) -> Iterator[Relation]:
    if not rows:
        return
    first: dict[str, str] = {}
    for entity in sorted(entities, key=lambda entity: entity.spans):
        for link in entity.links:
            first.setdefault(link.identifier, entity.text)
    for number, cells in enumerate(rows, 1):
        arguments = tuple(
            Argument(f"Arg{place}", concept, "concept", first.get(_link(options, "", concept).identifier, ""))
            for place, concept in enumerate(cells[2:4], 1)
        )
        yield Relation(f"R{number}", cells[1], arguments)
