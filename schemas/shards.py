"""Large tables: how much of one a step works on, and the names of its files, `<name>.parquet` or several."""

import re
from collections.abc import Iterable

STEP_ROWS, STEP_BYTES = 500_000, 1_000_000_000
"""Rows, and bytes of their files, that one step of a build works on at most unless the settings say otherwise."""

_SHARD = re.compile(r"-\d{5}-of-\d{5}(?=\.parquet$)")


def shard(name: str, number: int, count: int) -> str:
    """The name of one of several files without its ending, as the Hugging Face Hub names them: `train-00000-of-00003`.

    Args:
        name: of the table: `train`, with or without folders.
        number: of the file, from 0.
        count: of files; one file has the name of the table.
    """
    return name if count == 1 else f"{name}-{number:05}-of-{count:05}"


def shards(name: str) -> str:
    """The pattern of the names of the shards of a table."""
    return f"{name.removesuffix('.parquet')}-*.parquet"


def grouped(names: Iterable[str]) -> dict[str, list[str]]:
    """The files of each table, in the order of their rows, by the name of the table as one file."""
    found: dict[str, list[str]] = {}
    for name in sorted(names):
        found.setdefault(whole(name), []).append(name)
    return found


def whole(name: str) -> str:
    """The name of a file's table as one file."""
    return _SHARD.sub("", name)
