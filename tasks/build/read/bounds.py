"""How much of a file may have to be in memory at once: a line, a cell or a value, or the whole of a small file."""

from typing import NoReturn

from schemas.errors import FormatError
from schemas.settings import Settings
from tasks.build.unpack import Member


def longest() -> int:
    """The bytes of the longest line, cell or value that is read."""
    return Settings().line_bytes


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
    allowed, found = Settings().file_bytes, member.path.stat().st_size
    if found > allowed:
        raise FormatError(
            f"`{member.name}`: expected at most {allowed:,} bytes, because a file of this format is in memory as a "
            f"whole, found {found:,}. If the file is right, raise `MEDINST_FILE_BYTES`.",
            file=member.name,
        )


class LineLength:
    """Watches the length of lines while a file passes in pieces."""

    def __init__(self, member: Member) -> None:
        self._member, self._longest = member, longest()
        self._line, self._run = 1, 0

    def see(self, data: bytes) -> None:
        """Look at the next piece.

        Raises:
            FormatError: a line is too long.
        """
        end = data.find(b"\n")
        self._run += len(data) if end < 0 else end
        if self._run > self._longest:
            refuse_long(self._member, self._line)
        if end >= 0:
            self._line += data.count(b"\n")
            self._run = len(data) - 1 - data.rfind(b"\n")
