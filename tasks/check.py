"""Checks of a document before it becomes a record: the text at each span is the mention, and no id comes twice."""

from schemas.records import Document, Entity, Reject

MISMATCH = "span mismatch"
"""The reason of a reject whose text at an entity's span is not the mention."""


def fault(document: Document) -> Reject | None:
    """Say what is wrong with a document, or None.

    A mention equals the text at its span when both read the same after any run of white space counts as one blank:
    formats of one line a mention cannot write the line breaks of the text.
    """
    text = document.text
    for entity in document.entities:
        found = at_spans(text, entity.spans)
        if found != entity.text and (found is None or found.split() != entity.text.split()):
            return Reject(document.id, MISMATCH, _difference(entity, found, len(text)))
    return None


def at_spans(text: str, spans: tuple[tuple[int, int], ...]) -> str | None:
    """The text at spans, joined by blanks; None if a span is empty, reversed or beyond the end."""
    if any(not 0 <= start < end <= len(text) for start, end in spans) or not spans:
        return None
    return " ".join(text[start:end] for start, end in spans)


def _difference(entity: Entity, found: str | None, length: int) -> str:
    spans = ", ".join(f"{start}-{end}" for start, end in entity.spans)
    there = f"the text there is {found!r}" if found is not None else f"the text has {length} characters"
    return f"{entity.id} {entity.type} {spans}: the mention is {entity.text!r}, {there}"
