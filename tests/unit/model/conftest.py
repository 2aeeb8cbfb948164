"""What tests of evaluations share."""

from pathlib import Path

import pytest

from tasks.model.evaluate import endpoint


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first wait before another attempt takes no time."""
    monkeypatch.setattr(endpoint, "FIRST_WAIT", 0.01)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A log of predictions that is not there yet."""
    return tmp_path / "evaluation" / "predictions.jsonl"
