"""Annotated documents after the clean-ups of their source: spans, mentions and all that repeats them move along."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice

import polars as pl

from schemas.cleaning import CleanUp
from schemas.records import Argument, Document, Entity, Event
from tasks.build.clean.cleanups import FINDERS
from tasks.build.clean.edits import Alignment, Edit, Span, edited
from tasks.build.clean.listed import Found
from tasks.build.clean.signs import signed
from tasks.build.clean.text import cleaned

AT_ONCE = 1024
"""Documents whose texts are looked through together."""


def clean_documents(
    documents: Iterable[Document], clean_ups: Sequence[CleanUp]
) -> Iterator[tuple[Document, list[Found]]]:
    """Clean documents, whose spans have been checked; most hold no sign of what is to be cleaned."""
    found = iter(documents)
    while chunk := list(islice(found, AT_ONCE)):
        held = signed(pl.Series([document.text for document in chunk]), clean_ups) if clean_ups else {}
        for number, document in enumerate(chunk):
            yield clean_document(document, clean_ups, held[number]) if number in held else (document, [])


def clean_document(
    document: Document, clean_ups: Sequence[CleanUp], held: Collection[CleanUp] = FINDERS
) -> tuple[Document, list[Found]]:
    """Clean a document, whose spans have been checked; `held` are the clean-ups whose sign its text holds."""
    moving = _Moving(document)
    text, done = cleaned(document.text, clean_ups, held, moving.step)
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
        starts, ends = [edit.start for edit in edits], [edit.end for edit in edits]
        breaking: set[Edit] = set()
        for span in chain(chain.from_iterable(self.entities), self.events):
            if meeting := edits[bisect_right(ends, span[0]) : bisect_left(starts, span[1])]:
                breaking.update(_breaking(text, span, meeting))
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


def _breaking(text: str, span: Span, meeting: list[Edit]) -> list[Edit]:
    """The edits, of those that meet a mention, that would insert something into it, or together leave nothing of it."""
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
