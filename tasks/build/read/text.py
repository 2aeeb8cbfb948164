"""The text of a file, decoded as declared. Only LF and CRLF end a line: U+2028, form feeds and a lone CR do not."""

import codecs
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import partial
from typing import NoReturn

import numpy as np
import polars as pl
import pyarrow as pa

from schemas.errors import FormatError
from schemas.formats import Encoding
from tasks.base.store import frames
from tasks.build.read.bounds import LineLength, longest, refuse_large, refuse_long
from tasks.build.unpack import Member

_CHUNK = 2**18
_MARK = "\ufeff"


def decode(member: Member, encoding: Encoding) -> str:
    """Decode a file; a byte order mark of UTF-8 is skipped, line ends are kept.

    Raises:
        FormatError: a byte is not text in the declared encoding; the message names the byte's place. Or the file is
            too large to be in memory.
    """
    try:
        refuse_large(member)
        return member.read().decode(_codec(encoding))
    except UnicodeDecodeError:
        _refuse(member, encoding)


def lines(member: Member, encoding: Encoding) -> list[str]:
    """The lines of a file without their ends."""
    found = decode(member, encoding).replace("\r\n", "\n").split("\n")
    return found[:-1] if not found[-1] else found


def each_line(member: Member, encoding: Encoding) -> Iterator[str]:
    """The lines of a file as `lines` gives them, one at a time, so that its size does not matter.

    Raises:
        FormatError: as `decode`, when it comes to the byte.
    """
    with member.open() as file:
        limit = longest()
        for number, line in enumerate(iter(partial(file.readline, limit + 1), b"")):
            if len(line) > limit and not line.endswith(b"\n"):
                refuse_long(member, number + 1)
            codec = _codec(encoding) if number == 0 else encoding.replace("-", "_")
            try:
                text = line.decode(codec)
            except UnicodeDecodeError:
                _refuse(member, encoding)
            yield text[:-2] if text.endswith("\r\n") else text.removesuffix("\n")


def chunks(member: Member, encoding: Encoding) -> Iterator[str]:
    """The text of a file in pieces, so that its size does not matter.

    Raises:
        FormatError: as `decode`, when it comes to the byte.
    """
    decoder = codecs.getincrementaldecoder(_codec(encoding))()
    with member.open() as file:
        while data := file.read(_CHUNK):
            try:
                text = decoder.decode(data)
            except UnicodeDecodeError:
                _refuse(member, encoding)
            if text:  # else the bytes are but the beginning of a character
                yield text
    if decoder.getstate()[0]:  # what is left at the end; `final=True` overlooks a mark that is cut
        _refuse(member, encoding)


def scan_lines(member: Member, encoding: Encoding) -> pl.LazyFrame:
    """The lines of a file without their ends as a column `line`, without making Python objects.

    Raises:
        FormatError: as `decode`, at once.
    """
    if encoding in ("utf-8", "ascii"):
        check(member, encoding)
        frame = frames.scan_lines(member.content)
    else:
        frame = frames.scan_lines(decode(member, encoding).encode())
    with member.open() as file:
        marked = encoding == "utf-8" and file.read(3) == codecs.BOM_UTF8
    return (
        pl.concat([frame.head(1).select(pl.col("line").str.strip_prefix(_MARK)), frame.slice(1)]) if marked else frame
    )


def check(member: Member, encoding: Encoding) -> None:
    """Read a file, whatever its size, only to see that it is text and has no line that is too long.

    Raises:
        FormatError: as `decode`.
    """
    lines_seen, longest_line = LineLength(member), longest()
    with member.open() as file:
        while chunk := file.read(_CHUNK):
            chunk += file.readline(longest_line + 1)  # so that no character is cut
            lines_seen.see(chunk)
            if not (chunk.isascii() or _is_text(chunk, encoding)):
                _refuse(member, encoding)


def _is_text(data: bytes, encoding: Encoding) -> bool:
    """Whether all bytes are text in an encoding. Arrow proves that of UTF-8 in half the time that decoding takes."""
    if encoding == "utf-8":
        bounds = pa.py_buffer(np.array([0, len(data)], np.int64))
        try:
            pa.LargeStringArray.from_buffers(1, bounds, pa.py_buffer(data)).validate(full=True)
        except pa.ArrowInvalid:
            return False
        return True
    try:
        data.decode(encoding.replace("-", "_"))
    except UnicodeDecodeError:
        return False
    return True


def as_text(value: object) -> str:
    """A plain value of JSON as text, a boolean as JSON writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def with_lf(text: str) -> tuple[str, Callable[[int], int]]:
    r"""A text whose lines end with LF only, and where an offset into the text as it was is in it."""
    if "\r\n" not in text:
        return text, int
    ends = [found.start() for found in re.finditer("\r\n", text)]
    return text.replace("\r\n", "\n"), lambda offset: offset - bisect_left(ends, offset)


def _codec(encoding: Encoding) -> str:
    return "utf-8-sig" if encoding == "utf-8" else encoding.replace("-", "_")


def _refuse(member: Member, encoding: Encoding) -> NoReturn:
    """Name the place of the first byte that is not text, which is looked for piece by piece: the file may be large."""
    decoder = codecs.getincrementaldecoder(encoding.replace("-", "_"))()
    place, line = 0, 1
    with member.open() as file:
        if encoding == "utf-8" and file.read(len(codecs.BOM_UTF8)) == codecs.BOM_UTF8:
            place = len(codecs.BOM_UTF8)
        file.seek(place)
        while True:
            begun = decoder.getstate()[0]  # the bytes of a character that goes on in the next piece
            data = file.read(_CHUNK)
            try:
                decoder.decode(data, final=not data)
            except UnicodeDecodeError as error:
                place += error.start - len(begun)
                line += (begun + data).count(b"\n", 0, error.start)
                raise FormatError(
                    f"`{member.name}`, line {line}, byte {place}: 0x{error.object[error.start]:02x} is not text in "
                    f"{encoding}. If the file is in another encoding, declare it: `encoding=` of the format.",
                    file=member.name,
                    line=line,
                    byte=place,
                ) from error
            if not data:
                raise FormatError(
                    f"`{member.name}` changed while it was read. Run the command again.", file=member.name
                )
            place, line = place + len(data), line + data.count(b"\n")
