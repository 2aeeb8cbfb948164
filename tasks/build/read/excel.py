"""Excel workbooks: one sheet, its first row naming the columns."""

import polars as pl

from schemas.errors import FormatError
from schemas.formats import Excel
from tasks.build.read import Files, Table, plain, read
from tasks.build.unpack import Member


@read.register
def _(options: Excel, files: Files) -> Table:
    return Table(pl.concat([_sheet(options, member) for member in plain(files)]).lazy())


def _sheet(options: Excel, member: Member) -> pl.DataFrame:
    import fastexcel

    try:
        book = fastexcel.read_excel(str(member.path))
        frame = book.load_sheet(options.sheet, dtypes="string").to_polars()
    except fastexcel.FastExcelError as error:
        raise FormatError(f"`{member.name}` is not an Excel workbook with a sheet {options.sheet}: {error}") from error
    missing = [place for place in options.fields.values() if place not in frame.columns]
    if missing:
        raise FormatError(f"`{member.name}` has no column {missing}; it has {frame.columns[:20]}.")
    rows = frame.filter(~pl.all_horizontal(pl.all().is_null()))
    return rows.select(pl.col(place).str.strip_chars().alias(field) for field, place in options.fields.items())
