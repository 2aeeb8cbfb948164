"""A disk that fills up during a build: a clear error, the release before it untouched, and the next run goes on."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from flows.console.expected import sentence
from schemas.errors import PublishError
from schemas.mixture import Recipe
from tasks.base.store.root import Root
from tasks.base.versions.copy import verified
from tasks.base.versions.find import releases as published
from tasks.build.builds.build import Build
from tasks.build.catalogue.file import PLACE
from tasks.build.catalogue.query import rows
from tasks.build.catalogue.write import write_catalogue
from tasks.build.judge.measured import measured
from tasks.build.publish.content import content
from tasks.build.publish.release import write_release
from tasks.model.export.dataset import find_dataset
from tasks.model.export.forms import Format
from tasks.model.export.write import Options, export
from tasks.model.mixture.write import write_mixture
from tests.support.gathering import gather
from tests.support.medinst import Medinst, releases
from tests.support.places import DEMO

SOURCES = ("mqp", "scifact", "bc5cdr")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small file system of its own, where this machine lets us mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m", "none", str(place)], capture_output=True, check=False
    ).returncode:
        pytest.skip("mounting a file system is not allowed here")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.mark.slow
def test_a_full_disk_stops_the_build_and_nothing_else(disk, medinst: Medinst):
    root = disk / "root"
    first = medinst("build", "mqp", "--mirror", "demo", root=root)
    assert first.returncode == 0, first.stdout + first.stderr
    before = releases(root)
    free = shutil.disk_usage(disk).free
    filler = disk / "filler"
    filler.write_bytes(bytes(free - 200_000))
    full = medinst("build", *SOURCES, "--mirror", "demo", root=root)
    assert full.returncode == 1
    said = " ".join((full.stdout + full.stderr).split())
    assert "No space left on device" in said
    assert "Traceback" not in said
    assert releases(root) == before
    assert not list((root / "releases").glob(".*"))
    filler.unlink()
    again = medinst("build", *SOURCES, "--mirror", "demo", root=root)
    assert again.returncode == 0, again.stdout + again.stderr
    found = releases(root)
    assert {name: found[name] for name in before if not name.startswith("latest")} == {
        name: data for name, data in before.items() if not name.startswith("latest")
    }
    assert found["latest.json"] != before["latest.json"], again.stdout + again.stderr


@pytest.mark.heavy
def test_a_disk_that_fills_in_the_middle_of_a_release(
    disk: Path, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    """Whichever file of it finds no room: nothing half made stays, and the same release is whole when there is."""
    state = gather(disk / "root", DEMO, SOURCES)
    root, filler, sink = Root(state.order.root), disk / "filler", pl.LazyFrame.sink_parquet
    said = content(Build(state), measured(Build(state)), [])
    files = sum(split.rows > 0 for task in said.tasks for split in task.splits.values())
    assert files >= 4
    for number in (0, 1, files - 1):
        left = [number]

        def fill(frame: pl.LazyFrame, *given: Any, left: list[int] = left, **options: Any) -> Any:
            left[0] -= 1
            if left[0] == -1:
                filler.write_bytes(bytes(shutil.disk_usage(disk).free))
            return sink(frame, *given, **options)

        with monkeypatch.context() as patch:
            patch.setattr(pl.LazyFrame, "sink_parquet", fill)
            with pytest.raises(PublishError, match=r"releases/.*: the disk is full\. Nothing was published.*medinst"):
                write_release(said, root, {})
        filler.unlink()
        assert not [path for path in (disk / "root" / "releases").rglob("*") if path.is_file()]
    release = write_release(said, root, {})
    found = published(root).find(release.version)
    assert found is not None
    assert len([name for name in verified(found, "") if name.startswith("data/")]) == files
    record_property("tried", 3)


@pytest.mark.parametrize("form", ["parquet", "messages"])
def test_a_full_disk_stops_an_export_and_nothing_else(form: Format, disk: Path, tmp_path: Path) -> None:
    state = gather(tmp_path / "root", DEMO, SOURCES)
    dataset = find_dataset(write_mixture(state, Recipe(name="everything", samples="all")).uri, Root("."))
    to = Root(str(disk / "to"))
    filler = disk / "filler"
    filler.write_bytes(bytes(shutil.disk_usage(disk).free - 8_192))
    with pytest.raises(PublishError, match=r"exports/.*: the disk is full. Nothing was published.*medinst export"):
        export(dataset, Options(form), to)
    assert not [path for path in (disk / "to").rglob("*") if path.is_file()]
    filler.unlink()
    assert export(dataset, Options(form), to).manifest.rows["train"] > 0


ROOM = (4_096, 65_536, 300_000, 600_000)
"""Bytes that are left: DuckDB fails when it opens the file, when it inserts, or when it writes all of it down."""


@pytest.mark.slow
def test_a_disk_that_fills_while_the_catalogue_is_written(
    disk: Path, record_property: Callable[[str, object], None]
) -> None:
    """DuckDB's error is a sentence, the last catalogue stays readable, nothing stays behind, and the next run heals."""
    state = gather(disk / "root", DEMO, SOURCES)
    build, root = Build(state), Root(str(disk / "root"))
    profiles = measured(build)

    def write(room: int) -> str | None:
        """Write it with so much room; what is said where that fails."""
        filler = disk / "filler"
        filler.write_bytes(bytes(shutil.disk_usage(disk).free - room))
        try:
            write_catalogue(build, profiles, [], [], [])
        except (duckdb.Error, OSError) as error:
            return sentence(error, root.url) or repr(error)
        finally:
            filler.unlink()
        return None

    assert write(20_000_000) is None
    catalogue = disk / "root" / PLACE
    before, there = catalogue.read_bytes(), set((disk / "root").rglob("*"))
    said = [write(room) for room in ROOM]
    assert all(each is not None and each.startswith("The disk is full") for each in said), said
    assert catalogue.read_bytes() == before
    assert set((disk / "root").rglob("*")) == there
    assert rows(root, "SELECT count(*) FROM tasks").rows() != [(0,)]
    assert write(20_000_000) is None
    assert rows(root, "SELECT count(*) FROM tasks").rows() != [(0,)]
    record_property("tried", len(ROOM))
