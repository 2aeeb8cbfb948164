"""Standoff files of brat and the BioNLP shared tasks: a text and the annotations that point into it.

T1<TAB>Protein 0 4;10 14<TAB>mention     text-bound: an entity, or the trigger of an event
E1<TAB>Binding:T3 Theme:T1 Cause:E2      event
R1<TAB>Part-of Arg1:T1 Arg2:T2           relation
*<TAB>Equiv T1 T2 T4                     coreference chain
N1<TAB>Reference T1 Taxonomy:9606<TAB>…  concept of an entity
N1<TAB>Taxonomy Annotation:T1 Referent:9606      the same, where the arguments have roles
A, M, #                                  attributes, modifications and notes: not read

The texts are files beside their annotations, files in another folder, or the lines of one table.

Offsets count the code points of the text file as it is, both of a CRLF included; in the record, lines end with LF.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from schemas.formats import Standoff
from schemas.records import Argument, Document, Entity, Event, Link, Mention, Reject, Relation
from tasks.build.read import Files, Found, by_place, fault, one, plain, read
from tasks.build.read.text import decode, lines, with_lf
from tasks.build.unpack import Member


@read.register
def _(options: Standoff, files: Files) -> Found:
    members: dict[str, Member] = {}
    for member in plain(files):
        if members.setdefault(_name(options, member), member) != member:
            yield Reject(member.name, "repeated file", "an earlier file of the split has this name")
    known: set[str] = set()
    for stem, text in _texts(options, files, members):
        if not isinstance(text, Reject):
            known.add(stem)
        annotations = [members[stem + suffix] for suffix in options.annotations if stem + suffix in members]
        yield text if isinstance(text, Reject) else _Standoff(options, stem, text, annotations).document()
    for name in members:
        stem = next((name.removesuffix(suffix) for suffix in options.annotations if name.endswith(suffix)), None)
        if stem is not None and stem not in known:
            yield Reject(name, "annotations without a text", f"expected {_expected(options, stem)}")


def _name(options: Standoff, member: Member) -> str:
    return member.name if options.texts == "beside" else member.name.rsplit("/", 1)[-1]


def _texts(options: Standoff, files: Files, members: Mapping[str, Member]) -> Iterator[tuple[str, str | Reject]]:
    """The texts, each with what the names of its annotations begin with."""
    if options.texts == "lines":
        table = one(files, "texts")
        for number, row in enumerate(lines(table, options.encoding), 1):
            id_, tab, text = row.partition("\t")
            known = "expected an id, a tab and a text"
            yield id_, text if id_ and tab else Reject(f"{table.name}:{number}", "malformed line", known)
        return
    for name, member in members.items():
        stem, dot, suffix = name.rpartition(".txt")
        if dot and not suffix:
            yield stem, decode(member, options.encoding)


def _expected(options: Standoff, stem: str) -> str:
    match options.texts:
        case "beside":
            return f"`{stem}.txt` beside it"
        case "apart":
            return f"`{stem}.txt` in another folder"
        case "lines":
            return f"a line of the texts that begins with `{stem}`"


_BEGINS = re.compile(r"(?:[A-Z]\S*|#\S*|\*)\t|\s*$")
"""How an annotation begins; an empty line is none, but ends a wrapped mention."""


class _Malformed(ValueError):
    """A line that is not what its first letter promises."""


class _Standoff:
    """The annotations of one document."""

    def __init__(self, options: Standoff, stem: str, text: str, annotations: list[Member]) -> None:
        self.options = options
        self.id = stem.rsplit("/", 1)[-1]
        self.text, self.moved = with_lf(text)
        self.files = [(member.name, lines(member, options.encoding)) for member in annotations]
        self.bound: dict[str, Entity] = {}
        self.events: dict[str, tuple[str, str, list[str]]] = {}
        self.relations: list[tuple[str, str, list[str]]] = []
        self.chains: list[list[str]] = []
        self.links: dict[str, list[Link]] = {}

    def document(self) -> Document | Reject:
        """Put the lines together."""
        try:
            for name, rows in self.files:
                for number, row in self._unwrapped(rows):
                    if row and not row.isspace() and not row.startswith(self.options.skip):
                        self._line(f"{name}:{number}", row)
            return self._document()
        except _Malformed as error:
            return Reject(self.id, "malformed line", fault(error))

    def _unwrapped(self, rows: list[str]) -> Iterable[tuple[int, str]]:
        """The annotations with their line numbers, a wrapped mention put together."""
        if not self.options.wrapped:
            return enumerate(rows, 1)
        whole: list[tuple[int, str]] = []
        for number, row in enumerate(rows, 1):
            if whole and whole[-1][1].startswith("T") and _BEGINS.match(row) is None:
                first, mention = whole.pop()
                whole.append((first, f"{mention}\n{row}"))
            else:
                whole.append((number, row))
        return whole

    def _line(self, place: str, row: str) -> None:
        try:
            match row[0]:
                case "T":
                    self._bound(*row.split("\t", 2))
                case "E":
                    self._event(*row.split("\t"))
                case "R":
                    self._relation(*row.split("\t"))
                case "*":
                    self.chains.append(row.split("\t")[1].split()[1:])
                case "N":
                    self._normalised(*row.split("\t")[1].split())
                case letter if letter not in "AM#":
                    raise ValueError(letter)
        except (ValueError, IndexError, TypeError) as error:
            fault = error if isinstance(error, _Malformed) else "it is not an annotation"
            raise _Malformed(f"{place}: {row[:80]!r}: {fault}") from error

    def _bound(self, id_: str, place: str, mention: str) -> None:
        if id_ in self.bound:
            raise _Malformed(f"an earlier line defines `{id_}`")
        type_, _, offsets = place.partition(" ")
        moved = self.moved
        spans = [(moved(int(start)), moved(int(end))) for start, end in map(str.split, offsets.split(";"))]
        self.bound[id_] = Entity(id_, type_, tuple(spans), mention)

    def _event(self, id_: str, words: str, *_: str) -> None:
        if id_ in self.events:
            raise _Malformed(f"an earlier line defines `{id_}`")
        head, *arguments = words.split()
        type_, trigger = head.split(":")
        self.events[id_] = (type_, trigger, arguments)

    def _relation(self, id_: str, words: str, *_: str) -> None:
        type_, *arguments = words.split()
        self.relations.append((id_, type_, arguments))

    def _normalised(self, type_: str, target: str, concept: str) -> None:
        match target.partition(":"), concept.partition(":"):
            case ("Annotation", _, target), ("Referent", _, identifier):
                database = type_
            case _, (database, _, identifier):
                pass
        name = self.options.databases.get(database, database)
        self.links.setdefault(target, []).append(Link(name, identifier))

    def _document(self) -> Document:
        triggers = {trigger for _, trigger, _ in self.events.values()}
        if strays := sorted(self.links.keys() - self.bound.keys()):
            self._at(strays[0])
        return Document(
            id=self.id,
            text=self.text,
            entities=tuple(
                entity._replace(links=tuple(self.links[entity.id])) if entity.id in self.links else entity
                for entity in sorted(self.bound.values(), key=by_place)
                if entity.id not in triggers
            ),
            relations=tuple(
                Relation(id_, type_, self._arguments(words, triggers)) for id_, type_, words in self.relations
            ),
            events=tuple(self._events(triggers)),
            chains=tuple(self._chain(ids) for ids in self.chains),
        )

    def _at(self, id_: str) -> Entity:
        if id_ not in self.bound:
            raise _Malformed(f"`{id_}` is used, but no line defines it")
        return self.bound[id_]

    def _events(self, triggers: set[str]) -> Iterator[Event]:
        for id_, (type_, trigger, words) in self.events.items():
            entity = self._at(trigger)
            yield Event(id_, type_, entity.text, entity.spans[0][0], self._arguments(words, triggers))

    def _chain(self, ids: list[str]) -> tuple[Mention, ...]:
        return tuple(Mention(entity.id, entity.text) for entity in sorted(map(self._at, ids), key=by_place))

    def _arguments(self, words: list[str], triggers: set[str]) -> tuple[Argument, ...]:
        found: list[Argument] = []
        for word in words:
            role, _, target = word.partition(":")
            if target in self.events:
                found.append(Argument(role, target, "event", self._at(self.events[target][1]).text))
            else:
                kind = "trigger" if target in triggers else "entity"
                found.append(Argument(role, target, kind, self._at(target).text))
        return tuple(found)
