"""The lines of standoff annotations, and the document that they make of a text.

T1<TAB>Protein 0 4;10 14<TAB>mention     text-bound: an entity, or the trigger of an event
E1<TAB>Binding:T3 Theme:T1 Cause:E2      event
R1<TAB>Part-of Arg1:T1 Arg2:T2           relation; the roles tell which argument is the first
*<TAB>Equiv T1 T2 T4                     coreference chain; lines of one name that share a member make one chain
*<TAB>OR T1 T2 T4                        group, if declared: a relation between each two of its members
N1<TAB>Reference T1 Taxonomy:9606<TAB>…  concept of an entity
N1<TAB>Taxonomy Annotation:T1 Referent:9606      the same, where the arguments have roles
A, M, #, N of an event                   attributes, modifications, notes, concepts of events: not read

Offsets count the code points of the text file as it is, both of a CRLF included; in the record, lines end with LF.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

from schemas.formats import Standoff
from schemas.records import Argument, Document, Entity, Event, Link, Mention, Reject, Relation
from tasks.build.read import AMBIGUOUS, STRAY, Found, by_place, by_role, fault
from tasks.build.read.chains import united
from tasks.build.read.check import in_text
from tasks.build.read.concepts import NOTHING
from tasks.build.read.text import lines, with_lf
from tasks.build.unpack import Member

_BEGINS = re.compile(r"(?:[A-Z]\S*|#\S*|\*)\t|\s*$")
"""How an annotation begins; an empty line is none, but ends a wrapped mention."""

_MAY_BE = re.compile(r"\s*(?:[A-Z]\d*|\*)(?:\s|$)")
"""How a line begins that may be an annotation, even a broken one; others cannot be one."""


class _Malformed(ValueError):
    """A line that is not what its first letter promises."""


class Lines:
    """The annotation lines of one document and its text."""

    def __init__(self, options: Standoff, stem: str, text: str, annotations: list[Member]) -> None:
        self.options = options
        self.id = stem.rsplit("/", 1)[-1]
        self.text, self.moved = with_lf(text)
        self.files = [(member.name, lines(member, options.encoding)) for member in annotations]
        self.bound: dict[str, list[Entity]] = {}
        self.events: list[tuple[str, str, str, list[str]]] = []
        self.relations: list[tuple[str, str, list[str]]] = []
        self.chains: dict[str, list[list[str]]] = defaultdict(list)
        self.groups: list[tuple[str, list[str]]] = []
        self.links: dict[str, list[Link]] = {}
        self.aside: list[Reject] = []
        self.heads: dict[str, Entity] = {}
        self.triggers: set[str] = set()

    def found(self) -> Found:
        """Put the lines together: the document and the lines that are no annotations, or why it cannot be one."""
        try:
            for name, rows in self.files:
                for number, row in self._unwrapped(rows):
                    if row and not row.isspace() and not row.startswith(self.options.skip):
                        self._line(f"{name}:{number}", row)
            document = self._document()
        except _Malformed as error:
            yield Reject(self.id, "malformed line", fault(error))
        else:
            yield document
            yield from self.aside

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
            self._annotation(row)
        except (ValueError, IndexError, TypeError) as error:
            if _MAY_BE.match(row) is None:
                self.aside.append(Reject(self.id, STRAY, f"{place}: expected an annotation, found {row[:80]!r}"))
                return
            fault = error if isinstance(error, _Malformed) else "it is not an annotation"
            raise _Malformed(f"{place}: {row[:80]!r}: {fault}") from error

    def _annotation(self, row: str) -> None:
        match row[0]:
            case "T":
                self._bound(*row.split("\t", 2))
            case "E":
                self._event(*row.split("\t"))
            case "R":
                self._relation(*row.split("\t"))
            case "*":
                self._group(*row.split("\t")[1].split())
            case "N":
                self._normalised(*row.split("\t")[1].split())
            case letter if letter not in "AM#":
                raise ValueError(letter)

    def _bound(self, id_: str, place: str, mention: str) -> None:
        type_, _, offsets = place.partition(" ")
        moved = self.moved
        spans = [(moved(int(start)), moved(int(end))) for start, end in map(str.split, offsets.split(";"))]
        entity = Entity(id_, type_, tuple(spans), mention)
        self.bound.setdefault(id_, []).append(in_text(self.text, entity))

    def _event(self, id_: str, words: str, *_: str) -> None:
        head, *arguments = words.split()
        type_, trigger = head.split(":")
        self.events.append((id_, type_, trigger, arguments))

    def _relation(self, id_: str, words: str, *_: str) -> None:
        type_, *arguments = words.split()
        self.relations.append((id_, type_, arguments))

    def _group(self, type_: str, *ids: str) -> None:
        if type_ in self.options.groups:
            self.groups.append((type_, [*ids]))
        else:
            self.chains[type_].append([*ids])

    def _normalised(self, type_: str, target: str, concept: str) -> None:
        match target.partition(":"), concept.partition(":"):
            case ("Annotation", _, target), ("Referent", _, identifier):
                database = type_
            case _, (database, _, identifier):
                pass
        name = self.options.databases.get(database, database)
        if identifier not in NOTHING:
            self.links.setdefault(target, []).append(Link(name, identifier))

    def _document(self) -> Document:
        self.heads = {id_: self._trigger(trigger, type_) for id_, type_, trigger, _ in self.events}
        self.triggers = {entity.id for entity in self.heads.values()}
        if undefined := sorted(self.links.keys() - self.bound.keys() - self.heads.keys()):
            self._at(undefined[0])
        return Document(
            id=self.id,
            text=self.text,
            entities=tuple(sorted(self._entities(), key=by_place)),
            relations=tuple(self._relations()),
            events=tuple(self._events()),
            chains=tuple(self._chain(ids) for groups in self.chains.values() for ids in united(groups)),
        )

    def _entities(self) -> Iterator[Entity]:
        """What is no trigger, with its concepts; those of an id of several belong to none."""
        heads = set(self.heads.values())
        for id_, found in self.bound.items():
            links = tuple(self.links.get(id_, ()))
            if links and len(found) > 1:
                self.aside.append(Reject(self.id, AMBIGUOUS, f"the concept of {id_}: several lines define it"))
                links = ()
            for entity in found:
                if entity not in heads:
                    yield entity._replace(links=links) if links else entity

    def _at(self, id_: str) -> Entity:
        if id_ not in self.bound:
            raise _Malformed(f"`{id_}` is used, but no line defines it")
        return self.bound[id_][0]

    def _trigger(self, id_: str, type_: str) -> Entity:
        """The trigger of an event; if several lines define its id, the one of the event's type."""
        self._at(id_)
        fits = [entity for entity in self.bound[id_] if entity.type == type_ or len(self.bound[id_]) == 1]
        if len(fits) != 1:
            raise _Malformed(f"`{id_}` is the trigger of an event, and several lines define it")
        return fits[0]

    def _events(self) -> Iterator[Event]:
        for id_, type_, trigger, words in self.events:
            entity = self._trigger(trigger, type_)
            yield Event(id_, type_, entity.text, entity.spans[0][0], self._arguments(words))

    def _relations(self) -> Iterator[Relation]:
        """The relations; a group is one between each two of its members, and two groups may share such a pair."""
        for id_, type_, words in self.relations:
            yield Relation(id_, type_, by_role(self._arguments(words), self.options.roles))
        pairs = {
            (type_, one, other): None
            for type_, ids in self.groups
            for one, other in combinations(sorted(dict.fromkeys(ids), key=self._place), 2)
        }
        for number, (type_, one, other) in enumerate(pairs, 1):
            yield Relation(f"*{number}", type_, self._arguments([f"Arg1:{one}", f"Arg2:{other}"]))

    def _place(self, id_: str) -> tuple[object, str]:
        return by_place(self._at(id_))

    def _chain(self, ids: list[str]) -> tuple[Mention, ...]:
        return tuple(Mention(entity.id, entity.text) for entity in sorted(map(self._at, ids), key=by_place))

    def _arguments(self, words: list[str]) -> tuple[Argument, ...]:
        found: list[Argument] = []
        for word in words:
            role, _, target = word.partition(":")
            if target in self.heads:
                found.append(Argument(role, target, "event", self.heads[target].text))
            else:
                kind = "trigger" if target in self.triggers else "entity"
                found.append(Argument(role, target, kind, self._at(target).text))
        return tuple(found)
