"""CSV and TSV files.

Without a quoting character a line is a row, and a line with another number of columns is rejected by itself (one with
more is not, where further columns may stand in front). With one, a row may span lines, which then end with LF; columns
that a row lacks are empty, a row with too many, or a quote that does not fit, makes the whole file an error. It is
looked through first and read again when its rows are written, so that a file of any size needs little memory. Empty
lines are not rows.
"""

from collections.abc import Iterable
from functools import partial
from typing import NamedTuple

import polars as pl

from schemas.errors import FormatError
from schemas.formats import Delimited
from schemas.records import Reject
from tasks.build.read import Files, Table, plain, read, words
from tasks.build.read.each import each_table
from tasks.build.read.quoted import empty_rows, scan_table
from tasks.build.read.text import scan_lines
from tasks.build.unpack import Member


@read.register
def _(options: Delimited, files: Files) -> Table:
    read_one = _quoted if options.quote else _unquoted
    return each_table(plain(files), partial(read_one, options))


def _quoted(options: Delimited, member: Member) -> Table:
    assert options.quote is not None
    rows = scan_table(member, options.encoding, options.separator, options.quote, options.header)
    names = rows.collect_schema().names()
    cells = [pl.col(name).str.replace_all("\r\n", "\n", literal=True) for name in names]
    table = _table(options, _Cells(member, names, cells), rows)
    return Table(table.frame, [*empty_rows(member, options.encoding, options.separator, options.quote), *table.rejects])


def _unquoted(options: Delimited, member: Member) -> Table:
    cells = pl.col("line").str.split(options.separator)
    rows = (
        scan_lines(member, options.encoding)
        .with_row_index("number", 1)
        .filter(pl.col("line") != "")
        .select("number", cells=cells, width=cells.list.len())
        .collect()
    )
    header = rows["cells"][0].to_list() if options.header and rows.height else None
    width = len(header) if header else rows["width"].mode().max() or 0
    names = header or [f"column_{number + 1}" for number in range(width)]  # pyright: ignore[reportArgumentType]
    body = rows[1:] if header else rows
    fits = pl.col("width") >= width if options.leading else pl.col("width") == width
    rejects = [
        Reject(f"{member.name}:{number}", "malformed line", f"expected {width} columns, found {found}")
        for number, found in body.filter(~fits).select("number", "width").iter_rows()
    ]
    columns = [pl.col("cells").list.get(place - len(names)) for place in range(len(names))]
    if options.unwrap:
        columns = [_unwrapped(column.str.strip_chars()) for column in columns]
    table = _table(options, _Cells(member, names, columns), body.lazy().filter(fits))
    return Table(table.frame, [*rejects, *table.rejects])


class _Cells(NamedTuple):
    """The cells of a file's rows, found by the name of their column or by its number."""

    member: Member
    names: list[str]
    cells: list[pl.Expr]

    def at(self, place: str | int) -> pl.Expr:
        if isinstance(place, int) and place < len(self.names):
            return self.cells[place]
        if place not in self.names:
            raise FormatError(f"`{self.member.name}` has no column {place!r}; it has {self.names[:20]}.")
        return self.cells[self.names.index(place)]

    def stripped(self, places: Iterable[str | int]) -> list[pl.Expr]:
        return [self.at(place).str.strip_chars() for place in places]


def _table(options: Delimited, cells: _Cells, rows: pl.LazyFrame) -> Table:
    """The record's fields of the rows of a file; rows without the word that is to be marked are rejected."""
    fields = {field: _field(options, field, cells) for field in options.fields}
    if not options.mark:
        return Table(rows.select(**fields))
    lacking = pl.any_horizontal(
        words.lacks(cells.at(options.fields[field]), _place(cells.at(place))) for field, place in options.mark.items()
    )
    numbers = pl.concat_str([cells.at(place) for place in options.mark.values()], separator=", ", ignore_nulls=True)
    found = rows.select(lacking=lacking, number=numbers).with_row_index().filter("lacking").collect()
    detail = "expected the number of a word of a text without marks, found {!r}"
    rejects = [
        Reject(f"{cells.member.name}#{row}", "no such word", detail.format(number))
        for row, _, number in found.iter_rows()
    ]
    return Table((rows.filter(~lacking) if rejects else rows).select(**fields), rejects)


def _field(options: Delimited, field: str, cells: _Cells) -> pl.Expr:
    """A field of the record as an expression over the file's cells."""
    place = options.fields[field]
    if field in options.mean:
        scores = [cell.cast(pl.Float64, strict=False) for cell in cells.stripped(place)]
        return pl.mean_horizontal(scores, ignore_nulls=False).cast(pl.String)
    if field in options.joined:
        filled = [pl.when(text != "").then(text) for text in cells.stripped(place)]
        return pl.concat_str(filled, separator="\n", ignore_nulls=True)
    if field in options.several:
        values = cells.at(place).str.split(options.several[field]).list.eval(pl.element().str.strip_chars())
        return values.list.filter(pl.element() != "")
    if field in options.mark:
        return words.marked(cells.at(place), _place(cells.at(options.mark[field]))).str.strip_chars()
    return cells.at(place).str.strip_chars()


def _place(number: pl.Expr) -> pl.Expr:
    """The number of a word; null where it is none."""
    return number.str.strip_chars().cast(pl.UInt32, strict=False)


def _unwrapped(cell: pl.Expr, layers: int = 2) -> pl.Expr:
    """A cell without the double quotes in which it stands as a whole, or of which only the first is left."""
    for _ in range(layers):  # some files were quoted twice
        closed, opened = (cell.str.contains(f'^"(?:[^"]|"")*{end}$') for end in ('"', ""))
        inner = cell.str.slice(1, cell.str.len_chars() - pl.when(closed).then(2).otherwise(1))
        cell = pl.when(closed | opened).then(inner.str.replace_all('""', '"', literal=True)).otherwise(cell)
    return cell
