"""Lines of a file, checked for length and encoding, and what is said where one is not as it should be."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from schemas.errors import GuardError
from schemas.settings import Settings
from tasks.tools.guard.places import File

_BOM = b"\xef\xbb\xbf"
_WIDE = (b"\xff\xfe", b"\xfe\xff")
"""How files in UTF-16 or UTF-32 begin."""


class Piece(NamedTuple):
    """A part of a file, in its order.

    Attributes:
        raw: its bytes.
        value: the row that it is; None if it is none, such as a header or an empty line.
        between: the bytes that separate it from the row before it.
    """

    raw: bytes
    value: Any = None
    between: bytes = b""


def lines(file: File, data: Any) -> Iterator[tuple[int, bytes]]:
    """The lines of a file with their numbers.

    Raises:
        GuardError: one is too long.
    """
    most, number = Settings().line_bytes, 0
    while line := data.readline(most + 1):
        number += 1
        if len(line) > most:
            raise fault(file, number, f"at most {most:,} bytes in a line", "more. If it is right: MEDINST_LINE_BYTES")
        yield number, line


def decoded(file: File, number: int, data: bytes) -> str:
    """The text of a line.

    Raises:
        GuardError: it is not UTF-8, or holds the character NUL.
    """
    if number == 1 and data.startswith(_WIDE):
        raise fault(file, 1, "UTF-8", "UTF-16. Convert it: iconv -f UTF-16 -t UTF-8")
    try:
        text = (data.removeprefix(_BOM) if number == 1 else data).decode("utf-8")
    except UnicodeDecodeError as error:
        wrong = f"the byte 0x{data[error.start]:02x}. Convert it, such as: iconv -f LATIN1 -t UTF-8"
        raise fault(file, number + data.count(b"\n", 0, error.start), "UTF-8", wrong) from error
    if "\0" in text:
        raise fault(file, number, "text", "the character NUL. Is the file damaged, or not what its name says?")
    return text


def fault(file: File, line: int, expected: str, found: str) -> GuardError:
    """The error that a line is not as it should be."""
    return GuardError(f"{file.path}, line {line}: expected {expected}, found {found}.", path=str(file.path), line=line)
