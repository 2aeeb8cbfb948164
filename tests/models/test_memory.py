"""The estimate of a training's memory against what a training takes."""

import sys

import pytest

pytest.importorskip("torch", reason="no torch here; make test-models brings it")

from tasks.base.store.root import Root
from tasks.model.finetune import mixture
from tests.benchmarks import memory


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured as glibc's allocator gives it back")
@pytest.mark.timeout(300)
@pytest.mark.parametrize("way", ["all", "LoRA, dropout", "all, checkpointing"])
def test_an_estimate_is_near_what_is_measured(root: Root, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    for name, value in memory.RETURNS.items():
        monkeypatch.setenv(name, value)
    (rows,) = mixture.find("merged_train_100k", root).files
    turn = memory.measured(str(rows), f"scratch={memory.SIZES['20 M']}", *memory.WAYS[way])
    assert turn.estimated == pytest.approx(turn.measured, rel=0.25)
