"""Readers: one module per file format. A reader knows its format's options and no source.

A reader is found by the type of the declared option (`functools.singledispatch`). It yields `Document`s and `Reject`s
one by one, or hands over a `Table` whose rows never become Python objects.
"""

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import singledispatch

import polars as pl

from schemas.errors import FormatError
from schemas.formats import Format
from schemas.records import Document, Entity, Link, Reject
from tasks.build.unpack import Member

STAGE = "read"
"""The name of the stage in receipts and rejects."""

Files = Mapping[str, Sequence[Member]]
"""The unpacked files of one split by role; files without a role have the roles `0`, `1`, …"""

UNLISTED = "in no list"
"""The reason of a reject that a split passes over because its list does not name it. Other splits may have it: what all
splits that share files pass over becomes a reject of the part."""

Found = Iterator[Document | Reject]
"""What a reader of annotated texts yields."""


@dataclass(frozen=True)
class Table:
    """The rows of one split, lazily.

    Attributes:
        frame: one row a record, with the columns of its record type; `id` may be missing: rows are then numbered.
        rejects: what could not become a row.
    """

    frame: pl.LazyFrame
    rejects: Sequence[Reject] = field(default_factory=tuple)


@singledispatch
def read(options: Format, files: Files) -> Found | Table:
    """Read the files of one split.

    Args:
        options: the declared format; its type chooses the reader.
        files: the split's files by role.

    Raises:
        FormatError: a file is not in the declared format at all; the message names the file and the place.
    """
    raise FormatError(f"No reader for {type(options).__name__}. Readers are in tasks/build/read/, one per format.")


def plain(files: Files) -> list[Member]:
    """The files of a split whose format has no roles, in the order of their declaration."""
    return [member for role in files for member in files[role]]


def one(files: Files, role: str) -> Member:
    """The only file of a role.

    Raises:
        FormatError: there is none, or more than one.
    """
    found = files.get(role, ())
    if len(found) != 1:
        names = [member.name for member in found]
        raise FormatError(
            f"The format wants one file of the role `{role}`, the declaration gives {names or list(files)}."
        )
    return found[0]


def by_place(entity: Entity) -> tuple[object, str]:
    """The key that sorts entities as they come in the text."""
    spans = entity.spans
    return spans if len(spans) == 1 else tuple(sorted(spans)), entity.id


def identifiers(cell: str, separators: str, nothing: Container[str] = ()) -> list[str]:
    """The identifiers of concepts in a cell that may hold several, or none."""
    cells = re.split(f"[{re.escape(separators)}]", cell) if separators else [cell]
    return [name for name in map(str.strip, cells) if name and name not in nothing]


def concept(patterns: Mapping[str, str], name: str, database: str | None = None) -> Link | None:
    """The concept that an identifier names, in the database of the first pattern that it fits as a whole.

    Args:
        patterns: regular expression -> database; its first group is the identifier.
        name: the identifier as it is written.
        database: the database if no pattern fits; None: it is not a concept then.
    """
    for pattern, other in patterns.items():
        if (found := re.fullmatch(pattern, name)) is not None and found[1]:
            return Link(other, found[1])
    return Link(database, name) if database else None


def fault(error: Exception) -> str:
    """What is wrong with a record, told from the error that reading it raised.

    Readers say in `ValueError` and `TypeError` what they expected; what Python itself says is put into such words.
    """
    if isinstance(error, KeyError):
        return f"no {error}"
    if isinstance(error, UnicodeDecodeError):
        return f"expected text in {error.encoding}, found the byte 0x{error.object[error.start]:02x}"
    if isinstance(error, UnicodeEncodeError):
        return f"expected text, found half of a surrogate pair, {error.object[error.start]!r}"
    said = str(error)
    for pattern, words in _WORDS.items():
        if found := re.match(pattern, said):
            return words.format(*found.groups())
    told = said.startswith("expected") or not isinstance(error, TypeError | AttributeError)
    return said if told else f"expected values of another kind ({said})"


_WORDS = {
    r"invalid literal for int\(\) with base 10: (.*)": "expected an integer, found {}",
    r"could not convert string to float: (.*)": "expected a number, found {}",
    r"(?:not enough|too many) values to unpack \(expected (?:at least )?(\d+)": "expected {} values",
    r"(?:list|tuple|string) index out of range": "expected further values",
}
"""Python's message -> the message shown instead."""
