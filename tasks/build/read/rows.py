"""Tables on their way to Parquet: completed, numbered, routed to splits, without rows that lack a text."""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING
from pathlib import Path
from typing import TypeAlias

import polars as pl
import pyarrow.parquet as pq

from schemas.formats import Format
from schemas.records import KINDS, Reject
from schemas.source import Source
from schemas.task import Split
from tasks.base.store.frames import Counted
from tasks.base.store.parquet import OPTIONS
from tasks.build.read.check import NUL
from tasks.build.read.records import columns_of

TOLD = ("source_language", "target_language", "origin")
"""Columns that are no texts. Where they are the same in all rows, they are written once: as a category."""

PolarsDataType: TypeAlias = pl.DataType | type[pl.DataType]


def complete(frame: pl.LazyFrame, options: Format, source: Source, part: str) -> pl.LazyFrame:
    """Give a frame the columns of its record type; rows without an id are numbered from 0."""
    columns = columns_of(options.kind)
    present = frame.collect_schema().names()
    if "id" not in present:
        frame = frame.with_row_index("id")
    defaults = {
        name: pl.lit("") if columns[name] == pl.String else pl.lit([], dtype=pl.List(pl.String))
        for name in columns
        if name not in present and name != "id"
    }
    if options.kind == "Translation":
        languages = source.language_of(part).split("-")
        defaults |= {"source_language": pl.lit(languages[0]), "target_language": pl.lit(languages[-1])}
    told = [name for name in TOLD if name in defaults]
    defaults |= {name: defaults[name].cast(pl.Categorical) for name in told}
    columns |= dict.fromkeys(told, pl.Categorical)
    schema = frame.collect_schema()
    completed = frame.with_columns(**defaults).select(
        _as(pl.col(name), schema.get(name), dtype) for name, dtype in columns.items()
    )
    may_be_empty = [name for name, dtype in columns.items() if dtype == pl.String and not _required(options.kind, name)]
    return completed.with_columns(pl.col(may_be_empty).fill_null(""))


def _as(column: pl.Expr, found: pl.DataType | None, wanted: PolarsDataType) -> pl.Expr:
    """A column as its contract wants it; one text where several may stand is a list of one."""
    if found == pl.String and wanted != pl.String:
        return pl.when(column.is_not_null()).then(pl.concat_list(column))
    return column.cast(wanted)


def by_split(
    frame: pl.LazyFrame, split: Split, ids: Mapping[Split, frozenset[str]]
) -> Iterator[tuple[Split, pl.LazyFrame]]:
    """Route the rows of one file to the splits whose ids are declared; the rest belongs to `split`."""
    rest = frame
    for other, chosen in ids.items():
        if chosen and other != split:
            here = pl.col("id").is_in(sorted(chosen))
            yield other, frame.filter(here)
            rest = rest.filter(~here)
    yield split, rest


def write(frame: pl.LazyFrame, kind: str, path: Path, numbered: bool) -> tuple[int, list[Reject], int]:
    """Write rows as Parquet in one pass.

    Args:
        frame: the rows, complete.
        kind: their record type.
        path: the file to write.
        numbered: whether their ids are numbers given here; other ids may come twice, then the first row is kept.

    Returns:
        the number of rows written, the rows left out because a field that must have text is empty, one has a NUL or
        their id came before, the number of rows seen.
    """
    ours = {"id"} if numbered else set[str]()
    schema = frame.collect_schema()
    given = {name: dtype for name, dtype in schema.items() if dtype != pl.Categorical and name not in ours}
    empty = {name: _empty(name, dtype) for name, dtype in given.items() if _required(kind, name)}
    nul = pl.any_horizontal(_has_nul(name, dtype) for name, dtype in given.items())
    lacking = pl.any_horizontal(*empty.values(), nul)
    broken = lacking if numbered else lacking | ~pl.struct("id", lacking=lacking).is_first_distinct()
    seen = Counted(frame)
    seen.frame.filter(~broken).sink_parquet(path, **OPTIONS)
    kept = pq.read_metadata(path).num_rows
    if kept == seen.rows:  # which spares a second look at all the texts
        return kept, [], kept
    names = pl.concat_list(pl.when(test).then(pl.lit(name)) for name, test in empty.items()).list.drop_nulls()
    lost = frame.with_columns(fields=names.list.join(", "), nul=nul).filter(broken).select("id", "fields", "nul")
    return kept, [_reject(id_ or "", fields, has_nul) for id_, fields, has_nul in lost.collect().rows()], seen.rows


def _reject(id_: str, fields: str, has_nul: bool) -> Reject:
    if has_nul:
        return Reject(id_.replace("\0", "\ufffd"), NUL, "expected text, found U+0000 in a field of the record")
    if fields:
        return Reject(id_, "empty field", f"the record must have text in: {fields}")
    return Reject(id_, "repeated record", "an earlier record of the split has this id")


def _required(kind: str, name: str) -> bool:
    field = KINDS[kind].__dataclass_fields__[name]
    return field.default is MISSING and field.default_factory is MISSING


def _has_nul(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if dtype == pl.String:
        return column.str.contains("\0", literal=True).fill_null(False)
    return column.list.eval(pl.element().str.contains("\0", literal=True)).list.any().fill_null(False)


def _empty(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if dtype == pl.String:
        return column.is_null() | (column == "")
    return column.is_null() | (column.list.len() == 0)
