"""Rows that become records one by one, by a mapping or an adapter; no more of them are in memory than a batch."""

import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import chain, islice
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from schemas.formats import Adapted
from schemas.records import Reject
from tasks.base.store.frames import scan
from tasks.base.store.scratch import scratch
from tasks.build.read import Table, fault
from tasks.build.read.records import columns_of
from tasks.build.read.text import as_text

BATCH = 1_024
"""Records that are turned into columns at once, and are in memory; where there are more, they wait in a file."""

Row = dict[str, Any]
Rows = Iterable[tuple[str, str, Any]]
"""The name of the file, the place in it or the key, and the row."""

MALFORMED = (KeyError, TypeError, IndexError, ValueError, AttributeError, ArithmeticError)
"""What the mapping or an adapter raises for a row that is not as the declaration says."""


def adapted(
    options: Adapted,
    rows: Rows,
    tables: dict[str, dict[str, Any]],
    rejects: list[Reject],
    clean: Callable[[str], str] = str,
) -> Table:
    """Make the table of a split from its rows, which are taken one by one.

    Args:
        options: the format, whose `adapt` or `fields` make records of rows.
        rows: the rows.
        tables: the further files by role and key.
        rejects: the rejects so far; those of the rows are added.
        clean: what is done to every text.
    """
    columns = columns_of(options.kind)
    many = {name: dtype != pl.String for name, dtype in columns.items()}

    def records() -> Iterator[Row]:
        for file, place, row in rows:
            try:
                made = list(_made(options, row, tables))
                found = [
                    one if isinstance(one, Reject) else {name: _value(one[name], many[name], clean) for name in one}
                    for one in made
                ]
            except MALFORMED as error:
                found = [Reject(place, "malformed row", f"{file}: {fault(error)} in {short(row)}")]
            rejects.extend(one for one in found if isinstance(one, Reject))
            yield from (one for one in found if not isinstance(one, Reject))

    return _table(records(), columns, rejects)


def _made(options: Adapted, row: Any, tables: dict[str, dict[str, Any]]) -> Iterable[Row | Reject]:
    if options.adapt is not None:
        return options.adapt(row, tables)
    return [{field: at(row, path) for field, path in options.fields.items()}]


def _table(records: Iterator[Row], columns: dict[str, Any], rejects: list[Reject]) -> Table:
    """The records as columns: of those fields that any record has; in a file if they are many."""
    types = {name: pa.string() if dtype == pl.String else pa.list_(pa.string()) for name, dtype in columns.items()}
    schema = pa.schema(list(types.items()))
    present: set[str] = set()

    def batches() -> Iterator[pa.RecordBatch]:
        while chunk := list(islice(records, BATCH)):
            present.update(*chunk)
            yield pa.record_batch([pa.array([row.get(name) for row in chunk], types[name]) for name in types], schema)

    found = batches()
    few = list(islice(found, 2))
    if len(few) < 2:
        frame = pl.DataFrame(pa.Table.from_batches(few, schema)).lazy()
        return Table(frame.select(name for name in columns if name in present), rejects)
    with ExitStack() as stack:
        path = stack.enter_context(scratch("rows")) / "rows.parquet"
        with pq.ParquetWriter(path, schema, compression="lz4", write_statistics=False) as writer:
            for batch in chain(few, found):
                writer.write_batch(batch)
        table = Table(scan(path).select(name for name in columns if name in present), rejects)
        weakref.finalize(table, stack.pop_all().close)
    return table


def at(row: Any, path: str) -> Any:
    """What stands in a row under a key path."""
    for key in path.split(".") if path else [""]:
        row = row[key]
    return row


def _value(value: Any, many: bool, clean: Callable[[str], str]) -> Any:
    """A value as its column wants it: a text, or a list of texts.

    Raises:
        TypeError: it is an object, or a list of other than plain values.
        ValueError: it holds half of a surrogate pair.
    """
    if type(value) is str and not many:
        return _whole(clean(value))
    items = value if isinstance(value, list) else [] if value is None else [value]
    for item in items:
        if item is None or isinstance(item, dict | list):
            raise TypeError(f"expected text, found {short(value)}")
    texts = [_whole(clean(as_text(item))) for item in items]
    if many:
        return texts
    return None if value is None else " ".join(texts)


def _whole(text: str) -> str:
    """A text, unless it holds half of a surrogate pair."""
    if not text.isascii():
        text.encode()
    return text


def short(value: Any) -> str:
    """The beginning of a value, for a message."""
    return repr(value)[:80]
