"""The configurations `all` and `clean`: every sample, and the training samples that leak into no test.

Most tasks have no leak, and their training file is clean as it is. Of the others `clean/<task>.parquet` holds what is
left; it lies beside `data/`, which has every sample once.
"""

from collections.abc import Iterable
from pathlib import Path

import polars as pl

from schemas.errors import PublishError
from schemas.release import ReleaseContent
from schemas.shards import grouped
from tasks.base.store.frames import scan
from tasks.base.store.root import Root
from tasks.build.audit import UNCLEAN
from tasks.build.publish.data import data_path
from tasks.build.publish.extent import filled_splits
from tasks.build.publish.shards import write

ALL, CLEAN = "all", "clean"
"""Names of the configurations, and of the folder of the second."""


def clean_paths(content: ReleaseContent) -> list[str]:
    """The training sets without leaks, in the order of the tasks, each by its path if it has one file.

    None where nobody looked for leaks.
    """
    if content.audit is None:
        return []
    leaking = content.audit.unclean
    trained = [task for task in content.tasks if "train" in filled_splits(task)]
    return [
        _path(task.name) if leaking.get(task.name) else data_path(task.name, "train")
        for task in trained
        if task.splits["train"].rows > leaking.get(task.name, 0)
    ]


def _path(task: str) -> str:
    return f"{CLEAN}/{task}.parquet"


def write_clean(content: ReleaseContent, root: Root, folder: Path, data: Iterable[str]) -> list[str]:
    """Write the training files of tasks that leak, without what leaks.

    Args:
        content: what the release is made of.
        root: where the audit is.
        folder: the release's folder, which has the data.
        data: the paths of its files.

    Returns:
        The paths of the files in the release, sorted.

    Raises:
        PublishError: another number of samples leaks than the audit says.
    """
    paths = [path for path in clean_paths(content) if path.startswith(f"{CLEAN}/")]
    if not paths or content.audit is None:
        return []
    files = grouped(data)
    written: list[str] = []
    unclean = scan(root.local(f"{content.audit.place}/{UNCLEAN}")).select(pl.col("id").cast(pl.String)).collect()["id"]
    for path in paths:
        task = path.removeprefix(f"{CLEAN}/").removesuffix(".parquet")
        trained = scan([folder / name for name in files[data_path(task, "train")]])
        left = next(each for each in content.tasks if each.name == task).splits["train"].rows
        left -= content.audit.unclean[task]
        found, shards = write(trained.filter(~pl.col("id").is_in(unclean.implode())), folder / path, left)
        written += [shard.relative_to(folder).as_posix() for shard in shards]
        if found != left:
            raise PublishError(
                f"{task}: {left:,} training samples leak into no test by the audit, {found:,} by the files. Nothing "
                "was published. Look for leaks again: medinst build",
                task=task,
            )
    return sorted(written)
