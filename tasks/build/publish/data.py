"""data/<task>/<split>.parquet: the rendered samples without those that deduplication left out, streamed.

A large split has several files, `data/<task>/<split>-00000-of-00003.parquet` and so on.
"""

from pathlib import Path

import polars as pl

from schemas.errors import PublishError
from schemas.release import ReleaseContent, ReleaseSplit
from schemas.sample import SAMPLE_COLUMNS
from schemas.task import SPLITS, Split
from tasks.base.store.disk import is_full
from tasks.base.store.root import Root
from tasks.build.deduplicate.published import AMENDED, DROPPED, published
from tasks.build.publish.shards import write


def data_path(task: str, split: Split) -> str:
    """The path of a split in the release, if it has one file."""
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
            rows, files = _write(part, split, root, folder / data_path(task.name, split))
            _check(task.name, split, part.rows, rows)
            if part.rows:
                written += [file.relative_to(folder).as_posix() for file in files]
            else:
                files[0].unlink()
        _remove_if_empty(folder / "data" / task.name)
    return sorted(written)


def _write(part: ReleaseSplit, split: Split, root: Root, path: Path) -> tuple[int, list[Path]]:
    """Stream one split; returns how many rows stand in its files, and the files."""
    try:
        kept = published(part.samples, part.decisions, split, root).select(pl.col(SAMPLE_COLUMNS).cast(pl.String))
        return write(kept, path, part.rows)
    except (pl.exceptions.PolarsError, FileNotFoundError) as error:
        if is_full(error):
            raise
        raise PublishError(
            f"{', '.join(part.samples)}: expected samples with the columns {', '.join(SAMPLE_COLUMNS)}; "
            f"{part.decisions}: expected {DROPPED} and {AMENDED}. Reading them failed: {error}. "
            "Build them again: medinst build",
            samples=list(part.samples),
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
