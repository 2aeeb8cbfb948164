"""Which Parquet file of a root is damaged: looked for when reading one has failed, because the libraries do not say."""

import time
from collections.abc import Iterator
from pathlib import Path

from schemas.errors import Damaged
from tasks.base.store.root import STAGES, Root

PATIENCE = 20.0
"""Seconds that may be spent on looking."""


def damaged(root: Root) -> Damaged | None:
    """The error that names the first damaged file of a root; None where none is found in time.

    Of a bucket, the files are looked at that this process has copied.
    """
    end = time.monotonic() + PATIENCE
    for place, path in _files(root):
        if fault := _fault(path):
            folder = root.uri(place.rpartition("/")[0])
            remove = f"rm -r {folder}" if root.is_local else f"aws s3 rm --recursive {folder}"
            return Damaged(
                f"{root.uri(place)}: expected a sound Parquet file, found damage: {fault}. Is the disk sound? Remove "
                f"the folder of the file and build again, only that is done anew: {remove}; medinst build",
                place=place,
            )
        if time.monotonic() > end:
            return None
    return None


def _files(root: Root) -> Iterator[tuple[str, Path]]:
    """The Parquet files of the stages that can be looked at, by their places."""
    if not root.is_local:
        yield from ((place, path) for place, path in root.copies().items() if place.endswith(".parquet"))
        return
    for folder in STAGES:
        for path in sorted(Path(root.uri(folder)).rglob("*.parquet")):
            yield path.relative_to(root.url).as_posix(), path


def _fault(path: Path) -> str:
    """What is wrong with a file; empty if it can be read."""
    import polars as pl
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        pl.read_parquet_schema(path)  # either library accepts what the other refuses
        for group in (file := pq.ParquetFile(path)).iter_batches():
            group.validate(full=True)
        file.close()
    except (pl.exceptions.PolarsError, pa.ArrowException, OSError, ValueError) as error:
        return str(error).partition("\n")[0].rstrip(".")
    return ""
