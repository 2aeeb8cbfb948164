"""What an archive may unpack to, counted in bytes that really came out: headers can lie."""

from collections.abc import Iterator
from pathlib import Path
from typing import IO

from schemas.errors import ArchiveError
from schemas.settings import Settings

CHUNK = 2**20
SMALL = 2**18
"""Bytes of a member that need no file at most: to make one takes longer than to unpack so few."""
HELD = 2**25
"""Bytes of all such members together at most; further ones become files."""
_SMALLEST = 1024  # packed sizes below this say nothing about a ratio


class Allowance:
    """The limits of one call of unpacking, archives in archives included.

    Attributes:
        settings: the limits.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._members = 0
        self._bytes = 0
        self._held = 0

    def count_member(self, place: str) -> None:
        """Note one more member, wanted or not.

        Raises:
            ArchiveError: there are more than `archive_members`.
        """
        self._members += 1
        self.check_members(self._members, place)

    def check_members(self, members: int, place: str) -> None:
        """Refuse a number of members.

        Raises:
            ArchiveError: it is more than `archive_members`.
        """
        if members > self.settings.archive_members:
            raise _too_much(place, f"{self.settings.archive_members:,} members", "more", "archive_members")

    def kept(self, source: IO[bytes], target: Path, place: str, packed: int | None) -> Path | bytes:
        """A member's bytes where they are few, else the file that they were written to.

        Args:
            source: the opened member.
            target: the file to write.
            place: the member's name for the user.
            packed: size of its packed bytes, if known.

        Raises:
            ArchiveError: it unpacks to more than allowed.
        """
        chunks = self.chunks(source, place, packed)
        first = next(chunks, b"")
        if len(first) <= min(SMALL, HELD - self._held):  # less than a chunk is all there is
            self._held += len(first)
            return first
        with target.open("wb") as file:
            file.write(first)
            file.writelines(chunks)
        return target

    def chunks(self, source: IO[bytes], place: str, packed: int | None) -> Iterator[bytes]:
        """A member's bytes in pieces, the last of them shorter than `CHUNK`.

        Args:
            source: the opened member.
            place: the member's name for the user.
            packed: size of its packed bytes, if known.

        Raises:
            ArchiveError: it unpacks to more than allowed.
        """
        written = 0
        while chunk := source.read(CHUNK):
            written += len(chunk)
            self._bytes += len(chunk)
            self.check(written, packed, place)
            yield chunk

    def check(self, written: int, packed: int | None, place: str) -> None:
        """Refuse a member that has grown too large.

        Raises:
            ArchiveError: it has.
        """
        limits = self.settings
        if written > limits.member_bytes:
            raise _too_much(place, f"{limits.member_bytes:,} bytes", "more", "member_bytes")
        if self._bytes > limits.archive_bytes:
            raise _too_much(place, f"{limits.archive_bytes:,} bytes in all", "more", "archive_bytes")
        self.check_ratio(written, packed, place)

    def check_ratio(self, written: int, packed: int | None, place: str) -> None:
        """Refuse bytes that unpack to suspiciously many.

        Raises:
            ArchiveError: they do.
        """
        if packed is not None and written > self.settings.ratio * max(packed, _SMALLEST):
            found = f"{packed:,} packed bytes that unpack to more than {written:,}"
            raise _too_much(place, f"{self.settings.ratio:,} times the packed size", found, "ratio")


class Counted:
    """A stream that only goes forward and counts what it yields, as `tarfile` reads it.

    Attributes:
        last: what the last `read` returned: at a tar's end a block of zeros.
    """

    def __init__(self, file: IO[bytes], allowance: Allowance, place: str, packed: int | None) -> None:
        self._file = file
        self._allowance = allowance
        self._place = place
        self._packed = packed
        self._position = 0
        self.last = b""

    def read(self, size: int) -> bytes:
        """Read up to so many bytes; a header that asks for a huge block is refused."""
        if size > 64 * CHUNK:
            raise _too_much(self._place, f"headers of {64 * CHUNK:,} bytes", f"one of {size:,}", None)
        self.last = self._file.read(size)
        self._position += len(self.last)
        self._allowance.check_ratio(self._position, self._packed, self._place)
        return self.last

    def tell(self) -> int:
        """The number of bytes read."""
        return self._position

    def seek(self, position: int) -> int:
        """Read up to a position; the end may come first."""
        while (left := position - self._position) > 0 and self.read(min(left, CHUNK)):
            pass
        return self._position

    def drain(self) -> None:
        """Read to the end."""
        while self.read(CHUNK):
            pass


def _too_much(place: str, expected: str, found: str, setting: str | None) -> ArchiveError:
    cure = "" if setting is None else f" If it is honest, raise `MEDINST_{setting.upper()}`."
    return ArchiveError(f"`{place}`: expected at most {expected}, found {found}.{cure}", place=place, setting=setting)
