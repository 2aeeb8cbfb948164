"""Annotated documents after the clean-ups of their source: spans, mentions and all that repeats them move along."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

from schemas.cleaning import CleanUp
from schemas.records import Argument, Document, Entity, Event
from tasks.build.clean.edits import Alignment, Edit, Span, edited
from tasks.build.clean.listed import Found
from tasks.build.clean.text import cleaned


def clean_document(document: Document, clean_ups: Sequence[CleanUp]) -> tuple[Document, list[Found]]:
    """Clean a document, whose spans have been checked."""
    moving = _Moving(document)
    text, done = cleaned(document.text, clean_ups, moving.step)
    if not done:
        return document, []
    return moving.moved(document, text), [Found(document.id, "text", each) for each in done]


class _Moving:
    """Follows the spans of a document from round to round of edits."""

    def __init__(self, document: Document) -> None:
        self.entities = [list(entity.spans) for entity in document.entities]
        self.events: list[Span] = [(event.start, event.start + len(event.trigger)) for event in document.events]

    def step(self, text: str, edits: list[Edit]) -> list[Edit]:
        """Those edits that leave something of every mention and insert nothing into one; the spans move with them."""
        spans = [*(span for spans in self.entities for span in spans), *self.events]
        breaking = {edit for span in spans for edit in _breaking(text, span, edits)}
        made = [edit for edit in edits if edit not in breaking]
        if made:
            alignment = Alignment(made)
            self.entities = [[alignment.span(span) for span in spans] for spans in self.entities]
            self.events = [alignment.span(span) for span in self.events]
        return made

    def moved(self, document: Document, text: str) -> Document:
        """The document with its new text, spans and mentions."""
        named: dict[tuple[str, str], str] = {}
        entities = tuple(
            _entity(entity, tuple(spans), document.text, text, named)
            for entity, spans in zip(document.entities, self.entities, strict=True)
        )
        events = tuple(
            _event(event, span, document.text, text, named)
            for event, span in zip(document.events, self.events, strict=True)
        )

        def arguments(found: tuple[Argument, ...]) -> tuple[Argument, ...]:
            return tuple(each._replace(text=_renamed(each, named)) for each in found)

        return replace(
            document,
            text=text,
            entities=entities,
            relations=tuple(each._replace(arguments=arguments(each.arguments)) for each in document.relations),
            events=tuple(each._replace(arguments=arguments(each.arguments)) for each in events),
            chains=tuple(
                tuple(each._replace(text=named.get((each.entity, each.text), each.text)) for each in chain)
                for chain in document.chains
            ),
        )


def _breaking(text: str, span: Span, edits: list[Edit]) -> list[Edit]:
    """The edits that would insert something into a mention, or together leave nothing of it."""
    first = bisect_right(edits, span[0], key=lambda edit: edit.end)
    last = bisect_left(edits, span[1], key=lambda edit: edit.start)
    meeting = edits[first:last]
    if not meeting:
        return []
    start, end = min(span[0], meeting[0].start), max(span[1], meeting[-1].end)
    moved = [edit._replace(start=edit.start - start, end=edit.end - start) for edit in meeting]
    if not edited(text[start:end], moved).strip():
        return meeting
    return [edit for edit in meeting if edit.start == edit.end]


_CONCEPT = ""
"""The name of all concepts: whatever a relation calls one, it has a mention's text."""


def _renamed(argument: Argument, named: dict[tuple[str, str], str]) -> str:
    """The text of an argument, which repeats that of a mention or a trigger."""
    name = _CONCEPT if argument.kind == "concept" else argument.target
    return named.get((name, argument.text), argument.text)


def _entity(
    entity: Entity, spans: tuple[Span, ...], before: str, after: str, named: dict[tuple[str, str], str]
) -> Entity:
    """An entity at its new spans; a mention whose text is another is noted under all names that repeat it."""
    old = " ".join(before[slice(*span)] for span in entity.spans)
    new = " ".join(after[slice(*span)] for span in spans)
    if old == new:
        return entity._replace(spans=spans)
    for name in (entity.id, _CONCEPT):
        named.setdefault((name, entity.text), new)
    return entity._replace(spans=spans, text=new)


def _event(event: Event, span: Span, before: str, after: str, named: dict[tuple[str, str], str]) -> Event:
    """An event at its new place; a trigger that is one piece of the text has the text that is there now."""
    whole = before.startswith(event.trigger, event.start)
    trigger = after[slice(*span)] if whole else event.trigger
    if trigger != event.trigger:
        named.setdefault((event.id, event.trigger), trigger)
    return event._replace(trigger=trigger, start=span[0])
