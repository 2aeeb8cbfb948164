"""IOB files: a token and its tag a line, an empty line after each sentence. Read without making Python objects."""

import polars as pl

from schemas.errors import FormatError
from schemas.formats import Iob
from schemas.records import Reject
from tasks.read import Files, Table, plain, read

_TAG = r"^(O|[BI]-\S+)$"


@read.register
def _(options: Iob, files: Files) -> Table:
    tables = [_table(options, str(member.path), member.name) for member in plain(files)]
    return Table(pl.concat([table.frame for table in tables]), [r for table in tables for r in table.rejects])


def _table(options: Iob, path: str, name: str) -> Table:
    if options.encoding != "utf-8":
        raise FormatError(f"`{name}`: IOB files are read as utf-8, the declaration says {options.encoding}.")
    cells = pl.col("line").str.strip_chars_end("\r").str.splitn("\t", 2)
    rows = (
        pl.scan_lines(path, name="line")
        .select(token=cells.struct[0], tag=cells.struct[1].str.strip_chars())
        .with_columns(end=pl.col("token").fill_null("").str.strip_chars().eq("") & pl.col("tag").is_null())
        .with_columns(sentence=pl.col("end").shift(1, fill_value=False).cast(pl.UInt32).cum_sum())
        .filter(~pl.col("end"))
        .collect()
    )
    broken = rows.filter(~pl.col("tag").fill_null("").str.contains(_TAG)).unique("sentence", maintain_order=True)
    rejects = [
        Reject(
            f"{name}#{row['sentence']}",
            "malformed line",
            f"expected token<TAB>tag, found {row['token']!r}, {row['tag']!r}",
        )
        for row in broken.iter_rows(named=True)
    ]
    frame = (
        rows.lazy()
        .filter(~pl.col("sentence").is_in(broken["sentence"].implode()))
        .group_by("sentence", maintain_order=True)
        .agg(tokens=pl.col("token"), tags=pl.col("tag"))
        .select("tokens", "tags")
    )
    return Table(frame, rejects)
