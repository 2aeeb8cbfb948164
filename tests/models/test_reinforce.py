"""Training on rewards: it goes on after kill -9, begins with adapters, and stops where nothing is learned."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="no torch here; make test-models brings it")
transformers = pytest.importorskip("transformers", reason="no transformers here; make test-models brings it")

from schemas.errors import FinetuneError  # noqa: E402
from schemas.trained import Trained  # noqa: E402
from tasks.base.store.root import Root  # noqa: E402
from tasks.model.evaluate.backends import backend  # noqa: E402
from tasks.model.export.verifiable import judged  # noqa: E402
from tasks.model.finetune import base, card, checkpoints, loss, mixture, watch  # noqa: E402
from tasks.model.finetune import reinforce as reinforcing  # noqa: E402
from tasks.model.finetune.plan import Plan, make_plan  # noqa: E402
from tasks.model.finetune.recipe import load  # noqa: E402
from tasks.model.finetune.reinforce import reinforce  # noqa: E402
from tasks.model.finetune.rollouts import LOG, Step  # noqa: E402
from tasks.model.finetune.train import train as fine_tune  # noqa: E402
from tasks.model.score.declared import definition  # noqa: E402
from tests.support.guesser import make_guesser  # noqa: E402
from tests.support.places import CHECKOUT  # noqa: E402

pytestmark = pytest.mark.filterwarnings("default")  # the libraries warn about themselves and each other

SMALL = (
    "mixture=merged_train_100k",
    "lora=null",
    "precision=fp32",
    "learning_rate=2e-3",
    "reinforce={prompts: 2, completions: 4, max_tokens: 6, kinds: [label], held_out: 2}",
    "max_length=600",
    "max_steps=6",
    "checkpoint_every=2",
    "evaluation=null",
)
WEIGHTS = "model.safetensors"
CONFIG = '{"base_model_name_or_path": "/nowhere", "peft_type": "LORA"}'


@pytest.fixture(scope="module")
def guesser(root: Root, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that answers with labels, by chance."""
    samples = [(each, definition(each["task"])) for each in mixture.find("merged_train_100k", root).samples()]
    asked = [(f"{each['instruction']}\n{each['input']}", judged(each, task, None)[0]) for each, task in samples]
    folder = tmp_path_factory.mktemp("guesser")
    make_guesser([(text, told) for text, told in asked if told and task_kind(told) == "label"], folder, steps=40)
    return folder


def task_kind(verifier: str) -> str:
    return verifier.split('"kind": "')[1].split('"', maxsplit=1)[0]


def planned(root: Root, out: Path, model: Path, *settings: str) -> Plan:
    plan = make_plan(load("smollm2_grpo", (*SMALL, f"model={model}", *settings)), root, out)
    base.make(plan.base, plan.recipe, plan.mixture)
    plan.folder.mkdir(parents=True, exist_ok=True)
    return plan


KILLED = """
import sys
from pathlib import Path
from tasks.base.store.root import Root
from tests.models.test_reinforce import planned
from tasks.model.finetune.reinforce import reinforce
reinforce(planned(Root(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])))
"""


@pytest.mark.timeout(600)
def test_a_killed_training_goes_on_and_ends_as_one_that_was_not(root: Root, guesser: Path, tmp_path: Path) -> None:
    killed = planned(root, tmp_path / "killed", guesser)
    call = [sys.executable, "-c", KILLED, str(root.url), str(tmp_path / "killed"), str(guesser)]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(call, cwd=CHECKOUT, env=environment, start_new_session=True) as process:
        end = time.monotonic() + 300
        while not (killed.folder / "checkpoint-2" / checkpoints.MARK).exists():
            assert process.poll() is None, "it ended before its time"
            assert time.monotonic() < end, "it takes too long"
            time.sleep(0.005)
        os.killpg(process.pid, signal.SIGKILL)
    assert killed.trained is None, "it ended before it could be killed"
    assert watch.saved(killed.folder)
    torn = killed.folder / "checkpoint-9999"
    torn.mkdir()

    torch.set_num_threads(1)
    whole = planned(root, tmp_path / "whole", guesser)
    trained, again = reinforce(whole), reinforce(killed)
    assert again == trained
    assert (whole.folder / WEIGHTS).read_bytes() == (killed.folder / WEIGHTS).read_bytes()
    assert (whole.folder / WEIGHTS).read_bytes() != (guesser / WEIGHTS).read_bytes()
    logs = [[each._replace(seconds=0) for each in loss.read(plan.folder / LOG, Step)] for plan in (whole, killed)]
    assert logs[0] == logs[1]
    assert [each.step for each in logs[0]] == [1, 2, 3, 4, 5, 6]
    assert not list(killed.folder.glob("checkpoint-*"))
    assert watch.saved(killed.folder) is None
    _is_told(killed, trained)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("moment", ["the answers after it are asked", "checkpoints are removed"])
