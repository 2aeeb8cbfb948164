"""Rejects as Parquet: what was left out, at which stage, and why."""

from collections.abc import Iterable

import polars as pl

from schemas.plan import Stage
from schemas.records import Reject
from schemas.sample import REJECT_COLUMNS
from tasks.base.store.root import Root

SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {name: pl.String() for name in REJECT_COLUMNS}


def rejects_place(stage: Stage, owner: str, mark: str) -> str:
    """Where a stage keeps what it left out: `rejects/<stage>/<owner>/<fingerprint>.parquet`."""
    return f"rejects/{stage}/{owner}/{mark}.parquet"


def as_frame(rejects: Iterable[Reject], **constant: str) -> pl.DataFrame:
    """Rejects with the columns of `REJECT_COLUMNS`; those of the same value for all are given by name."""
    rows = [(reject.id, reject.reason, reject.detail) for reject in rejects]
    frame = pl.DataFrame(rows, schema=["id", "reason", "detail"], orient="row", schema_overrides=SCHEMA)
    return complete(frame.lazy(), **constant).collect()


def complete(frame: pl.LazyFrame, **constant: str) -> pl.LazyFrame:
    """Add the columns that a frame of rejects lacks: constants by name, `record_id` the `id`, else empty."""
    present = frame.collect_schema().names()
    added = {"record_id": pl.col("id")} | {name: pl.lit(value) for name, value in constant.items()}
    missing = [added.get(name, pl.lit("")).alias(name) for name in REJECT_COLUMNS if name not in present]
    return frame.with_columns(missing).select(pl.col(REJECT_COLUMNS).cast(pl.String).fill_null(""))


def write_rejects(root: Root, place: str, frames: list[pl.DataFrame]) -> None:
    """Write the rejects of one stage and owner, all columns as text."""
    frame = pl.concat(frames) if frames else pl.DataFrame(schema=SCHEMA)
    with root.writing(place) as path:
        frame.write_parquet(path, compression="zstd")
