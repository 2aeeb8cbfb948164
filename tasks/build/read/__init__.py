"""Readers: one module per file format. A reader knows its format's options and no source.

A reader is found by the type of the declared option (`functools.singledispatch`). It yields `Document`s and `Reject`s
one by one, or hands over a `Table` whose rows never become Python objects.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import singledispatch

import polars as pl

from schemas.errors import FormatError
from schemas.formats import Format
from schemas.records import Argument, Document, Entity, Reject
from tasks.build.unpack import Member

STAGE = "read"
"""The name of the stage in receipts and rejects."""

Files = Mapping[str, Sequence[Member]]
"""The unpacked files of one split by role; files without a role have the roles `0`, `1`, …"""

UNLISTED = "in no list"
"""The reason of a reject that a split passes over because its list does not name it. Other splits may have it: what all
splits that share files pass over becomes a reject of the part."""

STRAY = "stray line"
"""The reason of a reject that stands for a line that cannot be an annotation; its record is kept."""

AMBIGUOUS = "ambiguous argument"
"""The reason of a reject that stands for a relation, an event or a chain with an id of two; its record is kept."""

EMPTY = "empty row"
"""The reason of a reject that stands for a row of empty cells."""

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


ASIDE = {STRAY, AMBIGUOUS, EMPTY}
"""Reasons of rejects that are no records: a line or a relation that alone is left out of one, or a row of nothing."""


def by_role(arguments: Sequence[Argument], roles: Sequence[str] = ()) -> tuple[Argument, ...]:
    """Arguments in the order of their roles, whatever their order in the file.

    Args:
        arguments: the arguments; those with numbered roles (`Arg1`, `Arg2`) are put in the order of the numbers.
        roles: the order of roles that have no numbers; others keep their places behind them.
    """
    numbers = [_NUMBERED.fullmatch(argument.role) for argument in arguments]
    if all(numbers) and len({found[1] for found in numbers if found}) == 1:
        return tuple(sorted(arguments, key=lambda argument: int(_NUMBERED.fullmatch(argument.role)[2])))  # pyright: ignore[reportOptionalSubscript]
    order = {role: place for place, role in enumerate(roles)}
    return tuple(sorted(arguments, key=lambda argument: order.get(argument.role, len(order))))


_NUMBERED = re.compile(r"(\D+)(\d{1,9})", re.ASCII)


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
