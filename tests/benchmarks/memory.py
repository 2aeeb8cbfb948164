"""The estimate of a training's memory against what it takes on a CPU.

`python -m tests.benchmarks.memory MIXTURE [MODEL]`, in an environment with the extra `models`, trains decoders of
several sizes, all weights or adapters, each in a process of its own, and prints both as a table. MODEL: the folder of a
pretrained model, which is measured too.

The processes give freed memory back at once (`RETURNS`). By default the C library keeps part of it for later, and they
take up to half more.
"""

import json
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import psutil

from tasks.base.store.root import Root
from tasks.model.finetune import base
from tasks.model.finetune.architecture import of
from tasks.model.finetune.estimate import estimate
from tasks.model.finetune.plan import Plan, make_plan
from tasks.model.finetune.recipe import load
from tests.benchmarks.measure import said

SIZES = {
    "20 M": "{vocabulary: 8192, layers: 8, width: 384, heads: 6, feed_forward: 1024}",
    "58 M": "{vocabulary: 16384, layers: 12, width: 576, heads: 9, feed_forward: 1536}",
}
WAYS = {
    "all": [],
    "all, checkpointing": ["gradient_checkpointing=true"],
    "all, Adafactor": ["optimizer=adafactor"],
    "all, bf16": ["precision=bf16"],
    "LoRA": ["lora={rank: 16, dropout: 0}"],
    "LoRA, dropout": ["lora={rank: 16, dropout: 0.05}"],
    "LoRA, checkpointing": ["lora={rank: 16, dropout: 0}", "gradient_checkpointing=true"],
}
RETURNS = {"MALLOC_MMAP_THRESHOLD_": "65536", "OMP_NUM_THREADS": "1"}
STEPS = ("max_steps=2", "tokens_per_step=2048", "tokens_at_once=1024", "log_every=1", "checkpoint_every=100")


class Peak:
    """The most memory of this process while a block runs, in bytes above what it had before."""

    bytes = 0


@contextmanager
def watched() -> Iterator[Peak]:
    """Look at the memory of this process every millisecond as long as the block runs."""
    peak, over, process = Peak(), threading.Event(), psutil.Process()
    before = process.memory_info().rss

    def look() -> None:
        while not over.wait(0.001):
            peak.bytes = max(peak.bytes, process.memory_info().rss - before)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        over.set()
        thread.join()


class Turn(NamedTuple):
    """One training: bytes at most, as estimated and as measured."""

    estimated: int
    measured: int


def planned(folder: str, mixture: str, settings: list[str]) -> Plan:
    """The plan of one training; adapters need a model that is there, so random weights are made first."""
    fixed = [f"mixture={mixture}", "evaluation=null", *STEPS]
    scratch = [setting for setting in settings if not setting.startswith("lora")]
    plan = make_plan(load("tiny_cpu", [*fixed, *scratch]), Root(folder), Path(folder))
    base.make(plan.base, plan.recipe, plan.mixture)
    if scratch == settings:
        return plan
    named = [f"model={plan.base.folder}", "scratch=null", *(s for s in settings if not s.startswith(("scr", "model")))]
    return make_plan(load("tiny_cpu", [*fixed, *named]), Root(folder), Path(folder))


def one(folder: str, mixture: str, settings: list[str]) -> Turn:
    """Train in this process."""
    import datasets  # noqa: F401 - imports are not part of the work
    import peft  # noqa: F401
    import torch
    import trl  # noqa: F401
    from trl.trainer.sft_trainer import SFTTrainer  # noqa: F401

    from tasks.model.finetune.train import train

    torch.set_num_threads(1)
    plan = planned(folder, mixture, settings)
    plan.folder.mkdir(exist_ok=True)
    shape = of(plan.recipe, plan.base.folder)
    assert shape is not None
    expected = estimate(plan.recipe, shape, "cpu")
    with watched() as peak:
        trained = train(plan)
    assert (trained.parameters, trained.trained_parameters) == (expected.parameters, expected.trained)
    return Turn(expected.memory.peak, peak.bytes)


def measured(mixture: str, *settings: str) -> Turn:
    """Train in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return Turn(**said("memory", "--one", folder, mixture, *settings))


def main(mixture: str, model: str | None) -> None:
    """Print the table."""
    os.environ.update(RETURNS)
    bases: dict[str, list[str]] = {name: [f"scratch={shape}"] for name, shape in SIZES.items()}
    if model:
        bases[Path(model).name] = [f"model={model}", "scratch=null"]
    print("| Model | Trained | Estimate | Measured | Difference |\n| --- | --- | ---: | ---: | ---: |")
    for name, settings in bases.items():
        for way, more in WAYS.items():
            turn = measured(mixture, *settings, *more)
            off = turn.estimated / turn.measured - 1
            sizes = f"{turn.estimated / 1e9:.2f} GB | {turn.measured / 1e9:.2f} GB"
            print(f"| {name} | {way} | {sizes} | {off:+.0%} |", flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "--one":
        done: dict[str, Any] = one(sys.argv[2], sys.argv[3], sys.argv[4:])._asdict()
        print(json.dumps(done))
    else:
        main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None)
