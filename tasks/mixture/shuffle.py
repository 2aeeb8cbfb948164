"""Writing rows in the order of their ranks, however many they are.

The rows are first scattered over files by the leading bits of their ranks, which are evenly spread; then one file after
the other is sorted in memory. The rows that lie in memory are as many for ten million as for a hundred thousand.
"""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from tasks.hashing import halves
from tasks.publish.data import ROWS_PER_GROUP

ROWS_PER_FILE = 3 * ROWS_PER_GROUP
_BUFFERED = 150_000
"""Rows that wait in memory while they are scattered."""


def write_shuffled(
    frames: Sequence[pl.LazyFrame], rows: int, seed: int, path: Path, seen: Callable[[pl.DataFrame], None]
) -> None:
    """Write the rows of all frames to one Parquet file, shuffled by the hash of a seed and their ids.

    Args:
        frames: rows with the column `id`, of the same columns.
        rows: how many they are.
        seed: of the shuffle.
        path: the file; a folder beside it is used and removed.
        seen: is shown the rows, some at a time and in no certain order of calls.
    """
    scratch = path.with_suffix(".scattered")
    files = max(2, -(-rows // ROWS_PER_FILE))
    written = 0
    _scatter(frames, files, seed, scratch)
    options = {"compression": "zstd", "compression_level": 3}
    schema = pl.concat([frame.head(0) for frame in frames]).collect().to_arrow().schema
    with pq.ParquetWriter(path, schema, **options) as writer:
        for number in range(files):
            parts = list((scratch / str(number)).glob("*"))
            if not parts:
                continue
            drawn = pl.read_parquet(parts).sort("high", "low").drop("high", "low")
            seen(drawn)
            written += drawn.height
            writer.write_table(drawn.to_arrow().cast(schema), row_group_size=ROWS_PER_GROUP)
            shutil.rmtree(scratch / str(number))
    shutil.rmtree(scratch, ignore_errors=True)
    assert written == rows, f"{written:,} of {rows:,} rows were written"


def _scatter(frames: Sequence[pl.LazyFrame], files: int, seed: int, scratch: Path) -> None:
    rank = halves(pl.concat_str(pl.lit(str(seed)), "id", separator="\x1f")).alias("rank")
    rows = pl.concat(frames).with_columns(rank).unnest("rank")
    number = (pl.col("high") // (2**64 // files + 1)).alias("number")
    target = pl.PartitionBy(
        scratch,
        key=number,
        include_key=False,
        approximate_bytes_per_file=None,
        file_path_provider=lambda file: f"{file.partition_keys.item(0, 0)}/{file.index_in_partition}.parquet",
    )
    rows.sink_parquet(
        target, compression="lz4", statistics=False, row_group_size=max(500, _BUFFERED // files), mkdir=True
    )
