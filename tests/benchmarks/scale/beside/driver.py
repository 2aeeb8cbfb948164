"""What all drivers of other tools share; needs nothing but Python, because each runs in an environment of its own.

`python -m tests.benchmarks.scale.beside.by_… FOLDER OUT SETTING…`: the texts are in `FOLDER/rows`, or in `FOLDER/train`
and `FOLDER/test`, a JSON object with `id` and `text` in each line. What is found goes into `OUT/found.jsonl`. Only the
block that is marked counts, so not the imports.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROWS, TRAIN, TEST, FOUND = "rows/rows.jsonl", "train/train.jsonl", "test/test.jsonl", "found.jsonl"
WORK = "find"
"""What the marked block is called."""


def called() -> tuple[Path, Path, list[str]]:
    """The folder of the texts, that of what is found, and the settings."""
    folder, out, *settings = sys.argv[1:]
    return Path(folder), Path(out), settings


def read(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a file."""
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def write(out: Path, rows: Iterable[dict[str, str]]) -> None:
    """Keep what was found: rows of `id` and `twin`, or of `id`."""
    with (out / FOUND).open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
