"""One record a row: tables, JSON, XML elements and texts side by side."""

import dataclasses
from collections.abc import Callable, Iterable
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from schemas.formats.base import Format
from schemas.records import KINDS, Reject


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
            raise ValueError(f"{self.record!r} is not a record type; choose one of {sorted(KINDS)}")
        known = {field.name for field in dataclasses.fields(KINDS[self.record])}
        if extra := sorted(set(self.fields) - known):
            raise ValueError(f"{self.record} has no field {extra}; it has {sorted(known)}")
        return self


class Adapted(Rows):
    """Base of formats whose rows a function of the declaration can turn into records.

    Attributes:
        index: role of a further file -> the key by which its rows are looked up.
        adapt: a function of the source's module that makes rows of the record's fields from a row, for what a mapping
            cannot say: `adapt(row, tables)`, where `tables` holds the further files by role and key. In place of a row
            it may give a `Reject`; an error rejects the row.
    """

    index: dict[str, str] = Field(default_factory=dict)
    adapt: Callable[..., Iterable[dict[str, Any] | Reject]] | None = None


class JsonRows(Adapted):
    """JSON: a list of rows, an object of rows by id, or one row a line; read in bounded memory, whatever the size.

    A place is a key path (`a.b`). A list of texts becomes one text with its items joined by spaces where the record
    wants one text.

    Attributes:
        lines: one JSON value a line (JSONL).
        rows: key path of the list or object that holds the rows, where that is not the whole file.
        where: key path -> the value that a row must have there; the other rows belong to other parts.
    """

    lines: bool = False
    rows: str = ""
    where: dict[str, str] = Field(default_factory=dict)


class JoinedTables(Adapted):
    """CSV tables that belong together: rows of the first, looked up in the others.

    A place is a column's name. The rows of an indexed table are looked up as lists, in the order of the file.

    Attributes:
        separator: what separates the columns.
        within: role of a list, one entry a line -> the column of which only the listed values belong to the split.
    """

    separator: str = ","
    within: dict[str, str] = Field(default_factory=dict)


class XmlRows(Adapted):
    """XML: one element a record. A place is a child's name, or `@name` for an attribute.

    What `adapt` gets is the element, as lxml has it. A run of white space in a text is one space.

    Attributes:
        row: name of the element that is a record.
    """

    row: str


class XmlClaims(Format):
    """XML: one element a claim, its text the element's. A record is a pair of claims, its label how they stand.

    Two claims that answer one question `agree` or `contradict`. Claims on different questions make `neutral` pairs;
    they are so many that some are drawn, always the same: those of the lowest hashes of their texts. The first text of
    a pair begins with the question that the first claim answers.

    Attributes:
        row: name of the element.
        question: its attribute that says which question the claim answers.
        answer: its attribute that says how.
        neutral: how many neutral pairs are drawn. Questions that have a claim in common ask the same; they make none.
    """

    row: str
    question: str
    answer: str
    neutral: int = Field(default=0, ge=0)

    @property
    def kind(self) -> str:
        """Claims come in pairs."""
        return "Pair"


class Delimited(Rows):
    """CSV or TSV. A place is a column's name, or its number from 0 where there is no header.

    Attributes:
        separator: what separates the columns.
        quote: the quoting character; None where quotes are ordinary characters.
        header: whether the first line names the columns.
        mean: fields that are the mean of several columns (the place is then a list).
        joined: fields that are several columns joined by line breaks (the place is then a list), without empty ones.
        several: field that is a list -> what separates its values in the cell.
        leading: whether rows may have further columns before those that the header names, as an index that it forgets.
            Only without a quoting character.
        unwrap: whether a cell that stands in double quotes loses them (or the first, where the rest of the cell is
            lost), two quotes within becoming one; twice, if it still does. Only without a quoting character: for files
            that were written with one, and where it fails.
        mark: field -> the place of the number, from 0, of the one of its words that is asked about, words being what
            single spaces separate. The word is put between `schemas.records.MARKS`.
    """

    parsed_in_python: ClassVar[bool] = False

    separator: str = ","
    quote: str | None = '"'
    header: bool = True
    mean: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()
    several: dict[str, str] = Field(default_factory=dict)
    leading: bool = False
    unwrap: bool = False
    mark: dict[str, str | int] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _without_quotes(self) -> Self:
        if self.quote and (self.leading or self.unwrap):
            raise ValueError("`leading` and `unwrap` are for tables without a quoting character: say `quote=None`")
        return self


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


class PairedTexts(Format):
    """Two folders of text files, those that are called alike being translations of each other.

    Attributes:
        suffixes: role (`source` and `target`) -> how the names of its files end; what stands before is the record's id.
    """

    suffixes: dict[Literal["source", "target"], str]

    @property
    def kind(self) -> str:
        """Paired texts are translations."""
        return "Translation"
