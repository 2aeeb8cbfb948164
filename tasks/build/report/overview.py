"""The overview: key figures, the tasks with their rows, and the tasks that are not there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from schemas.release import ReleaseContent, ReleaseTask
from schemas.task import SPLITS
from tasks.build.report.index import Index
from tasks.build.report.verdicts import count


class KeyFigures(NamedTuple):
    """The numbers at the top of the page.

    Attributes:
        table: rows of the paper's Table 11.
        verdicts: outcome -> verdicts.
    """

    built: int
    table: int
    withheld: int
    undeclared: int
    sources: int
    with_files: int
    samples: int
    splits: dict[str, int]
    rejects: int
    verdicts: dict[str, int]


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task of the release; `splits` are the rows of train, dev and test."""

    name: str
    category: str
    source: str
    title: str
    licence: str
    language: str
    instruction: str
    splits: tuple[int, ...]

    @property
    def rows(self) -> int:
        """The rows of all splits."""
        return sum(self.splits)

    @property
    def by_split(self) -> dict[str, int]:
        """The rows of each split."""
        return dict(zip(SPLITS, self.splits, strict=True))


class OpenEnd(NamedTuple):
    """A task that the release does not hold, and why."""

    task: str
    category: str
    title: str
    state: str
    reason: str


def key_figures(content: ReleaseContent, index: Index) -> KeyFigures:
    """Count what the top of the page says."""
    rows = [_splits(task) for task in content.tasks]
    splits = {split: sum(row[place] for row in rows) for place, split in enumerate(SPLITS)}
    return KeyFigures(
        built=len(content.tasks),
        table=len(content.parity),
        withheld=len(content.withheld),
        undeclared=len(content.undeclared),
        sources=len(index.used(content)),
        with_files=sum(1 for blobs in content.files.values() if blobs),
        samples=sum(splits.values()),
        splits=splits,
        rejects=sum(row.rows for row in content.lost),
        verdicts=count(content.verdicts),
    )


def task_rows(content: ReleaseContent, index: Index) -> list[TaskRow]:
    """The tasks of the release in the order of their names."""
    return [
        TaskRow(
            name=task.name,
            category=task.category,
            source=task.source,
            title=index.title(task.source),
            licence=task.licence,
            language=task.language,
            instruction=task.instruction,
            splits=_splits(task),
        )
        for task in content.tasks
    ]


def open_ends(content: ReleaseContent, index: Index) -> Sequence[OpenEnd]:
    """The withheld tasks with their reasons, then those that no source declares."""

    def end(task: str, state: str, reason: str) -> OpenEnd:
        title = index.title(index.source_of.get(task, ""))
        return OpenEnd(task, index.category_of.get(task, ""), title, state, reason)

    withheld = [end(task, "withheld", reason) for task, reason in sorted(content.withheld.items())]
    splits = [
        end(task, f"{split} withheld", reason)
        for task, missing in sorted(content.missing.items())
        for split, reason in missing.items()
    ]
    why = "no source declares it yet"
    undeclared = [end(task, "not declared", why) for task in sorted(content.undeclared)]
    return withheld + splits + undeclared


def _splits(task: ReleaseTask) -> tuple[int, ...]:
    return tuple(task.splits[split].rows if split in task.splits else 0 for split in SPLITS)
