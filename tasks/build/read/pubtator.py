"""PubTator text: title, abstract, mentions and relations between concepts, a blank line between documents.

    227508|t|Title
    227508|a|Abstract
    227508<TAB>0<TAB>8<TAB>Naloxone<TAB>Chemical<TAB>D009270
    227508<TAB>CID<TAB>D008750<TAB>D007022

Offsets count code points of title, one more, abstract; the record has a line break between them. A document may have
no abstract.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache, partial

from schemas.formats import PubTator
from schemas.records import Argument, Document, Entity, Link, Reject, Relation
from tasks.build.read import Files, Found, concept, fault, identifiers, plain, read
from tasks.build.read.text import lines

_TITLE = re.compile(r"([^|\t]+)\|t\|(.*)", re.DOTALL)
_ABSTRACT = re.compile(r"([^|\t]+)\|a\|(.*)", re.DOTALL)

_Links = Callable[[str, str], tuple[Link, ...]]


@read.register
def _(options: PubTator, files: Files) -> Found:
    links = cache(partial(_links, options))
    for member in plain(files):
        for number, block in _blocks(lines(member, options.encoding)):
            place = f"{member.name}:{number}"
            try:
                yield _document(options, links, block, place)
            except ValueError as error:
                yield Reject(place, "malformed line", fault(error))


def _blocks(rows: list[str]) -> Iterator[tuple[int, list[str]]]:
    """The lines of each document with the number of the first; a title begins one even without a blank line."""
    block: list[str] = []
    for number, row in enumerate(rows, 1):
        blank = not row or row.isspace()
        if block and (blank or ("|t|" in row and _TITLE.match(row))):
            yield number - len(block), block
            block = []
        if not blank:
            block.append(row)
    if block:
        yield len(rows) + 1 - len(block), block


def _document(options: PubTator, links: _Links, block: list[str], place: str) -> Document | Reject:
    title = _TITLE.match(block[0])
    if title is None:
        return Reject(place, "no title", f"expected `id|t|…`, found {block[0][:80]!r}")
    id_, text = title.groups()
    abstract = _ABSTRACT.match(block[1]) if len(block) > 1 else None
    if abstract is not None and abstract[1] == id_:
        text = f"{text}\n{abstract[2]}"
        del block[1]
    entities: list[Entity] = []
    relations: list[list[str]] = []
    for row in block[1:]:
        cells = row.split("\t")
        if cells[0] != id_:
            return Reject(id_, "line of another document", f"{place}: {row[:80]!r}")
        if len(cells) > 4 and cells[1].isdecimal() and cells[2].isdecimal():
            spans = ((int(cells[1]), int(cells[2])),)
            found = (link for place in options.columns if place < len(cells) for link in links(cells[4], cells[place]))
            entities.append(Entity(f"T{len(entities) + 1}", cells[4], spans, cells[3], tuple(found)))
        elif len(cells) in (4, 5) and not cells[1].isdecimal():
            relations.append(cells)
        else:
            return Reject(id_, "malformed line", f"{place}: {len(cells)} columns in {row[:80]!r}")
    return Document(id_, text, tuple(entities), _relations(options, relations, entities))


def _links(options: PubTator, type_: str, cell: str) -> tuple[Link, ...]:
    separators, vocabulary = options.separators, options.vocabulary
    parting = separators if isinstance(separators, str) else separators.get(type_, "")
    database = vocabulary if isinstance(vocabulary, str) else vocabulary.get(type_)
    found = (_link(options, name, database) for name in identifiers(cell, parting, options.nothing))
    return tuple(link for link in found if link is not None)


def _link(options: PubTator, name: str, database: str | None) -> Link | None:
    named = concept(options.patterns, name)
    if named is None:
        other, identifier = _named(options, name)
        named = Link(chosen, identifier) if (chosen := other or database) and identifier else None
    return named


def _named(options: PubTator, name: str) -> tuple[str | None, str]:
    """The database that an identifier's prefix names, if it has one, and the identifier without it."""
    for prefix, database in options.prefixes.items():
        if name.startswith(prefix):
            return database, name.removeprefix(prefix)
    return None, name


def _relations(options: PubTator, rows: list[list[str]], entities: list[Entity]) -> tuple[Relation, ...]:
    if not rows:
        return ()
    first: dict[str, str] = {}
    for entity in sorted(entities, key=lambda entity: entity.spans):
        for link in entity.links:
            first.setdefault(link.identifier, entity.text)
    found: list[Relation] = []
    for number, (_, type_, one, other, *_) in enumerate(rows, 1):
        texts = [first.get(_named(options, name)[1], "") for name in (one, other)]
        arguments = (Argument("Arg1", one, "concept", texts[0]), Argument("Arg2", other, "concept", texts[1]))
        found.append(Relation(f"R{number}", type_, arguments))
    return tuple(found)
