"""The labels that forms of answers write and parse."""

from typing import NamedTuple


class Entity(NamedTuple):
    """A mention and its type, or its `database/identifier`."""

    mention: str
    type: str


class Triple(NamedTuple):
    """Three texts: entity, relation, entity; or event type, trigger, theme."""

    first: str
    second: str
    third: str


class Tag(NamedTuple):
    """A word and one of B, I and O."""

    word: str
    tag: str
