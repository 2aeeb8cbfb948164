"""Large splits are published as several files, which everything that reads a release takes for one table."""

import os
import random
import subprocess
import sys
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from schemas.shards import grouped, shard, whole
from tasks.base.store.root import Root
from tasks.base.versions.find import releases
from tasks.build.diff.rows import connected
from tasks.build.diff.sides import of_release
from tasks.build.drift.published import Published
from tasks.build.publish import shards
from tasks.build.publish.release import write_release
from tasks.model.export.dataset import configurations
from tasks.tools.explore.tables import opened
from tasks.tools.why.samples import in_release
from tests.support.released import audited


@given(st.lists(st.integers(1, 30), max_size=4))
def test_the_files_of_a_table_are_found_in_the_order_of_their_rows(counts: list[int]) -> None:
    tables = {f"data/T{number}/train": count for number, count in enumerate(counts)}
    files = {
        f"{name}.parquet": [f"{shard(name, each, count)}.parquet" for each in range(count)]
        for name, count in tables.items()
    }
    mixed = [name for names in files.values() for name in names]
    random.Random(0).shuffle(mixed)
    assert grouped(mixed) == files
    assert all(whole(each) == name for name, names in files.items() for each in names)


def texts(rows: int, size: int) -> pl.DataFrame:
    drawn = random.Random(7)
    return pl.DataFrame({"row": range(rows), "text": [drawn.randbytes(size // 2).hex() for _ in range(rows)]})


@pytest.mark.parametrize(
    ("rows", "size", "limits", "count"),
    [
        (100, 10, shards.Limits(rows=100), 1),
        (101, 10, shards.Limits(rows=100), 2),
        (250, 10, shards.Limits(rows=100), 3),
        (250, 1000, shards.Limits(bytes=100_000), 3),
        (250, 1000, shards.Limits(group=20_000), 1),
        (250, 1000, shards.Limits(rows=100, bytes=50_000, group=20_000), 9),
        (3, 1000, shards.Limits(bytes=10, group=10), 3),
    ],
)
def test_no_file_and_no_group_of_rows_is_larger_than_declared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int, size: int, limits: shards.Limits, count: int
) -> None:
    monkeypatch.setattr(shards, "LIMITS", limits)
    table = texts(rows, size)
    written, files = shards.write(table.lazy(), tmp_path / "train.parquet", rows)
    assert (written, len(files)) == (rows, count)
    assert [file.name for file in files] == [f"{shard('train', number, count)}.parquet" for number in range(count)]
    assert sorted(tmp_path.iterdir()) == files
    assert pl.concat([pl.read_parquet(file) for file in files]).equals(table)
    for about in map(pq.read_metadata, files):
        groups = [about.row_group(number) for number in range(about.num_row_groups)]
        assert about.num_rows <= limits.rows
        assert sum(group.total_byte_size for group in groups) <= limits.bytes or about.num_rows == 1
        assert all(group.total_byte_size <= limits.group or group.num_rows == 1 for group in groups)


def test_texts_of_very_different_length_stay_within_the_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of files and the size of groups are estimated from means, and the long texts are all in one place."""
    monkeypatch.setattr(shards, "LIMITS", shards.Limits(bytes=100_000, group=40_000))
    table = pl.concat([texts(400, 20), texts(40, 5000), texts(400, 20)])
    _, files = shards.write(table.lazy(), tmp_path / "train.parquet", 840)
    assert pl.concat([pl.read_parquet(file) for file in files]).equals(table)
    groups = [[about.row_group(each) for each in range(about.num_row_groups)] for about in map(pq.read_metadata, files)]
    assert max(sum(group.total_byte_size for group in file) for file in groups) <= 100_000
    assert max(group.total_byte_size for file in groups for group in file) <= 40_000


@pytest.fixture
def root(tmp_path: Path) -> Root:
    return Root(str(tmp_path / "root"))


@pytest.fixture
def published(root: Root, monkeypatch: pytest.MonkeyPatch) -> Published:
    """A release whose largest split, of 48 rows of which 5 leak, has three files."""
    monkeypatch.setattr(shards, "LIMITS", shards.Limits(rows=20))
    write_release(audited(root, {"ALPHA": 5}), root, {})
    (found,) = releases(root).all()
    return found


SHARDS = [f"{shard('data/ALPHA/train', number, 3)}.parquet" for number in range(3)]
LEFT = [f"{shard('clean/ALPHA', number, 3)}.parquet" for number in range(3)]


def test_the_release_has_the_rows_of_one_file_and_says_where(
    published: Published, root: Root, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shards, "LIMITS", shards.Limits())
    other = Root(str(tmp_path / "other"))
    expected = Path(write_release(audited(other, {"ALPHA": 5}), other, {}).uri)
    folder, files = Path(published.uri), grouped(published.manifest.files)
    assert files["data/ALPHA/train.parquet"] == SHARDS
    assert files["clean/ALPHA.parquet"] == LEFT
    for name in ("data/ALPHA/train.parquet", "clean/ALPHA.parquet"):
        rows = pl.concat([pl.read_parquet(folder / each) for each in files[name]])
        assert rows.equals(pl.read_parquet(expected / name))
    assert (folder / "data/ALPHA/dev.parquet").read_bytes() == (expected / "data/ALPHA/dev.parquet").read_bytes()
    front = yaml.safe_load((folder / "README.md").read_text("utf-8").split("---\n")[1])
    configs = {
        each["config_name"]: {one["split"]: one["path"] for one in each["data_files"]} for each in front["configs"]
    }
    assert configs["ALPHA"] == {
        "train": "data/ALPHA/train-*.parquet",
        "dev": "data/ALPHA/dev.parquet",
        "test": "data/ALPHA/test.parquet",
    }
    assert configs["clean"] == {"train": ["clean/ALPHA-*.parquet"]}
    assert configs["all"]["train"] == ["data/*/train.parquet", "data/*/train-*.parquet"]
    assert configs["all"]["test"] == "data/*/test.parquet"


def test_other_limits_never_change_what_is_published(published: Published, root: Root) -> None:
    before = {name: Path(published.uri, name).read_bytes() for name in published.manifest.files}
    write_release(audited(root, {"ALPHA": 5}), root, {})
    assert {name: Path(published.uri, name).read_bytes() for name in published.manifest.files} == before


def test_all_that_reads_a_release_finds_all_files(published: Published, root: Root, tmp_path: Path) -> None:
    assert configurations(published, ("ALPHA",)) == {
        "train": SHARDS,
        "dev": ["data/ALPHA/dev.parquet"],
        "test": ["data/ALPHA/test.parquet"],
    }
    side = of_release(published)
    with connected(side) as connection:
        found = connection.execute(f"SELECT count(*) FROM {side.rows('ALPHA', 'train')}").fetchone()
    assert found == (48,)
    assert len((side.digest("ALPHA", "train") or "").split()) == 3
    ids = pl.concat([pl.read_parquet(published.local(name), columns=["id"]) for name in SHARDS])["id"].to_list()
    explored = opened(published, tmp_path).execute("SELECT id FROM samples WHERE split = 'train' ORDER BY nr")
    assert [id_ for (id_,) in explored.fetchall()] == ids
    assert in_release("ALPHA", "train", [ids[-1], "another"], root) == {ids[-1]: published.version}


@pytest.mark.slow
def test_datasets_and_croissant_load_the_shards(published: Published, tmp_path: Path) -> None:
    mlcroissant = pytest.importorskip("mlcroissant")
    code = f"""
from datasets import load_dataset
folder = {published.uri!r}
sizes = lambda name: {{split: len(rows) for split, rows in load_dataset(folder, name).items()}}
assert sizes("ALPHA") == {{"train": 48, "dev": 4, "test": 6}}, sizes("ALPHA")
assert sizes("all") == {{"train": 48, "dev": 4, "test": 11}}, sizes("all")
assert sizes("clean") == {{"train": 43}}, sizes("clean")
print(*load_dataset(folder, "ALPHA")["train"]["id"])
"""
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "cache")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    ids = pl.concat([pl.read_parquet(published.local(name), columns=["id"]) for name in SHARDS])["id"].to_list()
    assert done.stdout.split() == ids
    dataset = mlcroissant.Dataset(jsonld=f"{published.uri}/croissant.json")
    rows = list(dataset.records("ALPHA"))
    assert [row["ALPHA/split"] for row in rows].count(b"train") == 48
    assert len(rows) == 58
