"""The records that the samples of a task were made from."""

from collections.abc import Iterator, Sequence

import polars as pl

from schemas.task import Split, Task
from sources import tasks as declared_tasks
from tasks.base.store.frames import scan
from tasks.build.builds.build import Build


def records(task: Task, build: Build, splits: Sequence[Split]) -> Iterator[pl.LazyFrame]:
    """The records of some splits that a task reads, a file each, with `record_id` as its samples name them."""
    for batch in (batch for built in build.state.sources for batch in built.batches if batch.part in task.reads):
        if batch.source != declared_tasks()[task.name][0].id:
            continue
        unit = f"{batch.part}/" if len(task.reads) > 1 else ""
        for split in splits:
            if split in batch.splits:
                found = scan(build.root.local(f"{batch.place}/{batch.part}-{split}.parquet"))
                yield found.with_columns(record_id=pl.concat_str(pl.lit(unit), "id"))
