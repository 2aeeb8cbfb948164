"""JSON of texts, one list or one in each line, each an object with an id and what was annotated in it."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from schemas.errors import FormatError
from schemas.formats import Encoding
from schemas.records import Document, Reject
from tasks.build.read import Found, fault
from tasks.build.read.text import decode
from tasks.build.read.text import lines as text_lines
from tasks.build.unpack import Member

Row = dict[str, Any]

_MALFORMED = (KeyError, TypeError, IndexError, ValueError, AttributeError, ArithmeticError, RecursionError)


def texts(
    member: Member, encoding: Encoding, key: str, document: Callable[[str, Row], Document], lines: bool = False
) -> Found:
    """The documents of a file.

    Args:
        member: the file.
        encoding: of its characters.
        key: of a text's id; one that is no printable text is replaced by the number of the row.
        document: makes a document of an id and a row; an error rejects the row.
        lines: whether each line is a text; else the file is one list.

    Raises:
        FormatError: the file is to be a list in JSON, and is not.
    """
    for number, said in enumerate(_lines(member, encoding) if lines else _rows(member, encoding)):
        id_ = f"{member.name}#{number}"
        try:
            row: Any = json.loads(said) if lines else said
            named = row.get(key) if isinstance(row, dict) else None
            id_ = named if isinstance(named, str) and named.isprintable() and named else id_
            json.dumps(row, ensure_ascii=False).encode()  # half of a surrogate pair is not text
            yield document(id_, row)
        except _MALFORMED as error:
            yield Reject(id_, "malformed row", f"{member.name}#{number}: {fault(error)}"[:300])


def text_of(value: Any) -> str:
    """A value that has to be a text.

    Raises:
        TypeError: it is not.
    """
    if not isinstance(value, str):
        raise TypeError(f"expected a text, found {value!r}")
    return value


def _lines(member: Member, encoding: Encoding) -> Iterable[str]:
    """The lines that are not blank."""
    return (line for line in text_lines(member, encoding) if line.strip())


def _rows(member: Member, encoding: Encoding) -> list[Any]:
    try:
        value = json.loads(decode(member, encoding))
        if not isinstance(value, list):
            raise ValueError("it is not a list")
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        raise FormatError(f"`{member.name}` is not JSON of texts: {error}.", file=member.name, line=line) from error
    return value
