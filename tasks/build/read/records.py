"""Records as Parquet: one column a field of the record type, documents with nested lists of structs."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from operator import attrgetter
from pathlib import Path

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
        ("origin", _TEXT),
    ]
)
"""Columns of documents."""

_fields = attrgetter(*DOCUMENT.names)

_LISTS = {"tokens", "tags", "answers", "choices", "labels"}


def columns_of(kind: str) -> dict[str, pl.DataType | type[pl.DataType]]:
    """The Polars columns of a record type other than `Document`."""
    return {name: pl.List(pl.String) if name in _LISTS else pl.String() for name in KINDS[kind].__dataclass_fields__}


def write_documents(documents: Iterable[Document], path: Path) -> None:
    """Write documents as Parquet, a chunk at a time and in order."""
    found: Iterator[Document] = iter(documents)
    with pq.ParquetWriter(path, DOCUMENT, compression="lz4", write_statistics=False) as writer:
        while chunk := list(islice(found, CHUNK)):
            writer.write_batch(batch(chunk))


def batch(documents: Sequence[Document]) -> pa.RecordBatch:
    """Turn documents into columns; their parts are named tuples, which Arrow takes apart by itself."""
    rows = [_fields(document) for document in documents]
    return pa.RecordBatch.from_struct_array(pa.array(rows, pa.struct(list(DOCUMENT))))
