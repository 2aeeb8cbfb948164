"""What a build changed against the one before, in counts and names."""

from collections.abc import Mapping
from typing import NamedTuple

from schemas.state import Built, State
from schemas.task import Split


class Change(NamedTuple):
    """What has changed of one source.

    Attributes:
        before: its outcome in the build before; empty where that did not have it.
        files: how many files are new, gone or have other bytes.
        rows: task and split -> samples gained, or lost where negative, after deduplication; only those that differ.
    """

    source: str
    before: str
    after: str
    files: int
    rows: Mapping[tuple[str, Split], int]

    @property
    def words(self) -> str:
        """The change in words; empty where nothing has changed."""
        if not self.before:
            return "new"
        said = [f"{self.before} → {self.after}"] if self.before != self.after else []
        if self.files:
            said.append(f"{self.files} file{'s' * (self.files != 1)}")
        if self.rows:
            gained = sum(number for number in self.rows.values() if number > 0)
            lost = sum(number for number in self.rows.values() if number < 0)
            said.append(" ".join(f"{number:+,}" for number in (gained, lost) if number) + " samples")
        return ", ".join(said)


def changes(before: State | None, after: State) -> dict[str, Change]:
    """What has changed, for each source of a build.

    Args:
        before: the build before; None if there was none.
        after: the build.
    """
    known = {built.source: built for built in before.sources} if before else {}
    return {built.source: _change(known.get(built.source), built) for built in after.sources}


def _change(before: Built | None, after: Built) -> Change:
    if before is None:
        return Change(after.source, "", after.outcome, 0, {})
    rows, old = _rows(after), _rows(before)
    differing = {key: number for key in sorted({*rows, *old}) if (number := rows.get(key, 0) - old.get(key, 0))}
    files = {name for name, _ in _files(before) ^ _files(after)}
    return Change(after.source, before.outcome, after.outcome, len(files), differing)


def _rows(built: Built) -> dict[tuple[str, Split], int]:
    return {(task.task, split): tally.kept for task in built.kept for split, tally in task.splits.items()}


def _files(built: Built) -> set[tuple[str, str]]:
    return {(blob.name, blob.sha256) for blob in built.fetched.blobs} if built.fetched else set()
