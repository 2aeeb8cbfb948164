"""The GRPO recipe of the documentation, on rows as `medinst export --format rl` writes them: the reward rises."""

import importlib.util
import json
import random
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

pytest.importorskip("trl", reason="no trl here; make test-models brings it")

import datasets
import torch
import transformers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from medinst_eval.rewards import Verifier, reward
from medinst_eval.rewards.verifier import read
from tasks.base.store.root import Root
from tasks.model.export.dataset import find_dataset
from tasks.model.export.write import Options, export
from tasks.model.mixture.recipe import load
from tasks.model.mixture.write import write_mixture
from tests.support.gathering import gather
from tests.support.places import CHECKOUT, DEMO

pytestmark = pytest.mark.filterwarnings("default")  # the libraries warn about themselves and each other

SOURCES = ["covert", "healthver", "mediqa_rqe", "pubmedqa", "scicite", "scifact", "scitail"]
SEEDS = (1, 2)
STEPS, LAST = 40, 8
LONGEST = 125
"""Tokens of the longest prompt: a CPU has to read them."""
COLUMNS = ("prompt", "messages", "ground_truth", "verifier", "task", "source", "licence", "id")


@pytest.fixture(scope="module")
def recipe() -> ModuleType:
    """The script, as a module."""
    place = CHECKOUT / "docs" / "examples" / "grpo.py"
    spec = importlib.util.spec_from_file_location("grpo", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rows of tasks whose answers are labels, from the miniatures."""
    state = gather(tmp_path_factory.mktemp("rows"), DEMO, SOURCES)
    drawn = write_mixture(state, load("merged_train_100k", ["rows=60", "limits={}"]))
    root = Root(state.order.root)
    return Path(export(find_dataset(drawn.version, root), Options("rl"), root).uri)


@pytest.fixture(scope="module")
def model(rows: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that has learned to answer with a label, but not with which: each of its examples has one by chance."""
    folder = tmp_path_factory.mktemp("model")
    asked = datasets.load_dataset(str(rows), split="train")
    tokenizer = _tokenizer([turn["content"] for row in asked for turn in row["prompt"]])
    asked = asked.filter(lambda row: len(tokenizer(row["prompt"][0]["content"])["input_ids"]) < LONGEST)
    tokenizer.save_pretrained(folder)
    config = transformers.LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=2,
        eos_token_id=1,
        pad_token_id=2,
    )
    torch.set_num_threads(1)
    transformers.set_seed(0)
    whole = transformers.LlamaForCausalLM(config)
    _learn(whole, tokenizer, list(asked))
    whole.save_pretrained(folder)
    return folder


def _learn(whole: transformers.LlamaForCausalLM, tokenizer: Any, asked: list[dict[str, Any]]) -> None:
    """Train a model to answer with a label of the task, each as often as the others."""
    dice = random.Random(0)
    steps = 150
    optimizer = torch.optim.AdamW(whole.parameters(), lr=3e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total_steps=steps)
    for _ in range(steps):
        chosen = dice.choices(asked, k=16)
        texts = [row["prompt"][0]["content"] + "\n" for row in chosen]
        answers = [dice.choice(read(row["verifier"]).labels) + tokenizer.eos_token for row in chosen]
        batch = tokenizer([*map(str.__add__, texts, answers)], return_tensors="pt", padding=True)
        labels = batch["input_ids"].masked_fill(batch["attention_mask"] == 0, -100)
        for row, text in zip(labels, texts, strict=True):
            row[: len(tokenizer(text)["input_ids"])] = -100
        whole(**batch, labels=labels).loss.backward()
        torch.nn.utils.clip_grad_norm_(whole.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()


def _tokenizer(texts: list[str]) -> transformers.PreTrainedTokenizerFast:
    made = Tokenizer(models.BPE(unk_token="<unk>"))
    made.pre_tokenizer, made.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    letters = pre_tokenizers.ByteLevel.alphabet()
    special = ["<unk>", "</s>", "<pad>"]
    made.train_from_iterator(
        texts, trainers.BpeTrainer(vocab_size=4000, special_tokens=special, initial_alphabet=letters)
    )
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=made, unk_token="<unk>", eos_token="</s>", pad_token="<pad>"
    )


def test_rows_load_with_their_verifiers_and_their_answers_earn_everything(rows: Path) -> None:
    found = datasets.load_dataset(str(rows), split="train")
    assert {"prompt", "messages", "ground_truth", "verifier", "task", "source", "licence", "id"} == set(
        found.column_names
    )
    for row in found:
        assert row["prompt"] == row["messages"]
        assert [turn["role"] for turn in row["prompt"]] == ["user"]
        assert isinstance(read(row["verifier"]), Verifier)
        assert reward(row["ground_truth"], row) == 1


@pytest.fixture(scope="module")
def questions(rows: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first row of each task: so few that a tiny model can learn their answers."""
    found = {row["task"]: row for row in list(datasets.load_dataset(str(rows), split="train"))[::-1]}
    assert len(found) >= 6
    folder = tmp_path_factory.mktemp("questions")
    lines = (json.dumps(row) + "\n" for row in found.values())
    (folder / "train.jsonl").write_text("".join(lines), encoding="utf-8")
    return folder


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_reward_rises(seed: int, recipe: ModuleType, questions: Path, model: Path, tmp_path: Path) -> None:
    options = f"--steps {STEPS} --no-lora --seed {seed} --learning-rate 2e-3 --max-answer 8 --max-prompt 150"
    log = recipe.main([str(model), str(questions), "--out", str(tmp_path), *options.split()])
    first, last = (sum(step["reward"] for step in part) / LAST for part in (log[:LAST], log[-LAST:]))
    print(f"seed {seed}: {first:.3f} -> {last:.3f}")
    assert 0.1 < first < 0.7, "the model knows the form of the answers, and guesses"
    assert last > first + 0.15
    assert sum(step["empty"] + step["unread"] + step["padded"] for step in log[-LAST:]) / LAST < 0.2
    assert (tmp_path / recipe.LOG).read_text().count("\n") == STEPS
    transformers.AutoModelForCausalLM.from_pretrained(tmp_path)
