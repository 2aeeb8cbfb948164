"""Records: what a reader yields, before anything is rendered.

Documents are parsed in Python and are objects of these types; their parts come by the hundred thousand and are named
tuples, which are made faster than dataclasses. The records of tables (`Question`, `Pair`, …) never become Python
objects: for them the dataclass is the contract of the columns.

`origin` is what the file says of the document that a record's text comes from, where the record's id does not: an
identifier or an address. What it and the id mean, the source declares (`schemas.source.Documents`).
"""

from dataclasses import dataclass, field
from typing import NamedTuple


class Link(NamedTuple):
    """An entity's concept: the name of a database or vocabulary and an identifier in it."""

    database: str
    identifier: str


class Entity(NamedTuple):
    """A mention.

    Attributes:
        spans: half-open code point offsets into the document's text: of a record in ascending order, from a reader
            in the order of the file, in which the fragments make the mention.
    """

    id: str
    type: str
    spans: tuple[tuple[int, int], ...]
    text: str
    links: tuple[Link, ...] = ()


class Argument(NamedTuple):
    """A role and what fills it.

    Attributes:
        target: the id as the file gives it: an entity, an event or a concept.
        kind: `entity`, `trigger` (the word that stands for an event), `event` or `concept`.
        text: the mention; of a concept, its first mention in the text; of an event, its trigger. Empty: none found.
    """

    role: str
    target: str
    kind: str
    text: str


class Relation(NamedTuple):
    """A typed relation between entities or concepts, with its arguments in the order of the file."""

    id: str
    type: str
    arguments: tuple[Argument, ...]


class Event(NamedTuple):
    """A typed event with its trigger, which begins at `start`, and its arguments in the order of the file."""

    id: str
    type: str
    trigger: str
    start: int
    arguments: tuple[Argument, ...]


class Mention(NamedTuple):
    """A member of a coreference chain: the entity's id and its text."""

    entity: str
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """An annotated text. `chains` are coreference chains: their mentions in text order."""

    id: str
    text: str
    entities: tuple[Entity, ...] = ()
    relations: tuple[Relation, ...] = ()
    events: tuple[Event, ...] = ()
    chains: tuple[tuple[Mention, ...], ...] = ()
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A tokenised sentence of an IOB file; one tag (`O`, `B-<type>`, `I-<type>`) for each token."""

    id: str
    tokens: list[str]
    tags: list[str]
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its context (may be empty), choices (may be none) and accepted answers."""

    id: str
    text: str
    answers: list[str]
    context: str = ""
    choices: list[str] = field(default_factory=lambda: [])
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts and the label of what holds between them (a class, or a number as text).

    A text may be empty: such a pair is counted and rendered, and left out before publication.
    """

    id: str
    label: str
    first: str = ""
    second: str = ""
    origin: str = ""


MARKS = ("[[", "]]")
"""What stands around the one word of a text that is asked about, where that is not the whole text."""

MARKED = r"(?:^| )\[\[([^ ]+)\]\](?: |$)"
"""The pattern of such a word."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text and its labels; where they are those of one word, it stands between `MARKS`."""

    id: str
    text: str
    labels: list[str]
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Translation:
    """A text and its translation; languages are ISO 639-1 codes."""

    id: str
    source_language: str
    target_language: str
    text: str
    translation: str
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """A text and its summary."""

    id: str
    text: str
    summary: str
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Reject:
    """A record or sample left out, with the reason and where it stood.

    Attributes:
        id: the record's id, or the place in the file where no id could be read.
        reason: a short phrase that is the same for all rejects of one kind (`span mismatch`).
        detail: what was expected and what was found.
    """

    id: str
    reason: str
    detail: str


KINDS: dict[str, type] = {
    kind.__name__: kind for kind in (Document, Sentence, Question, Pair, Text, Translation, Summary)
}
