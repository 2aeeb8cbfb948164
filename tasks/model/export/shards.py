"""Writing rows as files of so many rows, one batch at a time."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl

from tasks.build.publish.shards import ROWS_PER_GROUP


def write_shards(batches: Iterable[pl.DataFrame], folder: Path, rows_per_file: int, suffix: str) -> int:
    """Write `00000.<suffix>`, `00001.<suffix>` and so on.

    Args:
        batches: the rows, of any number at a time.
        folder: theirs; made where there are rows.
        rows_per_file: of each file but the last.
        suffix: `jsonl` or `parquet`.

    Returns:
        the number of rows.
    """
    write = _parquet if suffix == "parquet" else _lines
    rows = 0
    for number, pieces in enumerate(_files(batches, rows_per_file)):
        folder.mkdir(parents=True, exist_ok=True)
        rows += write(pieces, folder / f"{number:05}.{suffix}")
    return rows


def _files(batches: Iterable[pl.DataFrame], rows_per_file: int) -> Iterator[Iterator[pl.DataFrame]]:
    """The rows of one file after the other; each is to be taken whole before the next."""
    source = iter(batches)
    rest: list[pl.DataFrame] = []

    def one() -> Iterator[pl.DataFrame]:
        left = rows_per_file
        while left and (batch := rest.pop() if rest else next(source, None)) is not None:
            yield batch.head(left)
            if batch.height > left:
                rest.append(batch.slice(left))
            left -= min(left, batch.height)

    while rest or (found := next((batch for batch in source if batch.height), None)) is not None:
        if not rest:
            rest.append(found)  # pyright: ignore[reportPossiblyUnboundVariable]
        yield one()


def _lines(pieces: Iterator[pl.DataFrame], path: Path) -> int:
    rows = 0
    with path.open("wb") as file:
        for piece in pieces:
            piece.write_ndjson(file)
            rows += piece.height
    return rows


def _parquet(pieces: Iterator[pl.DataFrame], path: Path) -> int:
    """Write a file whose groups of rows do not depend on how the rows came."""
    import pyarrow.parquet as pq

    first = next(pieces)
    waiting, rows = [first], first.height
    with pq.ParquetWriter(path, first.to_arrow().schema, compression="zstd", compression_level=3) as writer:
        for piece in pieces:
            rows += piece.height
            waiting.append(piece)
            if sum(each.height for each in waiting) >= ROWS_PER_GROUP:
                joined = pl.concat(waiting)
                whole = joined.height // ROWS_PER_GROUP * ROWS_PER_GROUP
                writer.write_table(joined.head(whole).to_arrow(), row_group_size=ROWS_PER_GROUP)
                waiting = [joined.slice(whole)]
        writer.write_table(pl.concat(waiting).to_arrow(), row_group_size=ROWS_PER_GROUP)
    return rows
