"""CSV and TSV files.

Without a quoting character a line is a row, and a line with another number of columns is rejected by itself. With one,
a row may span lines, and a row that does not fit makes the whole file an error.
"""

import io

import polars as pl

from schemas.errors import FormatError
from schemas.formats import Delimited
from schemas.records import Reject
from tasks.read import Files, Table, plain, read
from tasks.read.text import decode
from tasks.unpack import Member


@read.register
def _(options: Delimited, files: Files) -> Table:
    read_one = _quoted if options.quote else _unquoted
    tables = [read_one(options, member) for member in plain(files)]
    return Table(pl.concat([table.frame for table in tables]), [r for table in tables for r in table.rejects])


def _quoted(options: Delimited, member: Member) -> Table:
    try:
        frame = pl.read_csv(
            io.StringIO(decode(member, options.encoding)),
            separator=options.separator,
            quote_char=options.quote,
            has_header=options.header,
            infer_schema=False,
        )
        return Table(frame.lazy().select(**_columns(options, frame.columns, member)))
    except pl.exceptions.PolarsError as error:
        raise FormatError(
            f"`{member.name}` is not a table parted by {options.separator!r}: {str(error).splitlines()[0]}"
        ) from error


def _unquoted(options: Delimited, member: Member) -> Table:
    text = decode(member, options.encoding).replace("\r\n", "\n")
    rows = (
        pl.Series("line", text.split("\n")[: -1 if text.endswith("\n") else None])
        .to_frame()
        .with_row_index("number", 1)
    )
    cells = rows.with_columns(pl.col("line").str.split(options.separator)).with_columns(width=pl.col("line").list.len())
    header = cells["line"][0].to_list() if options.header and cells.height else None
    width = len(header) if header else int(cells["width"].mode().max() or 0)  # pyright: ignore[reportArgumentType]
    body = cells[1:] if header else cells
    names = header or [f"column_{number + 1}" for number in range(width)]
    columns = _columns(options, names, member)
    broken = body.filter(pl.col("width") != width)
    rejects = [
        Reject(f"{member.name}:{number}", "malformed line", f"expected {width} columns, found {found}")
        for number, found in broken.select("number", "width").iter_rows()
    ]
    fields = pl.col("line").list.to_struct(fields=names).struct.unnest()
    return Table(body.lazy().filter(pl.col("width") == width).select(fields).select(**columns), rejects)


def _columns(options: Delimited, names: list[str], member: Member) -> dict[str, pl.Expr]:
    """The record's fields as expressions over the file's columns."""

    def column(place: str | int) -> pl.Expr:
        name = names[place] if isinstance(place, int) and place < len(names) else place
        if name not in names:
            raise FormatError(f"`{member.name}` has no column {place!r}; it has {names[:20]}.")
        return pl.col(str(name))

    expressions: dict[str, pl.Expr] = {}
    for field, place in options.fields.items():
        if field in options.mean:
            scores = [column(each).cast(pl.Float64) for each in place]
            expressions[field] = pl.mean_horizontal(scores).cast(pl.String)
        else:
            expressions[field] = column(place).str.strip_chars()
    return expressions
