"""Samples of a benchmark or release that the user has: rows of Parquet files, and how they are asked."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

VARIABLE = "MEDINST_BENCHMARK"
"""Environment variable that names the folder if nothing else does."""


class NoSamples(FileNotFoundError):
    """There are no samples where they were looked for; the message says where, and how to get them."""


def table(task: str, split: str = "test", folder: str | os.PathLike[str] | None = None) -> Any:
    """The samples of a split as a pyarrow table.

    Args:
        task: the task's name.
        split: `train`, `dev` or `test`; a benchmark has `test` alone.
        folder: the folder of a version of a benchmark or release; without it the one that `MEDINST_BENCHMARK` names.

    Raises:
        NoSamples: no folder is named, or it has no such samples.
    """
    from pyarrow import parquet

    return parquet.read_table(_file(task, split, folder))


def rows(task: str, split: str = "test", folder: str | os.PathLike[str] | None = None) -> list[dict[str, Any]]:
    """The same as a list of rows."""
    return table(task, split, folder).to_pylist()


def _file(task: str, split: str, folder: str | os.PathLike[str] | None) -> Path:
    named = folder or os.environ.get(VARIABLE)
    if not named:
        raise NoSamples(
            f"No folder of samples is named. Set {VARIABLE} to a version of the benchmark, as `medinst benchmark` "
            "makes it, or download one: hf download --repo-type dataset OWNER/NAME --local-dir medinst32"
        )
    path = Path(named).expanduser() / "data" / task / f"{split}.parquet"
    if not path.is_file():
        data = path.parents[1]
        there = sorted(each.parent.name for each in data.glob(f"*/{split}.parquet") if not _twin(each.parent.name))
        found = f"it has {', '.join(there)}" if there else f"there is nothing like {data}/TASK/{split}.parquet"
        raise NoSamples(f"{named} has no {split} samples of {task}; {found}.")
    return path


def _twin(configuration: str) -> bool:
    """Whether it is the same test without examples."""
    return configuration.endswith("-zs")


def question(row: Mapping[str, Any]) -> str:
    """What a sample asks, in the paper's prompt: the instruction, a line break, the input."""
    return f"{row['instruction']}\n{row['input']}"


def messages(row: Mapping[str, Any], shots: bool = True) -> list[dict[str, str]]:
    """A sample as a conversation: its examples if it has any, then its question.

    Args:
        row: the sample.
        shots: whether its examples (`history`) are part of it.
    """
    said = []
    for user, assistant in (row.get("history") or ()) if shots else ():
        said += [{"role": "user", "content": user}, {"role": "assistant", "content": assistant}]
    return [*said, {"role": "user", "content": question(row)}]
