"""Options of every file format that a reader understands. Data only: a reader is found by the option's type."""

import dataclasses
from collections.abc import Callable, Iterable
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, SerializeAsAny, model_validator

from schemas.base import Model
from schemas.records import KINDS

Encoding = Literal["utf-8", "cp1252", "latin-1", "mac-roman", "ascii"]


class Format(Model):
    """Base of all format options.

    Attributes:
        encoding: the encoding of the text; a byte order mark of UTF-8 is skipped.
    """

    encoding: Encoding = "utf-8"
    parsed_in_python: ClassVar[bool] = True
    """Whether a reader of this format is Python (and best run in a process of its own) or native code."""

    @property
    def kind(self) -> str:
        """The name of the record type that a reader of this format yields."""
        return "Document"


class PubTator(Format):
    """PubTator text: `id|t|title`, `id|a|abstract`, then tab-separated mentions and relations.

    Attributes:
        vocabulary: database of each entity type's identifiers; one name if it is the same for all types.
        prefixes: beginning of an identifier that names another database -> that database; it is not part of the
            identifier.
        separators: characters that part several identifiers of one mention.
        nothing: identifiers that mean "no concept".
    """

    vocabulary: str | dict[str, str]
    prefixes: dict[str, str] = Field(default_factory=dict)
    separators: str = "|"
    nothing: tuple[str, ...] = ("-1", "-", "")


class Standoff(Format):
    """Standoff files of brat and the BioNLP shared tasks, one `.txt` a document.

    Attributes:
        annotations: suffixes of the files that together annotate a document; a missing one counts as empty.
    """

    annotations: tuple[str, ...] = (".a1", ".a2")


class BioC(Format):
    """BioC XML.

    Attributes:
        type_key: the infon that holds an annotation's type.
        links: infon key of the identifiers -> name of the database.
        separators: characters that part several identifiers in one infon.
        nothing: identifiers that mean "no concept".
    """

    type_key: str = "type"
    links: dict[str, str] = Field(default_factory=dict)
    separators: str = ",;|"
    nothing: tuple[str, ...] = ("-", "-1", "")


class Iob(Format):
    """One token and its tag a line, parted by a tab; an empty line ends a sentence."""

    parsed_in_python: ClassVar[bool] = False

    @property
    def kind(self) -> str:
        """IOB files hold sentences."""
        return "Sentence"


class InteractionXml(Format):
    """The unified XML of protein interaction corpora: sentences with entities and pairs.

    Attributes:
        relation: the type of an interaction that names none.
        inclusive: whether the end of an offset is the last character itself, not the one after it.
    """

    relation: str = "interaction"
    inclusive: bool = False


class StandoffTables(Format):
    """Three tables a split: abstracts (id, title, text), entities and relations.

    The roles of the files are `abstracts`, `entities` and `relations`.

    Attributes:
        relation: number of the column, from 0, that names a relation's type; its arguments are the last two columns.
    """

    relation: int = 1


class Rows(Format):
    """Base of formats that hold one row a record.

    Attributes:
        record: name of the record type.
        fields: field of the record -> where its value stands in a row (the concrete format says how it is written).
    """

    record: str
    fields: dict[str, Any] = Field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The declared record type."""
        return self.record

    @model_validator(mode="after")
    def _fields_exist(self) -> Self:
        if self.record not in KINDS:
            raise ValueError(f"there is no record type {self.record!r}; there are {sorted(KINDS)}")
        known = {field.name for field in dataclasses.fields(KINDS[self.record])}
        if extra := sorted(set(self.fields) - known):
            raise ValueError(f"{self.record} has no field {extra}; it has {sorted(known)}")
        return self


class JsonRows(Rows):
    """JSON: a list of rows, an object of rows by id, or one row a line.

    A place is a key path (`a.b`). A list of texts becomes one text with its items joined by blanks where the record
    wants one text.

    Attributes:
        lines: one JSON value a line (JSONL).
        index: role of a further file -> the key by which its rows are looked up.
        adapt: a function of the source's module that makes rows of the record's fields from a row, for what a mapping
            cannot say: `adapt(row, tables)`, where `tables` holds the further files by role and key.
    """

    lines: bool = False
    index: dict[str, str] = Field(default_factory=dict)
    adapt: Callable[..., Iterable[dict[str, Any]]] | None = None


class XmlRows(Rows):
    """XML: one element a record. A place is a child's name, or `@name` for an attribute.

    Attributes:
        row: name of the element that is a record.
    """

    row: str


class Delimited(Rows):
    """CSV or TSV. A place is a column's name, or its number from 0 where there is no header.

    Attributes:
        separator: what parts the columns.
        quote: the quoting character; None where quotes are ordinary characters.
        header: whether the first line names the columns.
        mean: fields that are the mean of several columns (the place is then a list).
    """

    parsed_in_python: ClassVar[bool] = False

    separator: str = ","
    quote: str | None = '"'
    header: bool = True
    mean: tuple[str, ...] = ()


class Excel(Rows):
    """One sheet of an Excel workbook. A place is the name of a column in the first row."""

    parsed_in_python: ClassVar[bool] = False

    sheet: int = 0


class ParallelText(Format):
    """Two text files, line n of the one being the translation of line n of the other.

    The roles of the files are `source` and `target`.
    """

    parsed_in_python: ClassVar[bool] = False

    @property
    def kind(self) -> str:
        """Parallel texts hold translations."""
        return "Translation"


AnyFormat = SerializeAsAny[Format]
"""A format field that keeps the options of the concrete format when it is written as JSON."""
