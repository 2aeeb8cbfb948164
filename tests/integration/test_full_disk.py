"""A disk that fills up during a build: a clear error, the release before it untouched, and the next run goes on."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.errors import PublishError
from schemas.mixture import Recipe
from tasks.base.store.root import Root
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
