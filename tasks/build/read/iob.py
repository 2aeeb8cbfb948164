"""IOB files: a token and its tag a line, an empty line after each sentence. Read without making Python objects.

Where a line marks that a document begins, as `-DOCSTART-<TAB>O` does, it is not a word of a sentence. An entity begins
at `B-<type>`, or at `I-<type>` where none of that type goes on (IOB1); in the record it always begins with `B-<type>`.
"""

from functools import partial

import polars as pl

from schemas.formats import Iob
from schemas.records import Reject
from tasks.build.read import Files, Table, plain, read
from tasks.build.read.bounds import refuse_large
from tasks.build.read.each import each_table
from tasks.build.read.text import scan_lines
from tasks.build.unpack import Member

_TAG = r"^(O|[BI]-\S+)$"


@read.register
def _(options: Iob, files: Files) -> Table:
    return each_table(plain(files), partial(_table, options))


def _table(options: Iob, member: Member) -> Table:
    refuse_large(member)
    cells = pl.col("line").str.splitn("\t", 2)
    type_ = pl.col("tag").str.slice(2)
    nothing = pl.col("token").fill_null("").str.strip_chars() == ""
    mark = pl.lit(options.document is not None) & (pl.col("token").fill_null("") == (options.document or ""))
    same = (pl.col("sentence") == pl.col("sentence").shift(1)) & (pl.col("tag").shift(1).str.slice(2) == type_)
    begins = pl.col("tag").str.starts_with("I-") & ~same.fill_null(False)
    rows = (
        scan_lines(member, options.encoding)
        .select(token=cells.struct[0], tag=cells.struct[1].str.strip_chars())
        .with_columns(end=nothing & pl.col("tag").is_null())
        .with_columns(sentence=pl.col("end").shift(1, fill_value=False).cast(pl.UInt32).cum_sum())
        .with_columns(broken=nothing | ~pl.col("tag").fill_null("").str.contains(_TAG))
        .filter(~(pl.col("end") | mark))
        .with_columns(tag=pl.when(begins).then("B" + pl.col("tag").str.slice(1)).otherwise("tag"))
        .collect()
    )
    broken = rows.filter("broken").unique("sentence", keep="first", maintain_order=True)
    rejects = [
        Reject(f"{member.name}#{sentence}", "malformed line", f"expected token<TAB>tag, found {token!r}, {tag!r}")
        for sentence, token, tag in broken.select("sentence", "token", "tag").iter_rows()
    ]
    frame = (
        rows.lazy()
        .filter(~pl.col("sentence").is_in(broken["sentence"].implode()))
        .group_by("sentence", maintain_order=True)
        .agg(tokens=pl.col("token"), tags=pl.col("tag"))
        .select("tokens", "tags")
    )
    return Table(frame, rejects)
