"""Damaged files for tests: the files of a source as its readers get them, and what comes of a change in one of them."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from schemas.errors import MedinstError
from schemas.formats import Format
from schemas.receipts import Batch, Fetched, Order
from schemas.settings import Settings
from schemas.source import Source
from schemas.task import Split
from tasks.base.store.root import Root
from tasks.build.fetch.source import fetch_source
from tasks.build.read import stage
from tasks.build.read.files import unpack
from tasks.build.read.reading import Reading
from tasks.build.unpack import Member

Roles = Mapping[str, Sequence[Member]]
Change = Callable[[bytes], bytes]

PLACE = re.compile(r"line \d|byte \d|column \d")
EXPECTATION = re.compile(r"expected|is not|are not|is no |has no|holds? |must|wants|names a file|ends within")
UNREADABLE = re.compile(
    r"Traceback|object has no|object is not|NoneType|<class|\b0x[0-9a-f]{8}|unexpected keyword|invalid literal|unpack"
    r"|could not convert|out of range|indices must be|unhashable|list index|codec can't"
)
"""What only somebody who knows the code can read."""


class Files(NamedTuple):
    """The files of one split as a reader gets them."""

    source: Source
    part: str
    split: Split
    roles: Roles

    @property
    def options(self) -> Format:
        return self.source.format_of(self.part)

    def some(self) -> Iterator[tuple[str, int]]:
        """The role and number of some files: of each role the first, the one in the middle and the last."""
        for role, members in self.roles.items():
            yield from ((role, place) for place in sorted({0, len(members) // 2, len(members) - 1}))

    def bytes_of(self, role: str, place: int) -> bytes:
        return self.roles[role][place].read()

    def changed(self, role: str, place: int, data: bytes, folder: Path) -> "Files":
        """The same files, one of them with other bytes."""
        path = folder / "changed"
        path.write_bytes(data)
        members = [*self.roles[role]]
        members[place] = members[place]._replace(content=path)
        return self._replace(roles={**self.roles, role: members})

    def options_changed(self, **options: object) -> "Files":
        """The same files, read with other options."""
        part = self.source.parts[self.part].model_copy(update={"format": self.options.model_copy(update=options)})
        return self._replace(source=self.source.model_copy(update={"parts": {**self.source.parts, self.part: part}}))


class Outcome(NamedTuple):
    """What a reader makes of the files of a split: an error, or records and rejects."""

    error: str
    records: pl.DataFrame
    rejects: pl.DataFrame

    @property
    def sound(self) -> bool:
        return not self.error and self.rejects.is_empty()


def fetched_of(source: Source, mirror: Path, root: Root) -> Fetched:
    """The files of a source that a mirror has, as they lie in a root."""
    return fetch_source(source, Order(mirrors=(str(mirror),), root=root.url), Settings(), committed={})


def splits_of(source: Source, mirror: Path, root: Root, folder: Path) -> Iterator[Files]:
    """The unpacked files of every split of a source that a mirror has."""
    fetched = fetched_of(source, mirror, root)
    for part in source.parts:
        planned = stage.plan(source, part, fetched)
        if not planned.withheld:
            unpacked, _ = unpack(source, planned, fetched, root, folder / f"{source.id}-{part}", Settings())
            for split, roles in unpacked.items():
                yield Files(source, part, split, roles)


def outcome(files: Files, root: Root) -> Outcome:
    """Read files; whatever is in them, an error helps whoever meets it, or all that was read is accounted for."""
    batch = Batch(source=files.source.id, part=files.part, fingerprint="f", place="records/damaged")
    reading = Reading(files.source, files.part, batch, root, ())
    try:
        reading.split(files.split, {role: [*members] for role, members in files.roles.items()})
    except MedinstError as error:
        helps(str(error), (member.name for members in files.roles.values() for member in members))
        return Outcome(str(error), pl.DataFrame(), pl.DataFrame())
    for split, tally in reading.tallies.items():
        assert tally.read == tally.kept + tally.rejected, (split, tally)
    rejects = pl.concat(reading.rejects)
    assert sum(tally.rejected for tally in reading.tallies.values()) == rejects.height
    for reason, detail in rejects.select("reason", "detail").iter_rows():
        assert reason, detail
        assert "expected" in detail or not UNREADABLE.search(f"{reason}: {detail}"), (reason, detail)
    records = pl.concat([pl.read_parquet(root.local(reading._file(split))) for split in reading.tallies])
    assert sum(tally.kept for tally in reading.tallies.values()) == records.height
    return Outcome("", records, rejects)


def helps(message: str, names: Iterator[str]) -> None:
    """A message names the file, says where or what was expected, and is written for people."""
    known = set(names)
    named = re.findall("`([^`]+)`", message)
    assert any(each in known or any(name.endswith(each) for name in known) for each in named), message
    assert PLACE.search(message) or EXPECTATION.search(message), message
    assert not UNREADABLE.search(message), message
