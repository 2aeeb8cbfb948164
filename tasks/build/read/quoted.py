"""Tables with quotes: one opens where a cell begins and closes where it ends, and within a cell it is doubled.

Polars mends or joins rows in which a quote stands elsewhere, and may lose some. Here such a quote is found before. A
table is looked through first, block by block, and read again when its rows are wanted: its size does not matter.
"""

import codecs
import csv
import re
from io import TextIOWrapper
from typing import NoReturn

import numpy as np
import polars as pl
from numpy.typing import NDArray

from schemas.errors import FormatError
from schemas.formats import Encoding
from schemas.records import Reject
from tasks.build.read import EMPTY
from tasks.build.read.bounds import longest
from tasks.build.read.text import check, decode, each_line
from tasks.build.unpack import Member

_BLOCK = 2**21
_CR, _LF = b"\r\n"

Places = NDArray[np.intp]


def scan_table(
    member: Member, encoding: Encoding, separator: str = ",", quote: str = '"', header: bool = True
) -> pl.LazyFrame:
    """The rows of a table with quotes, all cells as text; a cell that a row lacks is null, empty lines are not rows.

    Args:
        member: the file.
        encoding: its encoding.
        separator: what separates the columns, an ASCII character.
        quote: the quoting character, too.
        header: whether the first line names the columns.

    Raises:
        FormatError: a byte is not text, a quote does not fit, or a row has too many columns; at once, with the place.
    """
    check(member, encoding)
    check_quotes(member, separator, quote)
    try:
        rows = pl.scan_csv(
            member.content if encoding in ("utf-8", "ascii") else decode(member, encoding).encode(),
            separator=separator,
            quote_char=quote,
            has_header=header,
            infer_schema=False,
            glob=False,
        )
        rows.select(pl.all().null_count()).collect()
    except pl.exceptions.PolarsError as error:
        _no_table(member, encoding, separator, quote, error)
    return rows.filter(~pl.all_horizontal(pl.all().is_null()))


def empty_rows(member: Member, encoding: Encoding, separator: str = ",", quote: str = '"') -> list[Reject]:
    """A reject for each row of empty cells of a table that `scan_table` can read; an empty line has no cell."""
    cells = re.compile(rf"{re.escape(separator)}+")
    if not any(cells.fullmatch(line) for line in each_line(member, encoding)):
        return []
    csv.field_size_limit(2**31 - 1)
    with _as_csv(member, encoding) as file:
        rows = csv.reader(file, delimiter=separator, quotechar=quote)
        return [
            Reject(f"{member.name}:{rows.line_num}", EMPTY, f"expected text in some cell, found {len(row)} empty cells")
            for row in rows
            if row and not any(row)
        ]


def _as_csv(member: Member, encoding: Encoding) -> TextIOWrapper:
    """The text of a table as Python's `csv` wants it."""
    return TextIOWrapper(member.open(), encoding.replace("utf-8", "utf-8-sig"), newline="")


def _no_table(
    member: Member, encoding: Encoding, separator: str, quote: str, error: pl.exceptions.PolarsError
) -> NoReturn:
    """Say where a table has a row with too many columns, or else what Polars has to say."""
    with _as_csv(member, encoding) as file:
        rows = csv.reader(file, delimiter=separator, quotechar=quote)
        try:
            width = len(next(rows))
            found = next((len(row) for row in rows if len(row) > width), None)
        except (csv.Error, StopIteration):
            found = None
    if found is not None:
        raise FormatError(
            f"`{member.name}`, line {rows.line_num}: expected {width} {separator!r}-separated columns, found {found}.",
            file=member.name,
            line=rows.line_num,
        ) from error
    said = str(error).partition("\n")[0]
    raise FormatError(f"`{member.name}` is not a {separator!r}-separated table: {said}.", file=member.name) from error


def check_quotes(member: Member, separator: str, quote: str) -> None:
    """Look at every quote of a table, in any encoding that has ASCII's characters where ASCII has them.

    Args:
        member: the file.
        separator: what separates the columns, an ASCII character.
        quote: the quoting character, too.

    Raises:
        FormatError: a quote opens or closes within a cell, or never closes, or not soon enough; the message names line
            and byte.
    """
    inside, opened, before, limit = False, 0, b"\n", longest()
    with member.open() as file:
        place = len(codecs.BOM_UTF8) if file.read(len(codecs.BOM_UTF8)) == codecs.BOM_UTF8 else 0
        file.seek(place)
        while block := file.read(_BLOCK):
            while block[-1:] in (b"\r", quote.encode()) and (more := file.read(1)):
                block += more
            data = np.frombuffer(before + block + b"\n\n", np.uint8)
            quotes = np.flatnonzero(data == ord(quote))
            opening, closing = quotes[inside::2], quotes[not inside :: 2]
            for faults, side in (
                (_within(data, opening, -1, separator, quote), "before a quote that opens a cell"),
                (_within(data, closing, 1, separator, quote), "after a quote that closes a cell"),
            ):
                if faults.size:
                    _refuse(member, place + int(faults[0]) - 1, f"expected {separator!r} or a line end {side}")
            opened = place + int(opening[-1]) - 1 if opening.size else opened
            inside ^= bool(quotes.size % 2)
            place += len(block)
            before = block[-1:]
            if inside and place - opened > limit:
                _refuse(member, opened, f"expected a quote that closes the cell within {limit:,} bytes")
    if inside:
        _refuse(member, opened, "expected a quote that closes the cell that opens here, up to the end of the file")


def _within(data: NDArray[np.uint8], quotes: Places, side: int, separator: str, quote: str) -> Places:
    """The quotes that have something of a cell beside them; another quote makes a doubled one."""
    beside = data[quotes + side]
    ends = np.isin(beside, [ord(separator), ord(quote), _LF])
    if side > 0:
        ends |= (beside == _CR) & (data[quotes + 2] == _LF)
    return quotes[~ends]


def _refuse(member: Member, byte: int, expected: str) -> NoReturn:
    """Name the place of a quote and what stands there."""
    with member.open() as file:
        line = 1
        for start in range(0, byte, _BLOCK):
            line += file.read(min(_BLOCK, byte - start)).count(b"\n")
        file.seek(max(0, byte - 10))
        found = file.read(21)
    raise FormatError(
        f"`{member.name}`, line {line}, byte {byte}: {expected}, found {found!r}. If quotes are ordinary characters of "
        "this table, declare it: `Delimited(quote=None, …)`.",
        file=member.name,
        line=line,
        byte=byte,
    )
