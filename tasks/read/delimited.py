"""CSV and TSV files.

Without a quoting character a line is a row, and a line with another number of columns is rejected by itself. With one,
a row may span lines, which then end with LF; columns that a row lacks are empty, a row with too many, or a quote that
does not fit, makes the whole file an error. Empty lines are no rows.
"""

import polars as pl

from schemas.errors import FormatError
from schemas.formats import Delimited
from schemas.records import Reject
from tasks.read import Files, Table, plain, read
from tasks.read.text import check, decode, scan_lines
from tasks.unpack import Member


@read.register
def _(options: Delimited, files: Files) -> Table:
    read_one = _quoted if options.quote else _unquoted
    tables = [read_one(options, member) for member in plain(files)]
    return Table(pl.concat([table.frame for table in tables]), [r for table in tables for r in table.rejects])


def _quoted(options: Delimited, member: Member) -> Table:
    check(member, options.encoding)
    try:
        frame = pl.read_csv(
            str(member.path) if options.encoding == "utf-8" else decode(member, options.encoding).encode(),
            separator=options.separator,
            quote_char=options.quote,
            has_header=options.header,
            infer_schema=False,
        )
    except pl.exceptions.PolarsError as error:
        fault = str(error).partition("\n")[0]
        raise FormatError(f"`{member.name}` is not a table parted by {options.separator!r}: {fault}") from error
    rows = frame.lazy().filter(~pl.all_horizontal(pl.all().is_null()))
    cells = [pl.col(name).str.replace_all("\r\n", "\n", literal=True) for name in frame.columns]
    return Table(rows.select(**_fields(options, frame.columns, cells, member)))


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
    rejects = [
        Reject(f"{member.name}:{number}", "malformed line", f"expected {width} columns, found {found}")
        for number, found in body.filter(pl.col("width") != width).select("number", "width").iter_rows()
    ]
    columns = [pl.col("cells").list.get(place) for place in range(len(names))]
    frame = body.lazy().filter(pl.col("width") == width)
    return Table(frame.select(**_fields(options, names, columns, member)), rejects)


def _fields(options: Delimited, names: list[str], cells: list[pl.Expr], member: Member) -> dict[str, pl.Expr]:
    """The record's fields as expressions over the file's cells."""

    def cell(place: str | int) -> pl.Expr:
        if isinstance(place, int) and place < len(names):
            return cells[place]
        if place not in names:
            raise FormatError(f"`{member.name}` has no column {place!r}; it has {names[:20]}.")
        return cells[names.index(place)]

    expressions: dict[str, pl.Expr] = {}
    for field, place in options.fields.items():
        if field in options.mean:
            scores = [cell(each).str.strip_chars().cast(pl.Float64, strict=False) for each in place]
            expressions[field] = pl.mean_horizontal(scores, ignore_nulls=False).cast(pl.String)
        else:
            expressions[field] = cell(place).str.strip_chars()
    return expressions
