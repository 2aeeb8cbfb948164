"""Libraries that read a release: datasets and mlcroissant."""

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from schemas.sample import SAMPLE_COLUMNS
from tests.support.released import tree


@pytest.mark.heavy
def test_datasets_loads_it_offline(release, tmp_path):
    code = f"""
from datasets import get_dataset_config_names, load_dataset
folder = {release.uri!r}
assert get_dataset_config_names(folder) == ["all", "ALPHA", "BETA-1.x"]
found = load_dataset(folder, "ALPHA")
assert {{split: len(rows) for split, rows in found.items()}} == {{"train": 48, "dev": 4, "test": 6}}, found
assert list(found["dev"].features) == {list(SAMPLE_COLUMNS)!r}
assert found["dev"][0]["task"] == "ALPHA"
assert load_dataset(folder, "BETA-1.x").keys() == {{"test"}}
every = load_dataset(folder, "all")
assert {{split: len(rows) for split, rows in every.items()}} == {{"train": 48, "dev": 4, "test": 11}}
"""
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "cache")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.heavy
def test_croissant_validates_and_loads(release):
    mlcroissant = pytest.importorskip("mlcroissant")
    dataset = mlcroissant.Dataset(jsonld=f"{release.uri}/croissant.json")
    issues = dataset.metadata.ctx.issues
    assert (issues.errors, issues.warnings) == (set(), set())
    rows = list(dataset.records("ALPHA"))
    assert [row["ALPHA/split"] for row in rows].count(b"train") == 48
    assert len(rows) == 58
    assert all(row["ALPHA/task"] == b"ALPHA" for row in rows)
    assert len(list(dataset.records("BETA-1.x", filters={"BETA-1.x/split": "test"}))) == 5
    assert {file.id: file.sha256 for file in dataset.metadata.file_objects} == {
        name: sha256(data).hexdigest() for name, data in tree(Path(release.uri)).items() if name.endswith(".parquet")
    }
