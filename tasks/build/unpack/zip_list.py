"""The list of members at the end of a zip, looked at before `zipfile` has all of it in memory.

Rules: APPNOTE.TXT of PKWARE, sections 4.3.12 to 4.3.16.
"""

import struct
from typing import IO, NamedTuple

from tasks.build.unpack.allowance import Allowance

_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64 = struct.Struct("<4sLQL")
_HEADER = struct.Struct("<4s24x3H12x")
_COMMENT = 2**16
_AVERAGE = 512
"""Bytes of a member in the list, with its name, extra fields and comment. An honest list has fewer on average."""


class _List(NamedTuple):
    start: int
    size: int


def refuse_crowd(file: IO[bytes], place: str, allowance: Allowance) -> None:
    """Refuse a zip with too many members, or with a list of them that is too long.

    What is damaged passes: `zipfile` says what is wrong with it.

    Raises:
        ArchiveError: it has.
    """
    found = _found(file)
    if found is None:
        return
    allowance.check_members(found.size // _AVERAGE, place)
    file.seek(found.start)
    read, members = 0, 0
    while read < found.size:
        header = file.read(_HEADER.size)
        if len(header) < _HEADER.size or not header.startswith(b"PK\x01\x02"):
            return
        members += 1
        allowance.check_members(members, place)
        beside = sum(_HEADER.unpack(header)[1:])
        file.seek(beside, 1)
        read += _HEADER.size + beside


def _found(file: IO[bytes]) -> _List | None:
    """Where the list is; what stands before the archive does not count in its own offsets, so the end counts."""
    size = file.seek(0, 2)
    start = max(0, size - _END.size - _COMMENT)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        return None
    length, end = _END.unpack_from(tail, at)[5], start + at
    if end >= _LOCATOR_64.size:
        file.seek(end - _LOCATOR_64.size)
        locator = file.read(_LOCATOR_64.size)
        file.seek(max(0, end - _LOCATOR_64.size - _END_64.size))
        end_64 = file.read(_END_64.size)
        if locator.startswith(b"PK\x06\x07") and end_64.startswith(b"PK\x06\x06"):
            length, end = _END_64.unpack(end_64)[8], end - _LOCATOR_64.size - _END_64.size
    return _List(end - length, length) if length <= end else None
