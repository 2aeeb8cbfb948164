"""Records as Parquet: one column a field of the record type, documents with nested lists of structs."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from schemas.records import KINDS, Document

CHUNK = 1024
"""Documents that are turned into columns at once, so that a corpus of any size fits into memory."""

_TEXT = pa.string()
_SPAN = pa.struct([("start", pa.int32()), ("end", pa.int32())])
_LINK = pa.struct([("database", _TEXT), ("identifier", _TEXT)])
_ARGUMENT = pa.struct([("role", _TEXT), ("target", _TEXT), ("kind", _TEXT), ("text", _TEXT)])
_ENTITY = pa.struct(
    [("id", _TEXT), ("type", _TEXT), ("spans", pa.list_(_SPAN)), ("text", _TEXT), ("links", pa.list_(_LINK))]
)
_RELATION = pa.struct([("id", _TEXT), ("type", _TEXT), ("arguments", pa.list_(_ARGUMENT))])
_MENTION = pa.struct([("entity", _TEXT), ("text", _TEXT)])
_EVENT = pa.struct(
    [
        ("id", _TEXT),
        ("type", _TEXT),
        ("trigger", _TEXT),
        ("start", pa.int32()),
        ("arguments", pa.list_(_ARGUMENT)),
    ]
)
DOCUMENT = pa.schema(
    [
        ("id", _TEXT),
        ("text", _TEXT),
        ("entities", pa.list_(_ENTITY)),
        ("relations", pa.list_(_RELATION)),
        ("events", pa.list_(_EVENT)),
        ("chains", pa.list_(pa.list_(_MENTION))),
    ]
)
"""Columns of documents."""

_LISTS = {"tokens", "tags", "answers", "choices", "labels"}


def columns_of(kind: str) -> dict[str, pl.DataType | type[pl.DataType]]:
    """The Polars columns of a record type other than `Document`."""
    return {name: pl.List(pl.String) if name in _LISTS else pl.String() for name in KINDS[kind].__dataclass_fields__}


def write_documents(documents: Iterable[Document], path: Path) -> None:
    """Write documents as Parquet, a chunk at a time and in order."""
    found: Iterator[Document] = iter(documents)
    with pq.ParquetWriter(path, DOCUMENT, compression="zstd", compression_level=1) as writer:
        while chunk := list(islice(found, CHUNK)):
            writer.write_batch(batch(chunk))


def batch(documents: Sequence[Document]) -> pa.RecordBatch:
    """Turn documents into columns."""
    columns = [
        pa.array([document.id for document in documents], _TEXT),
        pa.array([document.text for document in documents], _TEXT),
        _lists([document.entities for document in documents], _entities),
        _lists([document.relations for document in documents], _relations),
        _lists([document.events for document in documents], _events),
        _lists([document.chains for document in documents], _chains),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=DOCUMENT)


def _lists(rows: Sequence[Sequence[Any]], build: Callable[[list[Any]], pa.Array]) -> pa.ListArray:
    offsets = [0]
    for row in rows:
        offsets.append(offsets[-1] + len(row))
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), build(list(chain.from_iterable(rows))))


def _attributes(rows: list[Any], *names: str) -> list[pa.Array]:
    return [pa.array([getattr(row, name) for row in rows], _TEXT) for name in names]


def _struct(kind: pa.StructType, arrays: list[pa.Array]) -> pa.StructArray:
    return pa.StructArray.from_arrays(arrays, fields=list(kind))


def _chains(rows: list[Sequence[Any]]) -> pa.Array:
    return _lists(rows, lambda flat: _struct(_MENTION, _attributes(flat, "entity", "text")))


def _spans(rows: list[tuple[int, int]]) -> pa.Array:
    return _struct(_SPAN, [pa.array([row[place] for row in rows], pa.int32()) for place in (0, 1)])


def _links(rows: list[Any]) -> pa.Array:
    return _struct(_LINK, _attributes(rows, "database", "identifier"))


def _arguments(rows: list[Any]) -> pa.Array:
    return _struct(_ARGUMENT, _attributes(rows, "role", "target", "kind", "text"))


def _entities(rows: list[Any]) -> pa.Array:
    id_, type_, text = _attributes(rows, "id", "type", "text")
    spans = _lists([row.spans for row in rows], _spans)
    return _struct(_ENTITY, [id_, type_, spans, text, _lists([row.links for row in rows], _links)])


def _relations(rows: list[Any]) -> pa.Array:
    return _struct(_RELATION, [*_attributes(rows, "id", "type"), _lists([row.arguments for row in rows], _arguments)])


def _events(rows: list[Any]) -> pa.Array:
    start = pa.array([row.start for row in rows], pa.int32())
    arguments = _lists([row.arguments for row in rows], _arguments)
    return _struct(_EVENT, [*_attributes(rows, "id", "type", "trigger"), start, arguments])
