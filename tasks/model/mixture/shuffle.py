"""Writing rows in the order of their ranks, however many they are.

The rows are first scattered over files by the leading bits of their ranks, which are evenly spread; then one file after
the other is sorted in memory. The rows that lie in memory are as many for ten million as for a hundred thousand.
"""

import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from tasks.base.store.hashing import halves
from tasks.build.publish.shards import ROWS_PER_GROUP

ROWS_PER_FILE = 3 * ROWS_PER_GROUP
_BUFFERED = 30_000
"""Rows that wait in memory while they are scattered."""


def write_shuffled(
    batches: Iterable[pl.DataFrame],
    schema: pl.Schema,
    rows: int,
    seed: int,
    path: Path,
    seen: Callable[[pl.DataFrame], None],
) -> None:
    """Write rows to one Parquet file, shuffled by the hash of a seed and their ids.

    Args:
        batches: rows with the columns of the schema, `id` among them.
        schema: of the file.
        rows: how many they are.
        seed: of the shuffle.
        path: the file; a folder beside it is used and removed.
        seen: is shown the rows, some at a time and in no certain order of calls.
    """
    scratch = path.with_suffix(".scattered")
    scratch.mkdir(parents=True)
    longer = 3 if "history" in schema else 1  # rows with two examples are about three times as long
    files = max(2, -(-rows * longer // ROWS_PER_FILE))
    _scatter(batches, files, seed, scratch)
    written = 0
    target = schema.to_frame().to_arrow().schema
    with pq.ParquetWriter(path, target, compression="zstd", compression_level=3) as writer:
        for number in range(files):
            file = scratch / str(number)
            if file.exists():
                drawn = pl.concat(_read(file)).sort("high", "low").select(schema.names())
                file.unlink()
                seen(drawn)
                written += drawn.height
                writer.write_table(_arrow(drawn).cast(target), row_group_size=ROWS_PER_GROUP)
    shutil.rmtree(scratch)
    assert written == rows, f"{written:,} of {rows:,} rows were written"


def _scatter(batches: Iterable[pl.DataFrame], files: int, seed: int, scratch: Path) -> None:
    rank = halves(pl.concat_str(pl.lit(str(seed)), "id", separator="\x1f")).alias("rank")
    number = (pl.col("high") // (2**64 // files + 1)).alias("number")
    waiting: list[pl.DataFrame] = []
    for batch in batches:
        waiting.append(_compact(batch.with_columns(rank).unnest("rank").with_columns(number)))
        if sum(each.height for each in waiting) >= _BUFFERED:
            _append(pl.concat(waiting), scratch)
            waiting.clear()
    if waiting:
        _append(pl.concat(waiting), scratch)


def _compact(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows that hold their own text alone: those of a filter keep the text of all rows that it looked at."""
    return pl.DataFrame(_arrow(rows))


def _arrow(rows: pl.DataFrame) -> pa.Table:
    return rows.to_arrow(compat_level=pl.CompatLevel.oldest())


def _append(rows: pl.DataFrame, scratch: Path) -> None:
    """Append rows to their files, as one more stream of Arrow in each."""
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    for (number,), part in rows.partition_by("number", as_dict=True, include_key=False).items():
        table = _arrow(part)
        with (scratch / str(number)).open("ab") as file, pa.ipc.new_stream(file, table.schema, options=options) as out:
            out.write_table(table)


def _read(path: Path) -> Iterator[pl.DataFrame]:
    with path.open("rb") as file:
        while file.tell() < path.stat().st_size:
            with pa.ipc.open_stream(file) as stream:
                yield pl.DataFrame(stream.read_all())
