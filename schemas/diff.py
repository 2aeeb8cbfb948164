"""The difference between two releases, or between a release and a build: rows by task and split, with their causes."""

from typing import Literal

from schemas.base import Model

Kind = Literal["added", "removed", "changed"]


class Cause(Model):
    """Rows that came, went or changed for one reason.

    Attributes:
        cause: the reason in words; its first words are the same for all reasons of one sort.
        examples: ids of a few of them: those of the second side, of removed rows those of the first.
    """

    kind: Kind
    cause: str
    rows: int
    examples: tuple[str, ...] = ()


class SplitDiff(Model):
    """One task and split: `before + added - removed = after`."""

    task: str
    split: str
    before: int
    after: int
    added: int
    removed: int
    changed: int
    causes: tuple[Cause, ...]


class TaskDiff(Model):
    """What a task is made of that changed, whether or not rows did.

    Attributes:
        changes: in words, such as `file mqp.csv changed`.
    """

    task: str
    changes: tuple[str, ...]


class Diff(Model):
    """The difference between two sides.

    Attributes:
        before, after: versions, or `build` for the newest build of a root.
        splits: those with rows that came, went or changed, sorted.
        tasks: those made of other things than before, sorted.
        stale: source of the second side that is built of older bytes -> since when and why.
        unchanged: splits of both sides with equal rows.
    """

    before: str
    after: str
    splits: tuple[SplitDiff, ...]
    tasks: tuple[TaskDiff, ...]
    stale: dict[str, str]
    unchanged: int

    @property
    def added(self) -> int:
        """Rows that came."""
        return sum(split.added for split in self.splits)

    @property
    def removed(self) -> int:
        """Rows that went."""
        return sum(split.removed for split in self.splits)

    @property
    def changed(self) -> int:
        """Rows that changed."""
        return sum(split.changed for split in self.splits)
