"""The answer of a query as a file: CSV, Parquet or JSON, written whole or not at all."""

import csv
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.console.output import err
from schemas.errors import QueryError

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

PARQUET = ".parquet"
_BATCH = 10_000


def to_write(path: Path) -> Path:
    """A path that an answer can be written to.

    Raises:
        QueryError: its suffix is of no known format, or it is a folder, or in none.
    """
    if path.suffix.lower() not in _FORMATS:
        raise QueryError(f"--out {path}: expected a name that ends in {', '.join(_FORMATS)}, found `{path.suffix}`.")
    if path.is_dir() or not path.parent.is_dir():
        found = "a folder" if path.is_dir() else f"no folder {path.parent}"
        raise QueryError(f"--out {path}: expected a file in a folder that is there, found {found}.")
    return path


def write_answer(answer: "duckdb.DuckDBPyConnection | pa.RecordBatchReader", path: Path) -> int:
    """Write an answer to a file, in place of one of that name; the file appears when it is whole.

    Args:
        answer: the connection that holds the answer; for Parquet, its batches.
        path: as `to_write` lets it through.

    Returns:
        the number of rows.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        rows = _FORMATS[path.suffix.lower()](answer, partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return rows


def names(answer: "duckdb.DuckDBPyConnection") -> list[str]:
    """The names of the columns of an answer."""
    return numbered([column[0] for column in answer.description])


def numbered(columns: Sequence[str]) -> list[str]:
    """Names of columns; of equal ones, later ones get a number, so that no column is lost."""
    found: dict[str, None] = {}
    for column in columns:
        number, name = 1, column
        while name in found:
            number += 1
            name = f"{column}_{number}"
        found[name] = None
    return list(found)


def batches(answer: "duckdb.DuckDBPyConnection", size: int = _BATCH) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of an answer, some at a time."""
    while rows := answer.fetchmany(size):
        yield rows


def as_json(value: Any) -> str:
    """A value of an answer, or a row, as JSON; what JSON lacks, such as a date, as text."""
    return json.dumps(value, ensure_ascii=False, default=str)


def _csv(answer: "duckdb.DuckDBPyConnection", path: Path) -> int:
    """Comma-separated, with a header; lists and structures as JSON, nothing where there is no value."""
    rows = 0
    with path.open("x", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names(answer))
        for batch in batches(answer):
            writer.writerows([_cell(value) for value in row] for row in batch)
            rows += len(batch)
    return rows


def _cell(value: Any) -> Any:
    return as_json(value) if isinstance(value, list | dict | tuple | bool) else value


def _json(answer: "duckdb.DuckDBPyConnection", path: Path) -> int:
    """A list of objects, one a line."""
    return _objects(answer, path, "[\n", ",\n", "\n]\n", "[]\n")


def _lines(answer: "duckdb.DuckDBPyConnection", path: Path) -> int:
    """An object a line."""
    return _objects(answer, path, "", "\n", "\n", "")


def _objects(answer: "duckdb.DuckDBPyConnection", path: Path, begin: str, between: str, end: str, none: str) -> int:
    columns, rows = names(answer), 0
    with path.open("x", encoding="utf-8", newline="") as file:
        for batch in batches(answer):
            for row in batch:
                file.write((between if rows else begin) + as_json(dict(zip(columns, row, strict=True))))
                rows += 1
        file.write(end if rows else none)
    return rows


def _parquet(answer: "pa.RecordBatchReader", path: Path) -> int:
    """With the types of the columns."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows, columns = 0, numbered(answer.schema.names)
    schema = pa.schema([answer.schema.field(number).with_name(name) for number, name in enumerate(columns)])
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in answer:
            writer.write_batch(pa.RecordBatch.from_arrays(batch.columns, schema=schema))
            rows += batch.num_rows
    return rows


_FORMATS: dict[str, Callable[[Any, Path], int]] = {
    ".csv": _csv,
    ".json": _json,
    ".jsonl": _lines,
    PARQUET: _parquet,
}
"""Suffix -> what writes the format."""


def query_text(given: str) -> str:
    """The query that an argument stands for: itself, standard input for `-`, or a file for `@FILE`.

    Raises:
        QueryError: there is no such file, or it is not text.
    """
    if given != "-" and not given.startswith("@"):
        return given
    if given == "-" and sys.stdin.isatty():
        err().print("Type or paste a query, then press Enter and Ctrl-D:")
    try:
        return sys.stdin.read() if given == "-" else Path(given[1:]).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise QueryError(f"{given}: expected a file with a query in UTF-8, found {_found(error)}.") from error


def _found(error: OSError | UnicodeDecodeError) -> str:
    return "other bytes" if isinstance(error, UnicodeDecodeError) else str(error.strerror).lower()
