"""The files on which samples were counted: expected counts say nothing about other bytes.

`expectations/counted_on.csv` names them for each task of `expectations/counts.csv`; the same command writes both. A
folder with sources of one's own has both files too. What
is read from other files, such as the publisher's where an incomplete copy was counted, is new. A mirror whose files
are its own keeps its counts beside them, and changes both together.
"""

import csv
import io
from collections.abc import Mapping
from pathlib import Path

import sources
from expectations import FOLDER
from tasks.base.paper.counts import Counts

FILE = "counted_on.csv"
COMMITTED = FOLDER / FILE
HEADER = "task,file,sha256"

Files = Mapping[str, str]
"""Name of a file -> its sha256."""

CountedOn = dict[str, Files]
"""Task -> the files that its samples were counted on."""


def parse(text: str) -> CountedOn:
    """Read which files were counted."""
    found: dict[str, dict[str, str]] = {}
    for row in csv.DictReader(io.StringIO(text)):
        found.setdefault(row["task"], {})[row["file"]] = row["sha256"]
    return dict(found)


def write(counted: CountedOn) -> str:
    """Write which files were counted, one a line, sorted by task and name."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(HEADER.split(","))
    lines.writerows(
        (task, name, mark) for task, files in sorted(counted.items()) for name, mark in sorted(files.items())
    )
    return text.getvalue()


def load(path: Path) -> CountedOn:
    """Read which files were counted; none if the file is not there."""
    return parse(path.read_text(encoding="utf-8")) if path.exists() else {}


def committed() -> CountedOn:
    """The files that the counts were counted on which are kept with the declarations."""
    files = (COMMITTED, *(folder / FILE for folder in sources.folders()))
    return {task: marks for path in files for task, marks in load(path).items()}


def bound(counts: Counts, counted: CountedOn, read: CountedOn) -> Counts:
    """The counts that hold for a build: those of tasks that read nothing but bytes that were counted.

    A file that is missing now unbinds nothing: the splits that need it are withheld, and the others are held against
    their counts. Files are known by their bytes, not by their names.

    Args:
        counts: the expected counts.
        counted: the files that they were counted on.
        read: the files that the tasks of the build were made from.
    """
    return {task: splits for task, splits in counts.items() if task in read and _known(counted, task, read[task])}


def _known(counted: CountedOn, task: str, files: Files) -> bool:
    return bool(files) and {*files.values()} <= {*counted.get(task, {}).values()}
