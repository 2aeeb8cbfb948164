"""Apply a source's corrections; one that matches nothing, or not what it expects, stops the build."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import yaml

from schemas.correction import Correction
from schemas.errors import CorrectionError
from schemas.records import Argument, Document, Entity, Event, Reject

Found = Document | Reject


def load(path: Path) -> tuple[Correction, ...]:
    """The corrections in a file; none if it is not there."""
    if not path.exists():
        return ()
    return tuple(Correction.model_validate(entry) for entry in yaml.safe_load(path.read_text(encoding="utf-8")) or ())


def correct(found: Iterable[Found], corrections: tuple[Correction, ...], used: set[Correction]) -> Iterator[Found]:
    """Correct records as they pass.

    Args:
        found: what a reader yields.
        corrections: the source's corrections.
        used: collects the corrections that matched, for `unused` at the end.

    Raises:
        CorrectionError: an entity or text is not what the correction expects.
    """
    by_record: dict[str, list[Correction]] = {}
    for correction in corrections:
        by_record.setdefault(correction.record, []).append(correction)
    for item in found:
        current = item
        for correction in by_record.get(item.id, ()):
            if isinstance(current, Document):
                current = _apply(current, correction)
                used.add(correction)
        yield current


def unused(source: str, corrections: tuple[Correction, ...], used: set[Correction]) -> None:
    """Stop where a correction matched nothing.

    Raises:
        CorrectionError: names the correction.
    """
    for correction in corrections:
        if correction not in used:
            raise CorrectionError(
                f"A correction of `{source}` matches nothing: record `{correction.record}` is in none of its files. "
                f"If the publishers have mended it, remove the entry from sources/{source}.corrections.yml."
            )


def _apply(document: Document, correction: Correction) -> Found:
    if correction.entity is None:
        _expect(correction, document.text[: len(correction.expect)])
        return Reject(document.id, "dropped by a correction", correction.reason)
    event = next((event for event in document.events if event.id == correction.entity), None)
    if event is not None and correction.action == "move":
        _expect(correction, event.trigger)
        return _retriggered(document, event, correction.spans[0])
    entity = _named(document, correction)
    match correction.action:
        case "move":
            return _with(document, entity, entity._replace(spans=correction.spans))
        case "mention":
            mended = _with(document, entity, entity._replace(text=correction.text))
            return _renamed(mended, entity, correction.text)
        case "type":
            return _with(document, entity, entity._replace(type=correction.text))
        case "drop":
            if _is_used(document, entity):
                raise _unexpected(correction, "a relation, an event or a chain that needs the entity")
            return _with(document, entity)


def _named(document: Document, correction: Correction) -> Entity:
    """The entity that a correction is for."""
    entity = next((entity for entity in document.entities if entity.id == correction.entity), None)
    if entity is None:
        raise _unexpected(correction, "no such entity")
    _expect(correction, entity.text)
    return entity


def _with(document: Document, old: Entity, *new: Entity) -> Document:
    """A document with other entities in the place of one."""
    entities = (each for entity in document.entities for each in (new if entity is old else (entity,)))
    return replace(document, entities=tuple(entities))


def _renamed(document: Document, entity: Entity, text: str) -> Document:
    """A document in which all that repeats an entity's mention has another."""
    names = {entity.id, *(link.identifier for link in entity.links)}

    def arguments(found: tuple[Argument, ...]) -> tuple[Argument, ...]:
        return tuple(
            argument._replace(text=text) if argument.target in names and argument.text == entity.text else argument
            for argument in found
        )

    return replace(
        document,
        relations=tuple(each._replace(arguments=arguments(each.arguments)) for each in document.relations),
        events=tuple(each._replace(arguments=arguments(each.arguments)) for each in document.events),
        chains=tuple(
            tuple(mention._replace(text=text) if mention.entity == entity.id else mention for mention in chain)
            for chain in document.chains
        ),
    )


def _retriggered(document: Document, event: Event, span: tuple[int, int]) -> Document:
    """A document in which an event has the text at a span as its trigger, also where it is an argument."""
    trigger = document.text[slice(*span)]

    def arguments(found: tuple[Argument, ...]) -> tuple[Argument, ...]:
        return tuple(
            argument._replace(text=trigger) if (argument.target, argument.kind) == (event.id, "event") else argument
            for argument in found
        )

    moved = event._replace(trigger=trigger, start=span[0])
    events = (moved if each is event else each for each in document.events)
    return replace(
        document,
        relations=tuple(each._replace(arguments=arguments(each.arguments)) for each in document.relations),
        events=tuple(each._replace(arguments=arguments(each.arguments)) for each in events),
    )


def _is_used(document: Document, entity: Entity) -> bool:
    return any(mention.entity == entity.id for chain in document.chains for mention in chain) or any(
        argument.target == entity.id and argument.kind == "entity"
        for each in (*document.relations, *document.events)
        for argument in each.arguments
    )


def _expect(correction: Correction, found: str) -> None:
    if found != correction.expect:
        raise _unexpected(correction, repr(found))


def _unexpected(correction: Correction, found: str) -> CorrectionError:
    return CorrectionError(
        f"The correction of record `{correction.record}`, {correction.entity or 'text'} expects "
        f"{correction.expect!r} and finds {found}. If the publishers have mended it, remove the entry."
    )
