"""Which Parquet file of a root is damaged: looked for when reading one has failed, because the libraries do not say."""

import time
from pathlib import Path

from schemas.errors import Damaged
from tasks.base.store.root import STAGES, Root

PATIENCE = 20.0
"""Seconds that may be spent on looking."""


def damaged(root: Root) -> Damaged | None:
    """The error that names the first damaged file of a root on this machine; None where none is found in time."""
    end = time.monotonic() + PATIENCE
    for folder in STAGES if root.is_local else ():
        for path in sorted(Path(root.uri(folder)).rglob("*.parquet")):
            if fault := _fault(path):
                return Damaged(
                    f"{path}: expected a sound Parquet file, found damage: {fault}. Is the disk sound? Remove the "
                    f"folder of the file and build again, only that is done anew: rm -r {path.parent}; medinst build",
                    place=path.relative_to(root.url).as_posix(),
                )
            if time.monotonic() > end:
                return None
    return None


def _fault(path: Path) -> str:
    """What is wrong with a file; empty if it can be read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        for group in (file := pq.ParquetFile(path)).iter_batches():
            group.validate(full=True)
        file.close()
    except (pa.ArrowException, OSError, ValueError) as error:
        return str(error).partition("\n")[0].rstrip(".")
    return ""
