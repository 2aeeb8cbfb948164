"""Expected counts: rendered samples of each task and split, written by a command and compared by the gate.

The publishers' files are counted in expectations/counts.csv; `counted_on` says which bytes those were. A mirror whose
files are its own has its own `counts.csv` beside its `mirror.json`.
"""

import csv
import io
from collections.abc import Iterable

import sources
from expectations import FOLDER
from schemas.receipts import Rendered
from schemas.task import SPLITS, Split
from tasks.base.store.root import Root

COUNTS = "counts.csv"
COMMITTED = FOLDER / COUNTS
HEADER = "task,split,rows"

Counts = dict[str, dict[Split, int]]


def parse(text: str) -> Counts:
    """Read counts: task -> split -> rows."""
    counts: Counts = {}
    for row in csv.DictReader(io.StringIO(text)):
        counts.setdefault(row["task"], {})[row["split"]] = int(row["rows"])  # pyright: ignore[reportArgumentType]
    return counts


def write(counts: Counts) -> str:
    """Write counts sorted by task, splits in their order, one line each."""
    lines = [
        f"{task},{split},{counts[task][split]}" for task in sorted(counts) for split in SPLITS if split in counts[task]
    ]
    return "\n".join([HEADER, *lines]) + "\n"


def counted(rendered: Iterable[Rendered]) -> Counts:
    """The counts of a build."""
    return {
        task.task: {split: tally.kept for split, tally in task.splits.items()} for task in rendered if not task.withheld
    }


def expected(mirrors: Iterable[str], original: bool) -> Counts:
    """The counts that a build is held against.

    Args:
        mirrors: the mirrors of the build.
        original: whether the files are the publishers'; else the counts of the first mirror that has some are taken.
    """
    if original:
        files = [COMMITTED, *(folder / COUNTS for folder in sources.folders())]
        texts = (path.read_text(encoding="utf-8") for path in files if path.exists())
        return {task: rows for text in texts for task, rows in parse(text).items()}
    for mirror in mirrors:
        place = Root(mirror)
        if place.exists(COUNTS):
            return parse(place.read_bytes(COUNTS).decode())
    return {}


def counts_of(mirror: str) -> str:
    """The address of a mirror's own counts."""
    return Root(mirror).uri(COUNTS)


def differences(wanted: Counts, found: Counts) -> list[str]:
    """Where the counts of a build are not those that are expected, each with its cure."""
    return [
        f"{task} {split}: {splits.get(split, 0):,} rendered samples, {wanted[task].get(split, 0):,} expected. "
        "If that is right: medinst check --update"
        for task, splits in sorted(found.items())
        if task in wanted
        for split in SPLITS
        if splits.get(split, 0) != wanted[task].get(split, 0)
    ]
