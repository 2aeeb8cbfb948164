"""A training in two processes (gloo): it learns what one process learns, and each file is written once."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="no torch here; make test-models brings it")

import psutil
from safetensors.numpy import load_file

from flows.processes import train_together
from schemas.errors import FinetuneError
from tasks.base.store.root import Root
from tasks.model.finetune import accelerated, base, checkpoints, loss
from tasks.model.finetune.plan import Plan, make_plan
from tasks.model.finetune.recipe import load
from tasks.model.finetune.train import train
from tests.support.places import CHECKOUT

pytestmark = pytest.mark.filterwarnings("default")  # the libraries warn about themselves and each other

TWO = CHECKOUT / "deployments" / "accelerate" / "cpu_2.yaml"
SETTINGS = (
    "scratch={vocabulary: 300, layers: 1, width: 32, heads: 2, feed_forward: 64}",
    "max_length=1024",
    "tokens_at_once=1024",
    "tokens_per_step=2048",
    "log_every=1",
    "checkpoint_every=2",
    "max_steps=4",
    "evaluation=null",
)


@pytest.fixture(autouse=True)
def _one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")


def planned(root: Root, out: Path, *settings: str) -> Plan:
    plan = make_plan(load("tiny_cpu", (*SETTINGS, *settings)), root, out)
    base.make(plan.base, plan.recipe, plan.mixture)
    plan.folder.mkdir(parents=True, exist_ok=True)
    return plan


@pytest.mark.timeout(300)
def test_two_processes_learn_what_one_learns(root: Root, tmp_path: Path) -> None:
    alone, together = planned(root, tmp_path / "one"), planned(root, tmp_path / "two")
    heard: list[tuple[int, int]] = []
    stop = loss.listen(lambda point, steps: heard.append((point.step, steps)))
    trained = train_together(together, accelerated.read(TWO))
    stop()
    assert heard == [(step, 4) for step in range(1, 5)], "this process hears of each step once"
    expected = train(alone)
    assert (trained.batch.sequences, trained.batch.accumulated, trained.batch.processes) == (1, 1, 2)
    assert expected.batch.accumulated == 2
    assert (trained.tokens, trained.data, trained.steps) == (expected.tokens, expected.data, 4)
    points = [loss.read(plan.folder / loss.LOG) for plan in (together, alone)]
    assert [point.step for point in points[0]] == [1, 2, 3, 4]
    assert points[0][-1].epoch < 1, "at the end of an epoch, accelerate fills the last batch with samples of the first"
    for one, other in zip(*points, strict=True):
        assert one.loss == pytest.approx(other.loss, abs=1e-5)
        assert one.gradient == pytest.approx(other.gradient, abs=1e-4)
        assert one.tokens == other.tokens
    files = [sorted(path.name for path in plan.folder.iterdir()) for plan in (together, alone)]
    assert files[0] == files[1]
    weights = [load_file(plan.folder / "model.safetensors") for plan in (together, alone)]
    assert all(abs(weights[0][name] - weights[1][name]).max() < 1e-4 for name in weights[1])
    assert train_together(together, accelerated.read(TWO)) == trained, "what ended is not repeated"


STARTS = """
import sys
from pathlib import Path
from flows.processes import train_together
from tasks.model.finetune import accelerated
from tests.models.test_processes import TWO, Root, planned
train_together(planned(Root(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:]), accelerated.read(TWO))
"""


@pytest.mark.timeout(400)
def test_killed_processes_leave_a_checkpoint_and_no_orphan(root: Root, tmp_path: Path) -> None:
    plan = planned(root, tmp_path, "max_steps=20")
    call = [sys.executable, "-c", STARTS, root.url, str(tmp_path), "max_steps=20"]
    with subprocess.Popen(call, cwd=CHECKOUT, env={**os.environ}, start_new_session=True) as process:
        end = time.monotonic() + 200
        while not (plan.folder / "checkpoint-4" / checkpoints.MARK).exists():
            assert process.poll() is None, "it ended before its time"
            assert time.monotonic() < end, "it takes too long"
            time.sleep(0.02)
        children = psutil.Process(process.pid).children(recursive=True)
        os.kill(process.pid, signal.SIGKILL)
    assert len(children) >= 3, "the launcher and its two processes"
    _, living = psutil.wait_procs(children, timeout=30)
    for child in living:
        child.kill()
    assert not living, "they end with the process that started them"
    last = checkpoints.last_whole(plan.folder)
    assert last is not None
    assert len(list(last.glob("rng_state_*.pth"))) == 2, "the mark is written when both have written their part"
    trained = train_together(plan, accelerated.read(TWO))
    assert trained.steps == 20
    assert [point.step for point in loss.read(plan.folder / loss.LOG)] == list(range(1, 21))


@pytest.mark.timeout(200)
def test_what_fails_in_a_process_is_told_by_this_one(root: Root, tmp_path: Path) -> None:
    plan = planned(root, tmp_path, "max_length=5")
    with pytest.raises(FinetuneError, match="are longer than max_length, 5 tokens"):
        train_together(plan, accelerated.read(TWO))


def test_more_processes_than_gpus_are_refused(root: Root, tmp_path: Path) -> None:
    import torch

    if torch.cuda.device_count() >= 8:
        pytest.skip("this machine has eight GPUs")
    eight = accelerated.read(TWO.with_name("ddp_8.yaml"))
    with pytest.raises(FinetuneError, match="starts 8 processes, one a GPU, and this machine has"):
        train_together(planned(root, tmp_path), eight)
