"""Truncated real files: each reader says what is wrong, or accounts for all that it read of what is left."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.errors import ArchiveError
from schemas.settings import Settings
from sources import registry
from tasks.base.store.root import Root
from tasks.build.fetch.pack import is_archive_name
from tasks.build.unpack import unpack_all
from tests.support.damage import Files, fetched_of, helps, outcome, splits_of
from tests.support.places import CHECKOUT

MIRROR = CHECKOUT.parent / "shared" / "corpora"
pytestmark = pytest.mark.skipif(not MIRROR.is_dir(), reason=f"no real files at ../{MIRROR.parent.name}/{MIRROR.name}")
SOURCES = [source for source in sorted(registry()) if (MIRROR / source).is_dir()]
MOST = 200_000
"""Bytes that are left of a file at most, so that all sources together take half a minute."""
FEW = 30
"""Files of a role that are read at most."""


def lessened(files: Files) -> Files:
    """A split with the first files of each role only; those of one document stand side by side."""
    return files._replace(roles={role: sorted(members)[:FEW] for role, members in files.roles.items()})


def cuts(files: Files, folder: Path) -> Iterator[Files]:
    """The same split with one file of each role cut somewhere, at several places."""
    for role, members in files.roles.items():
        place = len(members) // 2
        size = members[place].size
        for end in {
            min(size // 2, MOST),
            min(size * 4 // 5, MOST // 3),
            max(size - 2, 0) if size <= MOST else MOST // 7,
        }:
            with members[place].open() as file:
                yield files.changed(role, place, file.read(end), folder)


@pytest.mark.parametrize("source", SOURCES)
def test_truncated_files(source, tmp_path):
    root = Root(str(tmp_path / "root"))
    for files in splits_of(registry()[source], MIRROR, root, tmp_path):
        for cut in cuts(lessened(files), tmp_path):
            outcome(cut, root)


@pytest.mark.parametrize("source", SOURCES)
def test_truncated_archives(source, tmp_path):
    root = Root(str(tmp_path / "root"))
    declared = registry()[source]
    for blob in fetched_of(declared, MIRROR, root).blobs:
        members = [
            name for part in declared.parts.values() for name in part.members if name.startswith(f"{blob.name}!")
        ]
        if not is_archive_name(blob.name) or not members:
            continue
        size = root.local(blob.place).stat().st_size
        with root.local(blob.place).open("rb") as file:
            (tmp_path / "cut").write_bytes(file.read(min(size // 2, 5_000_000)))
        with pytest.raises(ArchiveError) as caught:
            unpack_all(tmp_path / "cut", {name: name for name in members}, tmp_path, Settings(), source)
        helps(str(caught.value), iter([f"{source}: {blob.name}"]))
