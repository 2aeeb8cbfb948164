"""Standoff files of brat and the BioNLP shared tasks: a text and the annotations that point into it.

T1<TAB>Protein 0 4;10 14<TAB>mention     text-bound: an entity, or the trigger of an event
E1<TAB>Binding:T3 Theme:T1 Cause:E2      event
R1<TAB>Part-of Arg1:T1 Arg2:T2           relation
*<TAB>Equiv T1 T2 T4                     coreference chain
N1<TAB>Reference T1 Taxonomy:9606<TAB>…  concept of an entity
A, M, #                                  attributes, modifications and notes: not read
"""

from collections.abc import Iterator
from dataclasses import replace

from schemas.formats import Standoff
from schemas.records import Argument, Document, Entity, Event, Link, Mention, Reject, Relation
from tasks.read import Files, Found, plain, read
from tasks.read.text import decode
from tasks.unpack import Member

_IGNORED = ("A", "M", "#")


@read.register
def _(options: Standoff, files: Files) -> Found:
    members = {member.name: member for member in plain(files)}
    texts = [name for name in members if name.endswith(".txt")]
    for name in texts:
        stem = name.removesuffix(".txt")
        annotations = [members[stem + suffix] for suffix in options.annotations if stem + suffix in members]
        yield _Standoff(options, members[name], annotations).document()
    for name in members:
        stem = next((name.removesuffix(suffix) for suffix in options.annotations if name.endswith(suffix)), None)
        if stem is not None and f"{stem}.txt" not in members:
            yield Reject(name, "annotations without a text", f"expected `{stem}.txt` beside it")


class _Malformed(ValueError):
    """A line that is not what its first letter promises."""


class _Standoff:
    """The annotations of one document."""

    def __init__(self, options: Standoff, text: Member, annotations: list[Member]) -> None:
        self.id = text.name.rsplit("/", 1)[-1].removesuffix(".txt")
        self.text = decode(text, options.encoding).replace("\r\n", "\n")
        self.rows = [
            (f"{member.name}:{number}", row)
            for member in annotations
            for number, row in enumerate(decode(member, options.encoding).splitlines(), 1)
            if row.strip()
        ]
        self.bound: dict[str, Entity] = {}
        self.events: dict[str, tuple[str, str, list[str]]] = {}
        self.relations: list[tuple[str, str, list[str]]] = []
        self.chains: list[list[str]] = []
        self.links: dict[str, list[Link]] = {}

    def document(self) -> Document | Reject:
        """Put the lines together."""
        try:
            for place, row in self.rows:
                self._line(place, row)
            return self._document()
        except _Malformed as error:
            return Reject(self.id, "malformed line", str(error))

    def _line(self, place: str, row: str) -> None:
        cells = row.split("\t")
        try:
            match row[0]:
                case "T":
                    self._bound(*cells[:3])
                case "E":
                    type_, trigger = (words := cells[1].split())[0].split(":")
                    self.events[cells[0]] = (type_, trigger, words[1:])
                case "R":
                    words = cells[1].split()
                    self.relations.append((cells[0], words[0], words[1:]))
                case "*":
                    self.chains.append(cells[1].split()[1:])
                case "N":
                    database, _, identifier = cells[1].split()[2].partition(":")
                    self.links.setdefault(cells[1].split()[1], []).append(Link(database, identifier))
                case letter if letter not in _IGNORED:
                    raise ValueError(letter)
        except (ValueError, IndexError, TypeError) as error:
            raise _Malformed(f"{place}: {row[:80]!r} is not an annotation") from error

    def _bound(self, id_: str, place: str, mention: str) -> None:
        type_, _, offsets = place.partition(" ")
        spans = tuple((int(start), int(end)) for start, end in (span.split() for span in offsets.split(";")))
        self.bound[id_] = Entity(id_, type_, spans, mention.strip("\r"))

    def _document(self) -> Document:
        triggers = {trigger for _, trigger, _ in self.events.values()}
        ordered = sorted(self.bound.values(), key=lambda entity: (entity.spans, entity.id))
        entities = (entity for entity in ordered if entity.id not in triggers)
        return Document(
            id=self.id,
            text=self.text,
            entities=tuple(
                replace(entity, links=tuple(self.links[entity.id])) if entity.id in self.links else entity
                for entity in entities
            ),
            relations=tuple(
                Relation(id_, type_, tuple(self._arguments(words, triggers))) for id_, type_, words in self.relations
            ),
            events=tuple(
                Event(
                    id_,
                    type_,
                    self._at(trigger).text,
                    self._at(trigger).spans[0][0],
                    tuple(self._arguments(words, triggers)),
                )
                for id_, (type_, trigger, words) in self.events.items()
            ),
            chains=tuple(self._chain(ids) for ids in self.chains),
        )

    def _at(self, id_: str) -> Entity:
        if id_ not in self.bound:
            raise _Malformed(f"`{id_}` is used, but no line defines it")
        return self.bound[id_]

    def _chain(self, ids: list[str]) -> tuple[Mention, ...]:
        ordered = sorted((self._at(id_) for id_ in ids), key=lambda entity: (entity.spans, entity.id))
        return tuple(Mention(entity.id, entity.text) for entity in ordered)

    def _arguments(self, words: list[str], triggers: set[str]) -> Iterator[Argument]:
        for word in words:
            role, _, target = word.partition(":")
            if target in self.events:
                yield Argument(role, target, "event", self._at(self.events[target][1]).text)
            else:
                kind = "trigger" if target in triggers else "entity"
                yield Argument(role, target, kind, self._at(target).text)
