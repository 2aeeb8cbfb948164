"""The rows of a file, and the same file without some of them: what stays keeps its bytes."""

import csv
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from schemas.errors import GuardError
from schemas.settings import Settings
from tasks.tools.guard.json_pieces import json_lines, json_pieces
from tasks.tools.guard.lines import Piece, decoded, fault, lines
from tasks.tools.guard.places import File, Form

AT_ONCE = 1024
"""Rows of a Parquet file that are in memory at once."""

MMLU = ("question", "A", "B", "C", "D", "answer")
"""The columns of MMLU's CSV files, which have no header."""


def rows(file: File) -> Iterator[dict[str, Any]]:
    """The rows of a file, as columns and values.

    Raises:
        GuardError: the file is not what its name says; the message names the line.
    """
    if file.form == "parquet":
        yield from _parquet_rows(file)
        return
    with file.opened() as data:
        for piece in _PIECES[file.form](file, data):
            if piece.value is not None:
                yield piece.value


def without(file: File, dropped: Collection[int], path: Path) -> None:
    """Write a file again, in its form and order, without some of its rows.

    Args:
        file: the file.
        dropped: numbers of rows, from 1.
        path: where it goes.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if file.form == "parquet":
        _parquet_without(file, dropped, path)
        return
    number, after_a_row = 0, False
    with file.opened() as data, file.packed_to(path) as written:
        for piece in _PIECES[file.form](file, data):
            is_row = piece.value is not None
            number += is_row
            if not is_row or number not in dropped:
                written.write((piece.between if after_a_row else b"") + piece.raw)
                after_a_row |= is_row


def _delimited(separator: str) -> Callable[[File, Any], Iterator[Piece]]:
    """The rows of a table; a row may have several lines."""

    def pieces(file: File, data: Any) -> Iterator[Piece]:
        taken: list[bytes] = []
        last = 0

        def given() -> Iterator[str]:
            nonlocal last
            for last, line in lines(file, data):
                taken.append(line)
                yield decoded(file, last, line)

        header: list[str] | None = None
        csv.field_size_limit(Settings().line_bytes)  # a cell may be as long as a line; csv's own limit is 131,072
        try:
            for cells in csv.reader(given(), delimiter=separator, strict=True):
                raw = b"".join(taken)
                taken.clear()
                if not any(cells):
                    yield Piece(raw)
                elif header is None and not _headless(cells):
                    header = cells
                    yield Piece(raw)
                else:
                    header = header or list(MMLU)
                    yield Piece(raw, _cells(file, last, header, cells))
        except csv.Error as error:
            raise fault(file, last, "a table", f"{error}. Does each quote close?") from error

    return pieces


def _headless(cells: list[str]) -> bool:
    """Whether a first row is already a question of MMLU: six cells, the last of them the letter of an answer."""
    return len(cells) == len(MMLU) and cells[-1] in ("A", "B", "C", "D")


def _cells(file: File, line: int, header: list[str], cells: list[str]) -> dict[str, Any]:
    if len(cells) != len(header):
        raise fault(file, line, f"{len(header)} cells as in the header", f"{len(cells)}")
    return dict(zip(header, cells, strict=True))


def _plain(file: File, data: Any) -> Iterator[Piece]:
    for number, line in lines(file, data):
        text = decoded(file, number, line)
        yield Piece(line, {"text": text} if text.strip() else None)


_PIECES: dict[Form, Callable[[File, Any], Iterator[Piece]]] = {
    "jsonl": json_lines,
    "json": json_pieces,
    "csv": _delimited(","),
    "tsv": _delimited("\t"),
    "txt": _plain,
}


def _parquet_rows(file: File) -> Iterator[dict[str, Any]]:
    try:
        with pq.ParquetFile(file.path, memory_map=True) as opened:
            for batch in opened.iter_batches(AT_ONCE):
                yield from pl.DataFrame(batch).iter_rows(named=True)
    except (pa.ArrowInvalid, pl.exceptions.PolarsError) as error:
        raise GuardError(
            f"{file.path}: expected a Parquet file, found something else ({error}). Copy or write it again.",
            path=str(file.path),
        ) from error


def _parquet_without(file: File, dropped: Collection[int], path: Path) -> None:
    with pq.ParquetFile(file.path, memory_map=True) as opened, pq.ParquetWriter(path, opened.schema_arrow) as written:
        first = 1
        for group in range(opened.num_row_groups):
            table = opened.read_row_group(group)
            kept = pa.array([number not in dropped for number in range(first, first + table.num_rows)])
            first += table.num_rows
            written.write_table(table.filter(kept))
