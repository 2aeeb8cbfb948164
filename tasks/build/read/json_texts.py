"""JSON files that are one list of texts, each an object with an id and what was annotated in it."""

import json
from collections.abc import Callable
from typing import Any

from schemas.errors import FormatError
from schemas.formats import Encoding
from schemas.records import Document, Reject
from tasks.build.read import Found, fault
from tasks.build.read.text import decode
from tasks.build.unpack import Member

Row = dict[str, Any]

_MALFORMED = (KeyError, TypeError, IndexError, ValueError, AttributeError, ArithmeticError, RecursionError)


def texts(member: Member, encoding: Encoding, key: str, document: Callable[[str, Row], Document]) -> Found:
    """The documents of a file.

    Args:
        member: the file.
        encoding: of its characters.
        key: of a text's id; one that is no printable text is replaced by the number of the row.
        document: makes a document of an id and a row; an error rejects the row.

    Raises:
        FormatError: the file is not a list in JSON.
    """
    for number, row in enumerate(_rows(member, encoding)):
        id_ = row.get(key) if isinstance(row, dict) else None
        id_ = id_ if isinstance(id_, str) and id_.isprintable() and id_ else f"{member.name}#{number}"
        try:
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


def _rows(member: Member, encoding: Encoding) -> list[Any]:
    try:
        value = json.loads(decode(member, encoding))
        if not isinstance(value, list):
            raise ValueError("it is not a list")
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        raise FormatError(f"`{member.name}` is not JSON of texts: {error}.", file=member.name, line=line) from error
    return value
