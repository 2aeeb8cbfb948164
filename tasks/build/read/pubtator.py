"""PubTator text: title, abstract, mentions and relations between concepts, a blank line between documents.

    227508|t|Title
    227508|a|Abstract
    227508<TAB>0<TAB>8<TAB>Naloxone<TAB>Chemical<TAB>D009270
    227508<TAB>CID<TAB>D008750<TAB>D007022

Offsets count code points of title, one more, abstract; the record has a line break between them. A document may have
no abstract.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import chain
from typing import NamedTuple

from schemas.formats import PubTator
from schemas.records import Argument, Document, Entity, Link, Reject, Relation
from tasks.build.read import AMBIGUOUS, STRAY, Files, Found, fault, plain, read
from tasks.build.read.concepts import concepts
from tasks.build.read.each import each_file
from tasks.build.read.text import lines
from tasks.build.unpack import Member

_TITLE = re.compile(r"([^|\t]+)\|t\|(.*)", re.DOTALL)
_ABSTRACT = re.compile(r"([^|\t]+)\|a\|(.*)", re.DOTALL)

_OFFSET = re.compile(r"-?\d+")

_Cells = tuple[str, ...]


class _Concepts(NamedTuple):
    """What cells mean; many say the same.

    Attributes:
        of_mention: the concepts of a mention, from its type and the cells that name them.
        of_argument: the concepts that the argument of a relation names with their databases.
    """

    of_mention: Callable[[str, _Cells], tuple[Link, ...]]
    of_argument: Callable[[str], tuple[Link, ...]]


@read.register
def _(options: PubTator, files: Files) -> Found:
    prefixes = _prefixes(options)
    known = _Concepts(
        cache(partial(_links, options, prefixes)),
        cache(partial(concepts, database=None, patterns=options.patterns, prefixes=prefixes)),
    )
    yield from each_file(plain(files), partial(_documents, options, known))


def _documents(options: PubTator, known: _Concepts, member: Member) -> Found:
    for block in _blocks(lines(member, options.encoding)):
        number, row = block[0]
        title = _TITLE.match(row)
        if title is None:
            yield Reject(f"{member.name}:{number}", "no title", f"expected `id|t|…`, found {row[:80]!r}")
            continue
        below = _Block(options, known, title[1], member.name)
        try:
            document = below.document(title[2], block[1:])
        except ValueError as error:
            yield Reject(title[1], "malformed line", f"{member.name}, from line {number}: {fault(error)}")
        else:
            yield document
            yield from below.aside if isinstance(document, Document) else ()


_Rows = list[tuple[int, str]]
"""Lines with their numbers."""


def _blocks(rows: list[str]) -> Iterator[_Rows]:
    """The lines of each document.

    A title begins one even without a blank line, and a blank line ends one unless the next line goes on with its id.
    """
    block: _Rows = []
    ended, id_ = False, ""
    for number, row in enumerate(rows, 1):
        if not row or row.isspace():
            ended = True
            continue
        title = _TITLE.match(row) if "|t|" in row else None
        if block and (title is not None or (ended and not row.startswith((f"{id_}|a|", f"{id_}\t")))):
            yield block
            block = []
        if not block:
            id_ = title[1] if title else row
        ended = False
        block.append((number, row))
    if block:
        yield block


class _Block:
    """The lines of one document below its title."""

    def __init__(self, options: PubTator, known: _Concepts, id_: str, name: str) -> None:
        self.options, self.known, self.id, self.name = options, known, id_, name
        self.entities: list[Entity] = []
        self.cells: list[_Cells] = []
        self.relations: list[tuple[int, list[str]]] = []
        self.others: list[tuple[int, list[str]]] = []
        self.aside: list[Reject] = []

    def document(self, text: str, rows: _Rows) -> Document | Reject:
        """Put the lines together; a line that cannot be an annotation is set aside."""
        abstract = _ABSTRACT.match(rows[0][1]) if rows else None
        if abstract is not None and abstract[1] == self.id:
            text = f"{text}\n{abstract[2]}"
            rows = rows[1:]
        for number, row in rows:
            if not row.rpartition("\t")[2].startswith(self.options.skip):
                self._line(number, row.split("\t"))
        for number, cells in self.others:
            if (reason := self._broken(cells)) is not None:
                return Reject(self.id, reason, self._told(number, cells))
            self.aside.append(Reject(self.id, STRAY, self._told(number, cells)))
        return Document(self.id, text, tuple(self.entities), tuple(self._related()))

    def _told(self, number: int, cells: list[str]) -> str:
        row = "\t".join(cells)[:80]
        return f"{self.name}:{number}: expected an annotation of {self.id}, found {len(cells)} columns in {row!r}"

    def _line(self, number: int, cells: list[str]) -> None:
        if len(cells) > 4 and cells[0] == self.id and cells[1].isdecimal() and cells[2].isdecimal():
            spans = ((int(cells[1]), int(cells[2])),)
            columns = tuple([cells[place] for place in self.options.columns if place < len(cells)])
            links = self.known.of_mention(cells[4], columns)
            self.entities.append(Entity(f"T{len(self.entities) + 1}", cells[4], spans, cells[3], links))
            self.cells.append(columns)
        elif len(cells) in (4, 5) and cells[0] == self.id and not cells[1].isdecimal():
            self.relations.append((number, cells))
        else:
            self.others.append((number, cells))

    def _broken(self, cells: list[str]) -> str | None:
        """Why a line may be an annotation that is broken, or one of another document; None if it cannot be one.

        What has an offset may be a mention, and what names a concept of the document a relation.
        """
        placed = any(_OFFSET.fullmatch(cell) for cell in cells[1:3])
        if cells[0] != self.id:
            other = placed or len(cells) in (4, 5) or _TITLE.match(cells[0]) or _ABSTRACT.match(cells[0])
            return "line of another document" if other else None
        named = {cell for _, relation in self.relations for cell in relation[1:4]}
        named |= {link.identifier for entity in self.entities for link in entity.links}
        return None if not placed and named.isdisjoint(cells[1:]) else "malformed line"

    def _related(self) -> Iterator[Relation]:
        """The relations; the text of a concept is its first mention."""
        first = self._first() if self.relations else {}
        alike: dict[str, list[Link]] = defaultdict(list)
        for key in first:
            if isinstance(key, Link):
                alike[key.identifier].append(key)
        for number, (line, (_, type_, *names)) in enumerate(self.relations, 1):
            arguments: list[Argument] = []
            for place, name in enumerate(names[:2], 1):
                meant = self._meant(name, first, alike)
                if len(meant) > 1:
                    databases = " and ".join(key.database for key in meant if isinstance(key, Link))
                    detail = f"the relation {type_}: expected one concept, found {name!r} in {databases}"
                    self.aside.append(Reject(self.id, AMBIGUOUS, f"{self.name}:{line}: {detail}"))
                    break
                arguments.append(Argument(f"Arg{place}", name, "concept", first[meant[0]] if meant else ""))
            else:
                yield Relation(f"R{number}", type_, tuple(arguments))

    def _first(self) -> dict[Link | str, str]:
        """The first mention of each concept, and of each cell, which may name several."""
        first: dict[Link | str, str] = {}
        related = self.options.related
        for entity, cells in sorted(zip(self.entities, self.cells, strict=True), key=lambda each: each[0].spans):
            if not related or entity.type in related:
                for key in (*entity.links, *cells):
                    first.setdefault(key, entity.text)
        return first

    def _meant(
        self, name: str, first: Mapping[Link | str, str], alike: Mapping[str, Sequence[Link]]
    ) -> Sequence[Link | str]:
        """What a relation may mean: the concept that it names with its database, else those of the identifier."""
        named = [link for link in self.known.of_argument(name) if link in first]
        return named or alike.get(name) or [cell for cell in (name,) if cell in first]


def _links(options: PubTator, prefixes: Mapping[str, str], type_: str, cells: _Cells) -> tuple[Link, ...]:
    separators, vocabulary = options.separators, options.vocabulary
    found = (
        concepts(
            cell,
            vocabulary if isinstance(vocabulary, str) else vocabulary.get(type_),
            separators=separators if isinstance(separators, str) else separators.get(type_, ""),
            nothing=options.nothing,
            patterns=options.patterns,
            prefixes=prefixes,
        )
        for cell in cells
    )
    return tuple(dict.fromkeys(chain.from_iterable(found)))


def _prefixes(options: PubTator) -> dict[str, str]:
    """The declared prefixes, and the names of the databases."""
    vocabulary = options.vocabulary
    names = [vocabulary] if isinstance(vocabulary, str) else list(vocabulary.values())
    return {**{f"{name}:": name for name in names}, **options.prefixes}
