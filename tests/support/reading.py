"""Invented files, and what the readers and the stage `read` make of them."""

import tempfile
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import polars as pl
from hypothesis import settings

from schemas.cleaning import CleanUp
from schemas.formats import Format
from schemas.receipts import Batch, Blob, Fetched
from schemas.records import Document, Reject
from schemas.settings import Settings
from schemas.source import Part
from tasks.base.store.rejects import rejects_place
from tasks.base.store.root import Root
from tasks.build.read import Table, read, readers
from tasks.build.read.stage import read_part
from tasks.build.unpack import Member
from tests.support.declared import source

assert readers  # registers them

_folder = tempfile.TemporaryDirectory(prefix="medinst-test-")

_numbers = count()

often = settings(deadline=None, max_examples=60)


def put(name: str, data: bytes | str) -> Member:
    """A member with these bytes."""
    path = Path(_folder.name) / str(next(_numbers))
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return Member(name, path)


def split(options: Format, *members: Member, **roles: Member | Sequence[Member]) -> list[Any] | Table:
    """What a reader makes of a split, its members without roles first."""
    files = {str(number): [member] for number, member in enumerate(members)}
    named = {role: [found] if isinstance(found, Member) else list(found) for role, found in roles.items()}
    found = read(options, files | named)
    return found if isinstance(found, Table) else list(found)


def documents(options: Format, *members: Member, **roles: Member) -> list[Document]:
    found = split(options, *members, **roles)
    assert isinstance(found, list)
    assert all(isinstance(item, Document) for item in found), found
    return found


def rejects(options: Format, *members: Member, **roles: Member) -> list[tuple[str, str, str]]:
    found = split(options, *members, **roles)
    if isinstance(found, Table):
        return [(item.id, item.reason, item.detail) for item in found.rejects]
    return [(item.id, item.reason, item.detail) for item in found if isinstance(item, Reject)]


def rows(options: Format, *members: Member, **roles: Member) -> list[dict[str, Any]]:
    found = split(options, *members, **roles)
    assert isinstance(found, Table)
    return found.frame.collect().to_dicts()


class Reader:
    """Reads a source of one part and keeps the root to look into."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.root = folder, Root(str(folder / "root"))

    def __call__(
        self,
        options: Format,
        files: Mapping[str, bytes | str | None],
        partial: bool = False,
        clean: tuple[CleanUp, ...] = (),
        **part: Any,
    ) -> Batch:
        declared = source(
            id="src",
            files=dict.fromkeys(files, "https://example.org/x"),
            format=options,
            parts={"main": Part(**part)},
            partial=frozenset({"partial"} if partial else ()),
            clean=clean,
        )
        blobs = []
        for name, data in files.items():
            if data is None:
                continue
            number = str(next(_numbers))
            self.root.write_bytes(f"blobs/{number}", put(name, data).read())
            sha256 = "partial" if partial else number
            blobs.append(Blob(name=name, url="u", sha256=sha256, bytes=1, place=f"blobs/{number}"))
        fetched = Fetched(source="src", blobs=tuple(blobs))
        self.again = lambda: read_part(declared, "main", fetched, self.root, Settings())
        self.batch = self.again()
        return self.batch

    def ids(self, split: str) -> list[str]:
        return pl.read_parquet(self.root.local(f"{self.batch.place}/main-{split}.parquet"))["id"].to_list()

    def rejects(self) -> list[tuple[str, str, str]]:
        frame = pl.read_parquet(self.root.local(rejects_place("read", "src", self.batch.fingerprint)))
        return frame.select("split", "id", "reason").rows()

    def tally(self, split: str) -> tuple[int, int, int]:
        tally = self.batch.splits[split]
        assert tally.read == tally.kept + tally.rejected
        return tally.read, tally.kept, tally.rejected
