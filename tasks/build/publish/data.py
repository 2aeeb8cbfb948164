"""data/<task>/<split>.parquet: the rendered samples without those that deduplication left out, streamed."""

from pathlib import Path
from typing import Any

import polars as pl

from schemas.errors import PublishError
from schemas.release import ReleaseContent, ReleaseSplit
from schemas.sample import SAMPLE_COLUMNS
from schemas.task import SPLITS, Split
from tasks.base.store.frames import scan
from tasks.base.store.root import Root
from tasks.build.deduplicate.published import AMENDED, DROPPED, published

ROWS_PER_GROUP = 20_000
"""Fixed, so that equal rows are equal bytes on every machine; small, so that long texts fit into memory."""


PARQUET: Any = {
    "compression": "zstd",
    "compression_level": 3,
    "row_group_size": ROWS_PER_GROUP,
    "maintain_order": True,
}
"""How data are written."""


def data_path(task: str, split: Split) -> str:
    """The path of a split in the release."""
    return f"data/{task}/{split}.parquet"


def write_data(content: ReleaseContent, root: Root, folder: Path) -> list[str]:
    """Write all splits that have rows.

    Args:
        content: what the release is made of.
        root: where the samples are.
        folder: the release's folder.

    Returns:
        The paths of the files in the release, sorted.

    Raises:
        PublishError: a split has another number of rows than the content says.
    """
    written: list[str] = []
    for task in content.tasks:
        for split in SPLITS:
            part = task.splits.get(split)
            if part is None:
                continue
            path = folder / data_path(task.name, split)
            path.parent.mkdir(parents=True, exist_ok=True)
            _check(task.name, split, part.rows, _write(part, split, root, path))
            if part.rows:
                written.append(data_path(task.name, split))
            else:
                path.unlink()
        _remove_if_empty(folder / "data" / task.name)
    return sorted(written)


def _write(part: ReleaseSplit, split: Split, root: Root, path: Path) -> int:
    """Stream one split and count what stands in the file."""
    try:
        kept = published(part.samples, part.decisions, split, root).select(pl.col(SAMPLE_COLUMNS).cast(pl.String))
        kept.sink_parquet(path, **PARQUET)
        return scan(path).select(pl.len()).collect().item()
    except (pl.exceptions.PolarsError, FileNotFoundError) as error:
        raise PublishError(
            f"{part.samples}: expected samples with the columns {', '.join(SAMPLE_COLUMNS)}; {part.decisions}: "
            f"expected {DROPPED} and {AMENDED}. Reading them failed: {error}. "
            "Build them again: medinst build",
            samples=part.samples,
        ) from error


def _check(task: str, split: Split, expected: int, found: int) -> None:
    if found != expected:
        raise PublishError(
            f"{task} {split}: expected {expected:,} rows after deduplication, {found:,} were written. "
            f"Nothing was published. See what was lost: medinst sql \"FROM rejects WHERE task = '{task}'\"",
            task=task,
            split=split,
            expected=expected,
            found=found,
        )


def _remove_if_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
