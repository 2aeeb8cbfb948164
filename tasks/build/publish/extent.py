"""What a release holds of the paper's tasks, and what became of each of the others."""

from typing import NamedTuple

from schemas.release import ReleaseContent, ReleaseTask
from schemas.task import SPLITS, Split


class Extent(NamedTuple):
    """The tasks of a release and of the paper's table, each in one list.

    Attributes:
        filled: tasks with samples.
        empty: tasks that were built and of which no sample is left.
        withheld: tasks that were asked for and are left out -> the reason.
        unasked: tasks of the table that nobody asked for.
        undeclared: tasks of the table that no source declares.
        table: number of tasks in the table.
        covered: those of them that have samples.
    """

    filled: tuple[ReleaseTask, ...]
    empty: tuple[str, ...]
    withheld: dict[str, str]
    unasked: tuple[str, ...]
    undeclared: tuple[str, ...]
    table: int
    covered: int

    @property
    def absent(self) -> int:
        """The tasks of the table that have no samples here."""
        return self.table - self.covered


def filled_splits(task: ReleaseTask) -> list[Split]:
    """The splits of a task that have rows."""
    return [split for split in SPLITS if split in task.splits and task.splits[split].rows]


def extent(content: ReleaseContent) -> Extent:
    """Put each task of a release and of the table into one list."""
    table = [row.task for row in content.parity]
    filled = tuple(task for task in content.tasks if filled_splits(task))
    empty = tuple(task.name for task in content.tasks if not filled_splits(task))
    told = {*(task.name for task in content.tasks), *content.withheld, *content.undeclared}
    return Extent(
        filled=filled,
        empty=tuple(name for name in empty if name not in content.withheld),
        withheld=dict(sorted(content.withheld.items())),
        unasked=tuple(sorted(set(table) - told)),
        undeclared=tuple(sorted(content.undeclared)),
        table=len(table),
        covered=len({task.name for task in filled} & set(table)),
    )
