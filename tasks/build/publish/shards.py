"""Writing the rows of a split to one file, or to several if one would exceed what the Hub and its viewer take."""

from math import ceil
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import pyarrow.parquet as pq

from schemas.shards import shard
from tasks.base.store.frames import scan


class Limits(NamedTuple):
    """What a file of a release may hold; bytes are of values as Parquet encodes them, before they are compressed.

    Attributes:
        rows: rows of a file.
        bytes: of a file: what `datasets` makes of a dataset on the Hub.
        group: bytes of a group of rows, which the Hub's viewer reads at once. One row is never cut.
    """

    rows: int = 500_000
    bytes: int = 500_000_000
    group: int = 100_000_000


LIMITS = Limits()

ROWS_PER_GROUP = 20_000
"""Fixed, so that equal rows are equal bytes on every machine; small, so that long texts fit into memory. Fewer where
so many exceed the limit of bytes."""

PARQUET: Any = {
    "compression": "zstd",
    "compression_level": 3,
    "row_group_size": ROWS_PER_GROUP,
    "maintain_order": True,
}
"""How data are written."""

PLAIN: Any = {**PARQUET, "compression": "uncompressed", "compression_level": None}
"""How data are written that are read again once."""


def write(rows: pl.LazyFrame, path: Path, expected: int) -> tuple[int, list[Path]]:
    """Stream rows to files, in their order.

    Args:
        rows: the rows.
        path: the file, if one is enough.
        expected: the number of rows; if they need several files, they are compressed only once.

    Returns:
        how many rows were written, and the files.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    crowd = expected > LIMITS.rows
    rows.sink_parquet(path, **(PLAIN if crowd else PARQUET))
    about = pq.read_metadata(path)
    if (
        not crowd
        and about.num_rows <= LIMITS.rows
        and _bytes(about) <= LIMITS.bytes
        and _largest(about) <= LIMITS.group
    ):
        return about.num_rows, [path]
    apart = path.rename(path.with_name(f".{path.name}"))
    try:
        return about.num_rows, _cut(apart, path, about)
    finally:
        apart.unlink()


def _cut(apart: Path, path: Path, about: pq.FileMetaData) -> list[Path]:
    """Write the rows of a file to files within the limits: of fewer rows, in smaller groups, until they are."""
    count = max(1, ceil(about.num_rows / LIMITS.rows), ceil(_bytes(about) / LIMITS.bytes))
    group = ROWS_PER_GROUP
    while True:
        group = min(group, ceil(about.num_rows / count))
        size = min(LIMITS.rows, ceil(about.num_rows / count / group) * group)
        files = _slices(apart, path, about.num_rows, size, group)
        found = [pq.read_metadata(file) for file in files]
        too_long = size > 1 and any(_bytes(each) > LIMITS.bytes for each in found)
        too_large = group > 1 and any(_largest(each) > LIMITS.group for each in found)
        if not (too_long or too_large):
            return files
        for file in files:
            file.unlink()
        count = count + ceil(count / 2) if too_long else count
        group = group // 2 if too_large else group


def _slices(apart: Path, path: Path, rows: int, size: int, group: int) -> list[Path]:
    """Write so many rows to each file; the last has the rest."""
    count = max(1, ceil(rows / size))
    files = [path.with_name(f"{shard(path.stem, number, count)}.parquet") for number in range(count)]
    for number, file in enumerate(files):
        scan(apart).slice(number * size, size).sink_parquet(file, **{**PARQUET, "row_group_size": group})
    return files


def _bytes(about: pq.FileMetaData) -> int:
    return sum(about.row_group(number).total_byte_size for number in range(about.num_row_groups))


def _largest(about: pq.FileMetaData) -> int:
    return max((about.row_group(number).total_byte_size for number in range(about.num_row_groups)), default=0)