def test_a_training_that_is_killed_after_its_last_step_takes_no_further_one(
    moment: str, root: Root, guesser: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch.set_num_threads(1)
    plans = [planned(root, tmp_path / name, guesser, "max_steps=2") for name in ("whole", "killed")]
    whole = reinforce(plans[0])

    def kill(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        owner, name = {
            "the answers after it are asked": (reinforcing.room, "held"),
            "checkpoints are removed": (reinforcing.checkpoints, "remove_all"),
        }[moment]
        patch.setattr(owner, name, kill)
        with pytest.raises(KeyboardInterrupt):
            reinforce(plans[1])
    again = reinforce(plans[1])
    assert again == whole
    assert again.steps == 2
    assert again.family
    assert len({(plan.folder / WEIGHTS).read_bytes() for plan in plans}) == 1
    names = [{path.name for path in plan.folder.iterdir()} for plan in plans]
    assert names[0] == names[1]


def _is_told(plan: Plan, trained: Trained) -> None:
    """The receipt and the card say what was trained, and against what it is to be measured."""
    assert trained.reinforced is not None
    assert trained.reinforced.watched is not None
    assert trained.reinforced.watched.prompts == 2
    assert trained.data.samples == trained.reinforced.prompts
    assert trained.reinforced.left_out["not among the tasks and kinds of the recipe"]
    card.keep(plan, trained, None)
    text = (plan.folder / card.CARD).read_text()
    assert "learned from the rewards of its own answers (GRPO)" in text
    assert "honest baseline" in text
    assert "last loss" not in text
    assert "Mean reward" in (plan.folder / "rewards.html").read_text()
    (plan.folder / WEIGHTS).unlink()
    assert reinforce(plan) == trained, "a training that ended is not repeated"


def test_a_training_begins_with_adapters_and_makes_others(root: Root, guesser: Path, tmp_path: Path) -> None:
    length = ("max_length=600", "tokens_at_once=600", "tokens_per_step=600")
    brief = ("lora={rank: 2, dropout: 0}", "max_steps=2", "log_every=1", "checkpoint_every=2", "evaluation=null")
    sft = make_plan(load("tiny_cpu", (f"model={guesser}", "scratch=null", *length, *brief)), root, tmp_path)
    sft.folder.mkdir(parents=True)
    taught = fine_tune(sft)
    more = ("max_steps=1", "reinforce.beta=0.1", "reinforce.at_once=4", "precision=bf16")
    plan = planned(root, tmp_path, sft.folder, "lora={rank: 2, dropout: 0}", *more)
    assert plan.base.name == sft.folder.name
    assert plan.base.folder.name.startswith("merged-")
    trained = reinforce(plan)
    assert trained.before == taught.data.licences
    before = taught.data.tasks.keys() - trained.data.tasks.keys()
    assert before, "only labels are trained on by rewards"
    assert before <= trained.licences.keys(), "what the adapters were trained on counts as seen"
    assert 0 < trained.trained_parameters < trained.parameters / 4
    assert trained.reinforced is not None
    assert trained.reinforced.kl is not None
    asked = plan.recipe.model_copy(update={"evaluation": load("tiny_cpu").evaluation})
    adapted = backend(plan._replace(recipe=asked).asking(plan.folder), None, 1)
    names = [name for name, _ in adapted.model.named_parameters()]  # pyright: ignore[reportAttributeAccessIssue]
    assert any("lora_A" in name for name in names)


def test_adapters_without_their_model_are_refused(root: Root, tmp_path: Path) -> None:
    (tmp_path / "adapters").mkdir()
    (tmp_path / "adapters" / "adapter_config.json").write_text(
        '{"base_model_name_or_path": "/nowhere", "peft_type": "LORA"}'
    )
    with pytest.raises(
        FinetuneError, match=r"adapters: these adapters cannot be merged into the model that adapter_conf"
    ):
        planned(root, tmp_path, tmp_path / "adapters")


# What goes wrong


def test_a_model_that_never_earns_anything_is_said_to_learn_nothing(root: Root, guesser: Path, tmp_path: Path) -> None:
    mute = tmp_path / "mute"
    transformers.AutoTokenizer.from_pretrained(guesser).save_pretrained(mute)
    model = transformers.AutoModelForCausalLM.from_pretrained(guesser)
    model.lm_head.weight.data.zero_()  # every token is as likely as any other
    model.save_pretrained(mute)
    plan = planned(root, tmp_path, mute, "max_steps=12", "reinforce.prompts=1", "reinforce.completions=2")
    with pytest.raises(
        FinetuneError, match=r"earned the same \(mean reward 0\.000\), so nothing can be learned; most "
    ):
        reinforce(plan)
    assert loss.read(plan.folder / LOG, Step)[-1].step == 10
    assert plan.trained is None


def test_weights_that_are_no_numbers_end_the_training(root: Root, guesser: Path, tmp_path: Path) -> None:
    plan = planned(root, tmp_path, guesser, "learning_rate=1e30", "warm_up=0")
    with pytest.raises(FinetuneError, match=r"the training stopped: .*(nan|finite).*\(--set learning_rate=3e\+29"):
        reinforce(plan)
    assert plan.trained is None


def test_prompts_longer_than_the_context_are_refused(root: Root, guesser: Path, tmp_path: Path) -> None:
    with pytest.raises(FinetuneError, match=r"max_length is 100,000 tokens, .* has 2,048 .*--set max_length=2048"):
        planned(root, tmp_path, guesser, "max_length=100000")
