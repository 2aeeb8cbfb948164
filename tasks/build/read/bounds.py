"""How much of a file may have to be in memory at once: a line, a cell or a value, or the whole of a small file."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NoReturn

from schemas.errors import FormatError
from schemas.settings import Settings
from tasks.build.unpack import Member

_GIVEN: ContextVar[Settings] = ContextVar("bounds")


@contextmanager
def bounded(settings: Settings) -> Iterator[None]:
    """Read with the limits of these settings: asking the environment takes longer than reading a small file."""
    before = _GIVEN.set(settings)
    try:
        yield
    finally:
        _GIVEN.reset(before)


def bounds() -> Settings:
    """The settings that limit what is read: those given, else those of the environment."""
    return _GIVEN.get(None) or Settings()


def longest() -> int:
    """The bytes of the longest line, cell or value that is read."""
    return bounds().line_bytes


def refuse_long(member: Member, line: int, what: str = "line") -> NoReturn:
    """Refuse a line, cell or value that is too long to be one.

    Raises:
        FormatError: always.
    """
    raise FormatError(
        f"`{member.name}`, line {line}: expected at most {longest():,} bytes in one {what}, found more. Is it the "
        "declared format, and does each quote close? If the file is right, raise `MEDINST_LINE_BYTES`.",
        file=member.name,
        line=line,
    )


def refuse_large(member: Member) -> None:
    """Refuse a file that would have to be read as a whole and is too large for that.

    Raises:
        FormatError: it is.
    """
    allowed, found = bounds().file_bytes, member.size
    if found > allowed:
        raise FormatError(
            f"`{member.name}`: expected at most {allowed:,} bytes, because a file of this format is in memory as a "
            f"whole, found {found:,}. If the file is right, raise `MEDINST_FILE_BYTES`.",
            file=member.name,
        )


_READ = 2**20


class LineLength:
    """Watches the length of lines while a file passes in pieces."""

    def __init__(self, member: Member) -> None:
        self._member, self._longest = member, longest()
        self._begin, self._run = 0, 0  # where the line begins that the last piece ended with, and its bytes so far

    def see(self, data: bytes) -> None:
        """Look at the next piece.

        Raises:
            FormatError: a line is too long.
        """
        end = data.find(b"\n")
        if self._run + (len(data) if end < 0 else end) > self._longest:
            refuse_long(self._member, 1 + self._lines_before(self._begin))
        if end < 0:
            self._run += len(data)
        else:
            last = data.rfind(b"\n") + 1
            self._begin += self._run + last
            self._run = len(data) - last

    def _lines_before(self, place: int) -> int:
        """How many lines end before a byte of the file: counted for a message only."""
        with self._member.open() as file:
            return sum(file.read(min(_READ, place - at)).count(b"\n") for at in range(0, place, _READ))
