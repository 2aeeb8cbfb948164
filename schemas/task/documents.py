"""Tasks about annotated texts: entities, concepts, relations, coreference chains and events."""

from typing import Literal, Self

from pydantic import Field, model_validator

from schemas.base import Line
from schemas.formats import Pattern
from schemas.task.base import Category, Task


class Mentioning(Task):
    """Base of tasks whose answers name mentions in a text.

    Attributes:
        discontinuous: whether a mention may consist of several parts with other words between them.
    """

    discontinuous: bool = False


class Typed(Mentioning):
    """Base of tasks about entities, relations or events of declared types.

    Attributes:
        types: type in the records -> its name in instructions and answers.
        ignore: types known and left out on purpose.
    """

    types: dict[str, Line] = Field(min_length=1)
    ignore: tuple[str, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of the types."""
        return tuple(dict.fromkeys(self.types.values()))


class Ner(Typed):
    """Which entities does the text mention?

    Attributes:
        answer: `brackets`: `[entity <type>]` in text order. `bio`: every token with its tag.
        keep: whether texts and sentences without an entity are asked about too (`all`), as the paper counts some
            corpora.
    """

    answer: Literal["brackets", "bio"] = "brackets"
    keep: Literal["annotated", "all"] = "annotated"

    @property
    def category(self) -> Category:
        """Named entity recognition."""
        return "NER"


class Ned(Mentioning):
    """Which concept of a database does each entity stand for?

    Attributes:
        databases: the databases whose identifiers are answers.
        per: `document`: the mentions of a text. `phrase`: the text is itself the one mention. `mark`: the one mention
            is a word that is marked in the text.
        patterns: of single mentions, which have identifiers alone: what a whole identifier looks like, as a regular
            expression -> its database; its first group is the identifier. Others belong to the first database.
    """

    databases: tuple[Line, ...] = Field(min_length=1)
    per: Literal["document", "phrase", "mark"] = "document"
    patterns: dict[Pattern, Line] = Field(default_factory=lambda: {})

    @model_validator(mode="after")
    def _patterns_lead_to_databases(self) -> Self:
        if self.per == "document" and self.patterns:
            raise ValueError(f"{self.name} has `patterns`, but its records say which database an identifier belongs to")
        if unknown := sorted(set(self.patterns.values()) - set(self.databases)):
            raise ValueError(f"{self.name} has patterns of {unknown}, but its databases are {list(self.databases)}")
        return self

    @property
    def category(self) -> Category:
        """Named entity disambiguation."""
        return "NED"

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of the databases."""
        return self.databases


class Re(Typed):
    """Which relations between two entities does the text state?

    Attributes:
        symmetric: names of the relations that have no direction: the entity that is mentioned first comes first, and
            strict scoring accepts either order.
    """

    symmetric: tuple[Line, ...] = ()

    @model_validator(mode="after")
    def _symmetric_are_labels(self) -> Self:
        if unknown := sorted(set(self.symmetric) - set(self.labels)):
            raise ValueError(f"{self.name} calls {unknown} symmetric, but its relations are {list(self.labels)}")
        return self

    @property
    def category(self) -> Category:
        """Relation extraction."""
        return "RE"


class Coref(Mentioning):
    """Which further mentions stand for the same thing as a given one? One sample a chain."""

    @property
    def category(self) -> Category:
        """Coreference resolution."""
        return "COREF"


class Ee(Typed):
    """Which events does the text report, by which word, and what is their theme?"""

    @property
    def category(self) -> Category:
        """Event extraction."""
        return "EE"
