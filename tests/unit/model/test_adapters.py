"""Adapters find the model that they belong to, also after both have moved."""

import json
import shutil
from pathlib import Path

import pytest

from tasks.model import adapters as module
from tasks.model.adapters import adapted_by, are_adapters
from tasks.model.pretrained.find import Found
from tasks.model.pretrained.revision import digest


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A model, adapters trained on it with a receipt, and a snapshot of them."""
    folder = tmp_path / "root" / "models"
    for name in ("scratch-1a2b3c4d", "lora-5e6f/at-25"):
        (folder / name).mkdir(parents=True)
    (folder / "scratch-1a2b3c4d" / "config.json").write_text("{}")
    named = json.dumps({"base_model_name_or_path": str(folder / "scratch-1a2b3c4d")})
    for name in ("lora-5e6f", "lora-5e6f/at-25"):
        (folder / name / "adapter_config.json").write_text(named)
    (folder / "lora-5e6f" / "trained.json").write_text(json.dumps({"base": "random weights", "revision": "x"}))
    return folder


def test_it_is_the_folder_that_they_name(models: Path) -> None:
    for name in ("lora-5e6f", "lora-5e6f/at-25"):
        assert are_adapters(models / name)
        assert adapted_by(models / name) == models / "scratch-1a2b3c4d"
    assert not are_adapters(models / "scratch-1a2b3c4d")


def test_after_their_root_has_moved_it_is_beside_them(models: Path, tmp_path: Path) -> None:
    shutil.move(tmp_path / "root", tmp_path / "elsewhere")
    there = tmp_path / "elsewhere" / "models"
    for name in ("lora-5e6f", "lora-5e6f/at-25"):
        assert adapted_by(there / name) == there / "scratch-1a2b3c4d"


def test_a_fetched_model_is_found_by_its_name_as_long_as_it_is_the_same(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched = shutil.move(models / "scratch-1a2b3c4d", tmp_path / "smollm")
    receipt = {"base": "smollm2-135m", "revision": digest(fetched)}
    (models / "lora-5e6f" / "trained.json").write_text(json.dumps(receipt))
    monkeypatch.setattr(module, "find", lambda name: Found(fetched, None) if name == "smollm2-135m" else None)
    monkeypatch.setattr(module, "revision", lambda _: digest(fetched))
    for name in ("lora-5e6f", "lora-5e6f/at-25"):
        assert adapted_by(models / name) == fetched
    (fetched / "config.json").write_text('{"other": 1}')
    assert adapted_by(models / "lora-5e6f") is None


def test_a_model_that_only_the_hub_knows_has_no_folder(models: Path) -> None:
    (models / "lora-5e6f" / "adapter_config.json").write_text('{"base_model_name_or_path": "org/model"}')
    assert adapted_by(models / "lora-5e6f") is None
