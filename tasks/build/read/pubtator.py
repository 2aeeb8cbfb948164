"""PubTator text: title, abstract, mentions and relations between concepts, a blank line between documents.

    227508|t|Title
    227508|a|Abstract
    227508<TAB>0<TAB>8<TAB>Naloxone<TAB>Chemical<TAB>D009270
    227508<TAB>CID<TAB>D008750<TAB>D007022

Offsets count code points of title, one space, abstract. A document may have no abstract.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial

from schemas.formats import PubTator
from schemas.records import Argument, Document, Entity, Link, Reject, Relation
from tasks.build.read import AMBIGUOUS, STRAY, Files, Found, fault, plain, read
from tasks.build.read.concepts import concepts
from tasks.build.read.each import each_file
from tasks.build.read.text import lines
from tasks.build.unpack import Member

_TITLE = re.compile(r"([^|\t]+)\|t\|(.*)", re.DOTALL)
_ABSTRACT = re.compile(r"([^|\t]+)\|a\|(.*)", re.DOTALL)

_OTHER = re.compile(r"[^|\t]+(?:\|[ta]\||\t)")
"""How a line with an id begins."""

_OFFSET = re.compile(r"-?\d+")

_Links = Callable[[str, str], tuple[Link, ...]]


@read.register
def _(options: PubTator, files: Files) -> Found:
    links = cache(partial(_links, options))
    yield from each_file(plain(files), partial(_documents, options, links))


def _documents(options: PubTator, links: _Links, member: Member) -> Found:
    for number, block in _blocks(lines(member, options.encoding)):
        place = f"{member.name}:{number}"
        title = _TITLE.match(block[0])
        if title is None:
            yield Reject(place, "no title", f"expected `id|t|…`, found {block[0][:80]!r}")
            continue
        below = _Block(options, links, title[1], place)
        try:
            document = below.document(title[2], block[1:])
        except ValueError as error:
            yield Reject(title[1], "malformed line", f"{place}: {fault(error)}")
        else:
            yield document
            yield from below.aside if isinstance(document, Document) else ()


def _blocks(rows: list[str]) -> Iterator[tuple[int, list[str]]]:
    """The lines of each document with the number of the first.

    A title begins one even without a blank line, and a blank line ends one unless the next line goes on with its id.
    """
    block: list[str] = []
    first, ended, id_ = 0, False, ""
    for number, row in enumerate(rows, 1):
        if not row or row.isspace():
            ended = True
            continue
        title = _TITLE.match(row) if "|t|" in row else None
        if block and (title is not None or (ended and not row.startswith((f"{id_}|a|", f"{id_}\t")))):
            yield first, block
            block = []
        if not block:
            first, id_ = number, title[1] if title else row
        ended = False
        block.append(row)
    if block:
        yield first, block


class _Block:
    """The lines of one document below its title."""

    def __init__(self, options: PubTator, links: _Links, id_: str, place: str) -> None:
        self.options, self.links, self.id, self.place = options, links, id_, place
        self.entities: list[Entity] = []
        self.cells: list[list[str]] = []
        self.relations: list[list[str]] = []
        self.others: list[list[str]] = []
        self.aside: list[Reject] = []

    def document(self, text: str, rows: list[str]) -> Document | Reject:
        """Put the lines together; a line that cannot be an annotation is set aside."""
        abstract = _ABSTRACT.match(rows[0]) if rows else None
        if abstract is not None and abstract[1] == self.id:
            text = f"{text} {abstract[2]}"
            rows = rows[1:]
        for row in rows:
            if _OTHER.match(row) and row.split("\t")[0] != self.id:
                return Reject(self.id, "line of another document", f"{self.place}: {row[:80]!r}")
            self._line(row.split("\t"))
        if (broken := next(filter(self._may_annotate, self.others), None)) is not None:
            found = f"{len(broken)} columns in " + repr("\t".join(broken)[:80])
            return Reject(self.id, "malformed line", f"{self.place}: {found}")
        for cells in self.others:
            found = f"expected an annotation, found {len(cells)} columns in " + repr("\t".join(cells)[:80])
            self.aside.append(Reject(self.id, STRAY, f"{self.place}: {found}"))
        return Document(self.id, text, tuple(self.entities), tuple(self._related()))

    def _line(self, cells: list[str]) -> None:
        if len(cells) > 4 and cells[0] == self.id and cells[1].isdecimal() and cells[2].isdecimal():
            spans = ((int(cells[1]), int(cells[2])),)
            columns = [cells[place] for place in self.options.columns if place < len(cells)]
            found = dict.fromkeys(link for cell in columns for link in self.links(cells[4], cell))
            self.entities.append(Entity(f"T{len(self.entities) + 1}", cells[4], spans, cells[3], tuple(found)))
            self.cells.append(columns)
        elif len(cells) in (4, 5) and cells[0] == self.id and not cells[1].isdecimal():
            self.relations.append(cells)
        else:
            self.others.append(cells)

    def _may_annotate(self, cells: list[str]) -> bool:
        """Whether a line may be a broken mention, as it has an offset, or a relation, as it names a concept."""
        if any(_OFFSET.fullmatch(cell) for cell in cells[1:3]):
            return True
        named = {cell for relation in self.relations for cell in relation[1:4]}
        named |= {link.identifier for entity in self.entities for link in entity.links}
        return not named.isdisjoint(cells[1:])

    def _related(self) -> Iterator[Relation]:
        """The relations; the text of a concept is its first mention."""
        first = self._first() if self.relations else {}
        for number, (_, type_, *names) in enumerate(self.relations, 1):
            arguments: list[Argument] = []
            for place, name in enumerate(names[:2], 1):
                meant = self._meant(name, first)
                if len(meant) > 1:
                    databases = " and ".join(key.database for key in meant if isinstance(key, Link))
                    detail = f"the relation {type_}: expected one concept, found {name!r} in {databases}"
                    self.aside.append(Reject(self.id, AMBIGUOUS, f"{self.place}: {detail}"))
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

    def _meant(self, name: str, first: Mapping[Link | str, str]) -> Sequence[Link | str]:
        """What a relation may mean: the concept that it names with its database, else those of the identifier."""
        options = self.options
        named = concepts(name, None, patterns=options.patterns, prefixes=_prefixes(options))
        alike = [link for link in first if isinstance(link, Link) and link.identifier == name]
        return [link for link in named if link in first] or alike or [cell for cell in (name,) if cell in first]


def _links(options: PubTator, type_: str, cell: str) -> tuple[Link, ...]:
    separators, vocabulary = options.separators, options.vocabulary
    return concepts(
        cell,
        vocabulary if isinstance(vocabulary, str) else vocabulary.get(type_),
        separators=separators if isinstance(separators, str) else separators.get(type_, ""),
        nothing=options.nothing,
        patterns=options.patterns,
        prefixes=_prefixes(options),
    )


def _prefixes(options: PubTator) -> dict[str, str]:
    """The declared prefixes, and the names of the databases."""
    vocabulary = options.vocabulary
    names = [vocabulary] if isinstance(vocabulary, str) else list(vocabulary.values())
    return {**{f"{name}:": name for name in names}, **options.prefixes}
