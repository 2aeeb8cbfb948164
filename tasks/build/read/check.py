"""Checks of a document before it becomes a record: the text at each span is the mention, and no id comes twice."""

from dataclasses import replace

from schemas.records import Document, Entity, Reject

MISMATCH = "span mismatch"
"""The reason of a reject whose text at a span is not the mention."""

_Spans = tuple[tuple[int, int], ...]


def checked(document: Document) -> Document | Reject:
    """A document as a record, or why it cannot be one.

    A mention equals the text at its spans when both read the same after any run of white space counts as one space:
    formats of one line a mention cannot write the line breaks of the text. Its fragments may make it in the order of
    the file or in that of the text; the record has them in that of the text.
    """
    if (difference := _misread(document) or _misplaced(document)) is not None:
        return Reject(document.id, MISMATCH, difference)
    if len({entity.id for entity in document.entities}) < len(document.entities):
        return Reject(document.id, "repeated id", _repeated(document.entities))
    if any(len(entity.spans) > 1 for entity in document.entities):
        entities = (entity._replace(spans=tuple(sorted(entity.spans))) for entity in document.entities)
        return replace(document, entities=tuple(entities))
    return document


def at_spans(text: str, spans: _Spans) -> str | None:
    """The text at spans, joined by spaces; None if a span is empty, reversed or beyond the end."""
    if any(not 0 <= start < end <= len(text) for start, end in spans) or not spans:
        return None
    return " ".join(text[start:end] for start, end in spans)


def _misread(document: Document) -> str | None:
    """How the first entity differs whose mention is not the text at its spans."""
    text = document.text
    for entity in document.entities:
        start, end = entity.spans[0] if len(entity.spans) == 1 else (-1, -1)
        usual = 0 <= start < end == start + len(entity.text) and text.startswith(entity.text, start)
        if usual and not entity.text.isspace():
            continue
        if not any(_reads(text, spans, entity.text) for spans in (entity.spans, tuple(sorted(entity.spans)))):
            return _difference(entity, at_spans(text, entity.spans), len(text))
    return None


def _reads(text: str, spans: _Spans, mention: str) -> bool:
    found = at_spans(text, spans)
    return found is not None and bool(found.strip()) and found.split() == mention.split()


def _misplaced(document: Document) -> str | None:
    """How the first event differs whose trigger's first word does not begin at its start."""
    for event in document.events:
        word = event.trigger.split(maxsplit=1)[0] if event.trigger.strip() else ""
        if not word or event.start < 0 or not document.text.startswith(word, event.start):
            found = document.text[event.start :][: len(event.trigger)] if event.start >= 0 else ""
            return (
                f"{event.id} {event.type} {event.start}: the trigger is {event.trigger!r}, the text there is {found!r}"
            )
    return None


def _repeated(entities: tuple[Entity, ...]) -> str:
    known: set[str] = set()
    twice = next(entity for entity in entities if entity.id in known or known.add(entity.id))
    return f"{twice.id} {twice.type}: an earlier entity of the document has this id"


def _difference(entity: Entity, found: str | None, length: int) -> str:
    spans = ", ".join(f"{start}-{end}" for start, end in entity.spans)
    there = f"the text there is {found!r}" if found is not None else f"the text has {length} characters"
    return f"{entity.id} {entity.type} {spans}: the mention is {entity.text!r}, {there}"
