"""Excel workbooks: one sheet, its first row naming the columns."""

from functools import partial

import polars as pl

from schemas.errors import ArchiveError, FormatError
from schemas.formats import Excel
from schemas.records import Reject
from tasks.build.read import EMPTY, Files, Table, plain, read
from tasks.build.read.bounds import bounds, refuse_large
from tasks.build.read.each import each_table
from tasks.build.unpack import Member
from tasks.build.unpack.allowance import Allowance
from tasks.build.unpack.archive import DAMAGE, entries


@read.register
def _(options: Excel, files: Files) -> Table:
    return each_table(plain(files), partial(_sheet, options))


def _refuse_large(member: Member) -> None:
    """Refuse a workbook, which is an archive, that would unpack to more than may be in memory."""
    refuse_large(member)
    most = bounds().file_bytes
    allowance = Allowance(bounds().model_copy(update={"member_bytes": most, "archive_bytes": most}))
    try:
        for entry in entries(member, member.name, allowance):
            with entry.open() as content:
                for _ in allowance.chunks(content, f"{member.name}!{entry.name}", entry.packed):
                    pass
    except ArchiveError as error:
        if error.facts.get("setting") is None:
            return  # another kind of workbook, or a damaged one: its reader says so
        raise FormatError(
            f"`{member.name}`: expected a workbook of at most {most:,} bytes, found one that unpacks to more. If the "
            "file is right, raise `MEDINST_FILE_BYTES`.",
            file=member.name,
        ) from error
    except (*DAMAGE, OSError):
        return


def _sheet(options: Excel, member: Member) -> Table:
    import fastexcel

    _refuse_large(member)
    try:
        book = fastexcel.read_excel(member.content)
        frame = book.load_sheet(options.sheet, dtypes="string").to_polars()
    except fastexcel.FastExcelError as error:
        raise FormatError(f"`{member.name}` is not an Excel workbook with a sheet {options.sheet}: {error}") from error
    missing = [place for place in options.fields.values() if place not in frame.columns]
    if missing:
        raise FormatError(f"`{member.name}` has no column {missing}; it has {frame.columns[:20]}.")
    nothing = pl.all_horizontal(pl.all().is_null())
    empty = frame.with_row_index("number", 2).filter(pl.all_horizontal(pl.all().exclude("number").is_null()))["number"]
    rejects = [Reject(f"{member.name}:{number}", EMPTY, "expected text in some cell of the row") for number in empty]
    rows = frame.lazy().filter(~nothing)
    fields = (pl.col(place).str.strip_chars().alias(field) for field, place in options.fields.items())
    return Table(rows.select(fields), rejects)
