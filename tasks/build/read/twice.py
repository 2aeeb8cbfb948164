"""Ids that a document uses twice: what has such an id is kept, what refers to it is resolved or left out."""

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from itertools import count
from typing import TypeVar

from schemas.records import Argument, Document, Entity, Event, Reject, Relation
from tasks.build.read import AMBIGUOUS

_Found = TypeVar("_Found", Entity, Event)


def resolved(document: Document) -> tuple[Document, list[Reject]]:
    """A document in which each entity and event has an id of its own, and what was left out for it.

    An argument that names an id of two entities means the one whose type stands at its place in the type of the
    relation (`Drug-Disease`), if just one does. Else the relation, event or chain is left out, and so is each event
    and relation that needs one that is.
    """
    twice = _twice(document.entities) | _twice(document.events)
    if not twice:
        return document, []
    entities = _numbered(document.entities, twice)
    by_id = {id_: [new for old, new in zip(document.entities, entities, strict=True) if old.id == id_] for id_ in twice}
    relations = [_meant(relation, by_id) for relation in document.relations]
    bad = set(twice)
    events = list(document.events)
    while lost := [event for event in events if _needs(event.arguments, bad)]:
        bad |= {event.id for event in lost}
        events = [event for event in events if event not in lost]
    kept = replace(
        document,
        entities=entities,
        relations=tuple(relation for relation in relations if not _needs(relation.arguments, bad)),
        events=_numbered(events, twice),
        chains=tuple(chain for chain in document.chains if not any(mention.entity in bad for mention in chain)),
    )
    gone = [
        *(f"the relation {one.id} {one.type}" for one in relations if _needs(one.arguments, bad)),
        *(f"the event {one.id} {one.type}" for one in document.events if one not in events),
        *["a chain"] * (len(document.chains) - len(kept.chains)),
    ]
    detail = f"expected ids of one entity or event each, found {', '.join(sorted(twice))} of several"
    return kept, [Reject(document.id, AMBIGUOUS, f"{one}: {detail}") for one in gone]


def _twice(found: Iterable[Entity | Event]) -> set[str]:
    return {id_ for id_, count in Counter(one.id for one in found).items() if count > 1}


def _numbered(found: Sequence[_Found], twice: Container[str]) -> tuple[_Found, ...]:
    """Entities or events, those of an id of several with a number behind it."""
    known = {one.id for one in found}
    numbered: list[_Found] = []
    for one in found:
        if one.id in twice:
            id_ = next(id_ for number in count(1) if (id_ := f"{one.id}-{number}") not in known)
            known.add(id_)
            numbered.append(one._replace(id=id_))
        else:
            numbered.append(one)
    return tuple(numbered)


def _needs(arguments: Iterable[Argument], ids: set[str]) -> bool:
    return any(argument.target in ids for argument in arguments if argument.kind != "concept")


def _meant(relation: Relation, by_id: dict[str, list[Entity]]) -> Relation:
    """A relation whose arguments name the entities that its type tells, where it does."""
    arguments: list[Argument] = []
    for place, argument in enumerate(relation.arguments):
        fits = [one for one in by_id.get(argument.target, ()) if _is_there(one.type, relation, place)]
        found = argument._replace(target=fits[0].id, text=fits[0].text) if len(fits) == 1 else argument
        arguments.append(found)
    return relation._replace(arguments=tuple(arguments))


def _is_there(type_: str, relation: Relation, place: int) -> bool:
    """Whether a type stands at the place of an argument in the type of a relation of two."""
    if len(relation.arguments) != 2:
        return False
    return relation.type.startswith(f"{type_}-") if place == 0 else relation.type.endswith(f"-{type_}")
