"""Rows of tables after the clean-ups of their source."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from schemas.cleaning import CleanUp
from tasks.base.store.parquet import ROWS
from tasks.build.clean.listed import Found
from tasks.build.clean.signs import signed
from tasks.build.clean.text import cleaned

TEXTS = ("text", "answers", "context", "choices", "first", "second", "translation", "summary", "tokens")
"""The columns of records that hold texts; the others are names, labels and languages."""

IN_TOKENS: tuple[CleanUp, ...] = ("entities", "mojibake", "escapes")
"""Clean-ups that leave a token a token."""

_WRITTEN = {"compression": "none", "write_statistics": False}


def clean_rows(path: Path, clean_ups: Sequence[CleanUp]) -> list[Found]:
    """Clean the rows of a Parquet file, batch by batch, into a file in its place.

    Args:
        path: the file.
        clean_ups: what is to be cleaned.
    """
    found: list[Found] = []
    new = path.with_name(f".{path.name.removeprefix('.')}.part")
    try:
        with pq.ParquetFile(path) as file, pq.ParquetWriter(new, file.schema_arrow, **_WRITTEN) as writer:
            for batch in file.iter_batches(ROWS):
                writer.write_batch(_batch(batch, clean_ups, found))
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    return found


def _batch(batch: pa.RecordBatch, clean_ups: Sequence[CleanUp], found: list[Found]) -> pa.RecordBatch:
    ids = batch.column("id")
    for field in (name for name in batch.schema.names if name in TEXTS):
        chosen = _chosen(field, clean_ups)
        rows = signed(pl.Series(batch.column(field)), chosen) if chosen else {}
        if rows:
            values = batch.column(field).to_pylist()
            for row, held in rows.items():
                values[row] = _value(values[row], ids[row].as_py(), field, chosen, held, found)
            type_ = batch.schema.field(field)
            batch = batch.set_column(batch.schema.get_field_index(field), type_, pa.array(values, type_.type))
    return batch


def _value(
    value: Any, id_: str, field: str, clean_ups: Sequence[CleanUp], held: set[CleanUp], found: list[Found]
) -> Any:
    if isinstance(value, list):
        return [_value(each, id_, field, clean_ups, held, found) for each in value]
    text, done = cleaned(value, clean_ups, held)
    if field == "tokens" and text.split() != [text]:
        return value
    found += [Found(id_, field, each) for each in done]
    return text


def _chosen(field: str, clean_ups: Sequence[CleanUp]) -> Sequence[CleanUp]:
    """The clean-ups of a field."""
    return [name for name in clean_ups if name in IN_TOKENS] if field == "tokens" else clean_ups
