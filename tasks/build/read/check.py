"""Checks of a document before it becomes a record: the text at each span is the mention, and there is no NUL in it."""

from dataclasses import replace

from schemas.records import Document, Entity, Reject

MISMATCH = "span mismatch"
"""The reason of a reject whose text at a span is not the mention."""

NUL = "NUL character"
"""The reason of a reject with the character U+0000, which is not text."""

_Spans = tuple[tuple[int, int], ...]


def checked(document: Document) -> Document | Reject:
    """A document as a record, or why it cannot be one.

    A mention equals the text at its spans when both read the same after any run of white space counts as one space:
    formats of one line a mention cannot write the line breaks of the text. Between the fragments of one there may be
    any white space or none, and they may stand in the order of the file or in that of the text; the record has them in
    that of the text. Each concept of a mention counts once.
    """
    if (place := _nul(document)) is not None:
        return Reject(document.id.replace("\0", "\ufffd"), NUL, f"expected text, found U+0000 in {place}")
    if (difference := _misread(document) or _misplaced(document)) is not None:
        return Reject(document.id, MISMATCH, difference)
    if any(len(entity.spans) > 1 or len(entity.links) > 1 for entity in document.entities):
        entities = (
            in_text(document.text, entity)._replace(links=tuple(dict.fromkeys(entity.links)))
            for entity in document.entities
        )
        return replace(document, entities=tuple(entities))
    return document


def in_text(text: str, entity: Entity) -> Entity:
    """An entity with its fragments in the order of the text, joined by spaces; one whose mention differs as it is."""
    if len(entity.spans) == 1 or not any(_reads(text, spans, entity.text) for spans in _orders(entity)):
        return entity
    spans = tuple(sorted(entity.spans))
    pieces = (" ".join(text[start:end].split()) for start, end in spans)
    return entity._replace(spans=spans, text=" ".join(piece for piece in pieces if piece))


def _nul(document: Document) -> str | None:
    """Where a document has a NUL; a mention and a trigger are held against the text."""
    if "\0" in document.text:
        return f"the text, character {document.text.index(chr(0))}"
    if "\0" in document.id or "\0" in document.origin:
        return "the id"
    for entity in document.entities:
        if "\0" in entity.type or any("\0" in link.identifier or "\0" in link.database for link in entity.links):
            return f"{entity.id} {entity.type!r}, its type or its concepts"
    return None


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
        if not any(_reads(text, spans, entity.text) for spans in _orders(entity)):
            return _difference(entity, at_spans(text, entity.spans), len(text))
    return None


def _orders(entity: Entity) -> tuple[_Spans, _Spans]:
    return entity.spans, tuple(sorted(entity.spans))


def _reads(text: str, spans: _Spans, mention: str) -> bool:
    found = at_spans(text, spans)
    if found is None or not found.strip():
        return False
    words, others = found.split(), mention.split()
    return words == others or (len(spans) > 1 and "".join(words) == "".join(others))


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


def _difference(entity: Entity, found: str | None, length: int) -> str:
    spans = ", ".join(f"{start}-{end}" for start, end in entity.spans)
    there = f"the text there is {found!r}" if found is not None else f"the text has {length} characters"
    return f"{entity.id} {entity.type} {spans}: the mention is {entity.text!r}, {there}"
