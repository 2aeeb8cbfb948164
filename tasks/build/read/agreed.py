"""Standoff files of two annotators: what both say becomes the record.

Entities agree if they overlap and have one type; the longer of the two counts. Each agrees with one at most: with the
one that it shares most characters with. All else agrees if it is of one type and between the same agreed entities.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from schemas.formats import Agreed, Standoff
from schemas.records import Argument, Document, Entity, Event, Mention, Reject, Relation
from tasks.build.read import ASIDE, Files, Found, Table, by_place, plain, read
from tasks.build.read.standoff import LACKING
from tasks.build.read.twice import resolved

_Agreed = dict[str, Entity]
"""An annotator's id of an entity -> the entity that counts."""


@read.register
def _(options: Agreed, files: Files) -> Found:
    first = Standoff.model_validate(options.model_dump(exclude={"second"}))
    second = first.model_copy(update={"annotations": options.second})
    others: dict[str, list[Document | Reject]] = defaultdict(list)
    for item in _documents(second, files):
        if _is_aside(item):
            yield item
        else:
            others[item.id].append(item)
    twice = _stems(files, options.annotations) & _stems(files, options.second)
    for item in _documents(first, files):
        if _is_aside(item):
            yield item
            continue
        other = others[item.id].pop(0) if others[item.id] else None
        if isinstance(item, Reject) and item.reason != LACKING:
            yield item
        elif isinstance(other, Reject) and other.reason != LACKING:
            yield other
        elif isinstance(item, Reject) or not isinstance(other, Document) or item.id not in twice:
            expected = f"expected {options.annotations} and {options.second} beside it"
            yield Reject(item.id, "not annotated twice", expected)
        else:
            yield agreement(item, other)
    yield from (item for items in others.values() for item in items if isinstance(item, Reject))


def _documents(options: Standoff, files: Files) -> Found:
    """The documents of one annotator, with ids that name one entity each."""
    found = read(options, files)
    assert not isinstance(found, Table)
    for item in found:
        if isinstance(item, Reject):
            yield item
        else:
            document, aside = resolved(item)
            yield document
            yield from aside


def _is_aside(item: Document | Reject) -> bool:
    return isinstance(item, Reject) and item.reason in ASIDE


def _stems(files: Files, suffixes: tuple[str, ...]) -> set[str]:
    """The documents that have a file of an annotator."""
    names = [member.name.rsplit("/", 1)[-1] for member in plain(files)]
    return {name.removesuffix(suffix) for name in names for suffix in suffixes if name.endswith(suffix)}


def agreement(first: Document, second: Document) -> Document:
    """What both annotators say of a document, whose ids name one entity each."""
    pairs = list(_pairs(first.entities, second.entities))
    kept = [max(pair, key=_length) for pair in pairs]
    entities = [one._replace(spans=which.spans, text=which.text) for (one, _), which in zip(pairs, kept, strict=True)]
    ours = {one.id: entity for (one, _), entity in zip(pairs, entities, strict=True)}
    theirs = {other.id: entity for (_, other), entity in zip(pairs, entities, strict=True)}
    return replace(
        first,
        entities=tuple(sorted(entities, key=by_place)),
        relations=tuple(_relations(first, second, ours, theirs)),
        events=tuple(_events(first, second, ours, theirs)),
        chains=tuple(_chains(first, second, ours, theirs)),
    )


def _pairs(first: Iterable[Entity], second: Iterable[Entity]) -> Iterator[tuple[Entity, Entity]]:
    """The entities that agree, those that share most characters first."""
    others = list(second)
    shared = [(one, other, _shared(one, other)) for one in first for other in others if one.type == other.type]
    ours: set[str] = set()
    theirs: set[str] = set()
    for one, other, length in sorted(shared, key=lambda pair: -pair[2]):
        if length and one.id not in ours and other.id not in theirs:
            ours.add(one.id)
            theirs.add(other.id)
            yield one, other


def _shared(one: Entity, other: Entity) -> int:
    return sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in one.spans for b in other.spans)


def _length(entity: Entity) -> int:
    return sum(end - start for start, end in entity.spans)


def _arguments(found: Relation | Event, agreed: _Agreed) -> tuple[Argument, ...] | None:
    """The arguments with the entities that count; None if one is not an agreed entity."""
    if any(argument.kind != "entity" or argument.target not in agreed for argument in found.arguments):
        return None
    entities = [agreed[argument.target] for argument in found.arguments]
    return tuple(
        Argument(argument.role, entity.id, "entity", entity.text)
        for argument, entity in zip(found.arguments, entities, strict=True)
    )


def _relations(first: Document, second: Document, ours: _Agreed, theirs: _Agreed) -> Iterator[Relation]:
    said = {(relation.type, _arguments(relation, theirs)) for relation in second.relations}
    for relation in first.relations:
        arguments = _arguments(relation, ours)
        if arguments is not None and (relation.type, arguments) in said:
            yield relation._replace(arguments=arguments)


def _events(first: Document, second: Document, ours: _Agreed, theirs: _Agreed) -> Iterator[Event]:
    said = [(event, arguments) for event in second.events if (arguments := _arguments(event, theirs)) is not None]
    for event in first.events:
        if (arguments := _arguments(event, ours)) is None:
            continue
        same = (
            place
            for place, (other, others) in enumerate(said)
            if other.type == event.type and sorted(others) == sorted(arguments) and _touch(event, other)
        )
        if (place := next(same, None)) is not None:
            other, _ = said.pop(place)
            longer = other if len(other.trigger) > len(event.trigger) else event
            yield event._replace(trigger=longer.trigger, start=longer.start, arguments=arguments)


def _touch(event: Event, other: Event) -> bool:
    """Whether two triggers overlap."""
    return event.start < other.start + len(other.trigger) and other.start < event.start + len(event.trigger)


def _chains(first: Document, second: Document, ours: _Agreed, theirs: _Agreed) -> Iterator[tuple[Mention, ...]]:
    said = [{theirs[mention.entity].id for mention in chain if mention.entity in theirs} for chain in second.chains]
    for chain in first.chains:
        members = {entity.id: entity for mention in chain if (entity := ours.get(mention.entity)) is not None}
        if len(members) > 1 and members.keys() in said:
            yield tuple(Mention(entity.id, entity.text) for entity in sorted(members.values(), key=by_place))
