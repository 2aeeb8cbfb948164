"""A fine-tuning that is killed in each of its phases, one after another, ends with the bytes of one that was not."""

import json
import shutil
import signal
from pathlib import Path

import pytest

pytest.importorskip("trl", reason="no trl here; make test-models brings it")

from tasks.base.store.root import Root
from tasks.model.finetune import loss
from tasks.model.finetune.plan import COST, make_plan
from tasks.model.finetune.recipe import load
from tests.support.kills import Moment, run

pytestmark = pytest.mark.filterwarnings("default")  # the libraries warn about themselves and each other

SETTINGS = (
    "scratch.vocabulary=300",
    "scratch.layers=1",
    "scratch.width=32",
    "scratch.feed_forward=64",
    "mixture=merged_train_100k",
    "max_length=512",
    "tokens_at_once=512",
    "tokens_per_step=512",
    "log_every=1",
    "checkpoint_every=2",
    "max_steps=6",
    "evaluation={limit: 2, shots: false, max_tokens: 4, tests: [AnEM, BIOSSES]}",
)

PHASES = {
    "the random weights are made": Moment("tasks.model.finetune.scratch:_config"),
    "samples are tokenized": Moment("tasks.model.finetune.tokens:Encoder.rows", after=True),
    "samples are packed": Moment("trl.trainer.sft_trainer:pack_dataset", after=True),
    "no checkpoint is there": Moment("tasks.model.finetune.loss:Curve.add", 1, after=True),
    "the weights of a checkpoint are written": Moment("transformers.modeling_utils:safe_save_file"),
    "the optimizer of a checkpoint is written": Moment("torch:save"),
    "a checkpoint is not marked": Moment("tasks.model.finetune.checkpoints:mark"),
    "a checkpoint is whole": Moment("tasks.model.finetune.checkpoints:mark", after=True),
    "steps after a checkpoint are logged": Moment("tasks.model.finetune.loss:Curve.add", 1, after=True),
    "the next checkpoint is written": Moment("tasks.model.finetune.checkpoints:mark", 1),
    "the last checkpoint is written": Moment("tasks.model.finetune.checkpoints:mark", 2, after=True),
    "the model is saved": Moment("transformers.modeling_utils:safe_save_file"),
    "the model is there": Moment("tasks.model.finetune.room:held"),
    "the receipt is not": Moment("tasks.model.finetune.train:receipt", after=True),
    "checkpoints are removed": Moment("tasks.model.finetune.checkpoints:remove_all"),
    "the base model answers": Moment("tasks.model.evaluate.local:Local._keep", 2, after=True),
    "the trained model answers": Moment("tasks.model.evaluate.local:Local._keep", 4, after=True),
    "the comparison is written": Moment("tasks.model.finetune.compare:keep"),
    "the card is written": Moment("tasks.model.finetune.card:write_notices"),
    "a file of the card is half written": Moment("pathlib:Path.replace"),
    "the manifest is written": Moment("tasks.model.finetune.card:seal"),
    "everything is there": Moment("tasks.model.finetune.card:seal", after=True),
}


def kept(folder: Path) -> dict[str, bytes]:
    """What a model consists of, without the time that it took."""
    told = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    del told[COST], told[".lock"]
    told[loss.LOG] = json.dumps([point._replace(seconds=0) for point in loss.read(folder / loss.LOG)]).encode()
    return told


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_training_may_be_killed_in_every_phase(root: Root, tmp_path: Path) -> None:
    place = tmp_path / "models"  # of both: names of evaluations follow from the paths of models
    folder = make_plan(load("tiny_cpu", SETTINGS), root, place).folder
    assert run(root.url, str(place), SETTINGS) == 0
    whole = kept(folder)
    shutil.rmtree(place)
    for phase, moment in PHASES.items():
        assert run(root.url, str(place), SETTINGS, moment) == -signal.SIGKILL, f"not killed while {phase}"
    assert run(root.url, str(place), SETTINGS) == 0
    killed = kept(folder)
    assert killed.keys() == whole.keys()
    assert [name for name in whole if killed[name] != whole[name]] == []
    assert [path.name for path in place.iterdir() if ".part-" in path.name] == []
