"""Files as Polars frames, by paths that are only names.

Polars takes `*`, `?` and `[` in a path for patterns, and a folder `name=value` for a column; in the names of roots,
mirrors and members of archives they are characters like others. So files are opened here and nowhere else.
"""

from collections.abc import Sequence
from pathlib import Path

import polars as pl


def scan(paths: Path | list[Path]) -> pl.LazyFrame:
    """The rows of Parquet files, to be read when they are needed."""
    return pl.scan_parquet(paths, glob=False, hive_partitioning=False)


def read(path: Path, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """The rows of a Parquet file."""
    return pl.read_parquet(path, columns=columns, glob=False, hive_partitioning=False)  # pyright: ignore[reportArgumentType]


def scan_arrow(paths: list[Path]) -> pl.LazyFrame:
    """The rows of Arrow files, one after the other, to be read when they are needed."""
    return pl.scan_ipc(paths, glob=False, hive_partitioning=False)


def scan_lines(source: Path | bytes) -> pl.LazyFrame:
    """The lines of a text as the column `line`."""
    return pl.scan_lines(source, name="line", glob=False)


class Counted:
    """A frame that counts its rows while they are streamed, which spares a second pass over them.

    Attributes:
        frame: the same rows, to be collected or written once.
    """

    def __init__(self, frame: pl.LazyFrame) -> None:
        self.frame = frame.map_batches(self._note, projection_pushdown=True, streamable=True)
        self._passed: list[int] = []

    @property
    def rows(self) -> int:
        """How many rows have passed."""
        return sum(self._passed)

    def _note(self, rows: pl.DataFrame) -> pl.DataFrame:
        self._passed.append(rows.height)
        return rows
