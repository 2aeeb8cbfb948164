"""What a training is estimated to take, whether it fits, and the dry run that tells a user so, all without torch."""

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.processes import _failed
from schemas.errors import FinetuneError
from schemas.trained import Encoded
from tasks.model import strict_yaml
from tasks.model.finetune import accelerated, architecture, room
from tasks.model.finetune.architecture import Architecture
from tasks.model.finetune.data import batch
from tasks.model.finetune.estimate import Memory, estimate
from tasks.model.finetune.recipe import load, recipes
from tasks.model.finetune.room import Room
from tests.support.places import CHECKOUT

PUBLISHED = {
    "meta-llama/Meta-Llama-3-8B-Instruct": 8_030_261_248,
    "Qwen/Qwen3-8B": 8_190_735_360,
    "google/gemma-3-1b-it": 999_885_952,
    "HuggingFaceTB/SmolLM2-1.7B-Instruct": 1_711_376_384,
}
GB = 10**9


def declared(name: str) -> Architecture:
    fields = strict_yaml.load(architecture.DECLARED.read_text(encoding="utf-8"))
    shape = architecture.from_config(fields[name])
    assert shape is not None
    return shape


def memory(recipe: str, *settings: str, device: str = "cuda", processes: int = 1, shards: int = 1) -> Memory:
    chosen = load(recipe, settings)
    shape = architecture.of(chosen, None)
    assert shape is not None
    return estimate(chosen, shape, device, processes, shards).memory


# Architectures


@pytest.mark.parametrize(("name", "parameters"), PUBLISHED.items())
def test_declared_models_have_as_many_weights_as_published(name: str, parameters: int) -> None:
    assert declared(name).parameters == parameters


def test_every_ready_made_recipe_has_an_estimate() -> None:
    for name in (name for name in recipes() if load(name).reinforce is None):  # those begin with a model made here
        assert architecture.of(load(name), None) is not None, f"{name}: declare its model in architectures.yml"


def test_random_weights_are_counted_as_the_recipe_counts_them() -> None:
    recipe = load("tiny_cpu")
    shape = architecture.of(recipe, None)
    assert shape is not None
    assert recipe.scratch is not None
    assert shape.parameters == recipe.scratch.parameters


def test_a_model_that_is_there_is_read_from_its_config(tmp_path: Path) -> None:
    fields = {"model_type": "llama", "vocab_size": 10, "hidden_size": 8, "num_hidden_layers": 1,
              "num_attention_heads": 2, "intermediate_size": 16}  # fmt: skip
    recipe = load("llama3_8b_lora")
    (tmp_path / "config.json").write_text(json.dumps(fields))
    shape = architecture.of(recipe, tmp_path)
    assert shape is not None
    assert (shape.kv_heads, shape.head, shape.tied) == (2, 4, False), "what is not said follows from the rest"
    (tmp_path / "config.json").write_text(json.dumps({**fields, "model_type": "mamba"}))
    assert architecture.of(recipe, tmp_path) is None
    for broken in ("{", '{"model_type": "llama"}'):
        (tmp_path / "config.json").write_text(broken)
        assert architecture.of(recipe, tmp_path) is None, "loading the model says what is wrong with it"


# Memory and operations


def test_optimizers_keep_what_their_papers_say() -> None:
    weights = PUBLISHED["meta-llama/Meta-Llama-3-8B-Instruct"]
    assert memory("llama3_8b_full", "optimizer=adamw").optimizer == 8 * weights
    assert memory("llama3_8b_full").optimizer < weights / 100, "rows and columns alone"
    assert memory("llama3_8b_full").weights == memory("llama3_8b_full").gradients == 4 * weights
    lora = memory("llama3_8b_lora")
    adapters = 16 * 32 * (4 * 4096 + 2 * 4096 + 2 * 1024 + 2 * 4096 + 3 * (4096 + 14336) - 2 * 4096)
    assert lora.weights == 2 * weights + 4 * adapters
    assert (lora.gradients, lora.optimizer) == (4 * adapters, 8 * adapters)


@pytest.mark.parametrize("device", ["cuda", "cpu"])
@pytest.mark.parametrize(
    ("recipe", "more", "less"),
    [
        ("llama3_8b_lora", "gradient_checkpointing=false", "gradient_checkpointing=true"),
        ("llama3_8b_lora", "tokens_at_once=8192", "tokens_at_once=2048"),
        ("llama3_8b_lora", "precision=fp32", "precision=bf16"),
        ("llama3_8b_lora", "lora=null", "lora={rank: 16}"),
        ("llama3_8b_lora", "lora.rank=256", "lora.rank=8"),
        ("llama3_8b_lora", "lora.targets=all-linear", "lora.targets=[q_proj, v_proj]"),
        ("llama3_8b_full", "optimizer=adamw", "optimizer=adafactor"),
        ("from_scratch", "attention=sdpa", "attention=flash_attention_2"),
    ],
)
def test_what_saves_memory_is_estimated_to_save_it(recipe: str, more: str, less: str, device: str) -> None:
    assert memory(recipe, more, device=device).peak > 1.01 * memory(recipe, less, device=device).peak


def test_processes_share_the_weights_only_if_they_are_told_to() -> None:
    alone, copied = memory("llama3_8b_full"), memory("llama3_8b_full", processes=8)
    shared = memory("llama3_8b_full", processes=8, shards=8)
    assert copied.weights == alone.weights
    assert copied.gradients == 2 * alone.gradients, "a copy is exchanged"
    assert shared.gradients == alone.gradients // 8
    assert shared.peak < 40 * GB < alone.peak < 141 * GB


def test_operations_are_six_for_each_weight_and_two_more_to_repeat_the_forward_pass() -> None:
    recipe = load("smollm2_1b_full", ["max_length=1", "gradient_checkpointing=false"])
    shape = architecture.of(recipe, None)
    assert shape is not None
    matrices = shape.matrices + shape.embedding
    assert estimate(recipe, shape, "cuda").operations == pytest.approx(6 * matrices, rel=0.001)
    again = recipe.model_copy(update={"gradient_checkpointing": True})
    assert estimate(again, shape, "cuda").operations == pytest.approx(6 * matrices + 2 * shape.matrices, rel=0.001)
    lora = load("llama3_8b_lora", ["max_length=1", "gradient_checkpointing=false"])
    llama = declared("meta-llama/Meta-Llama-3-8B-Instruct")
    assert estimate(lora, llama, "cuda").operations == pytest.approx(4 * (llama.matrices + llama.embedding), rel=0.03)


# Whether it fits


def test_a_training_that_does_not_fit_is_told_with_what_makes_it_fit() -> None:
    recipe = load("llama3_8b_full", ["optimizer=adamw"])
    shape = declared("meta-llama/Meta-Llama-3-8B-Instruct")
    said = room.warning(recipe, shape, Room("cuda", "GPU", 141 * GB, 141 * GB, 1))
    assert "may not fit: GPU has 141.0 GB free. Try --set optimizer=adafactor, estimated at" in said
    said = room.warning(recipe, shape, Room("cuda", "GPU", 30 * GB, 30 * GB, 1))
    assert 'Try --set "lora={rank: 16}" --set learning_rate=5e-05, estimated at' in said
    said = room.warning(recipe, shape, Room("cuda", "GPU", 8 * GB, 8 * GB, 1))
    assert "would take" in said
    assert "--accelerate" in said
    assert room.warning(recipe, shape, Room("cuda", "GPU", 500 * GB, 500 * GB, 1)) == ""


def test_a_training_that_cannot_fit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "room", lambda _=1: Room("cuda", "GPU", 24 * GB, 24 * GB, 1))
    with pytest.raises(FinetuneError, match=r"llama3_8b_full: weights and optimizer states take 32\.1 GB, and GPU has"):
        room.require(load("llama3_8b_full"), None)
    room.require(load("llama3_8b_full"), None, processes=8, shards=8)
    room.require(load("llama3_8b_lora"), None)


def test_a_full_memory_is_an_error_that_says_what_to_set() -> None:
    recipe = load("llama3_8b_lora")
    for error in (RuntimeError("CUDA out of memory. Tried to allocate 2 GiB"), MemoryError()):
        with pytest.raises(FinetuneError, match=r"is full: .*--set tokens_at_once=2048"), room.enough(recipe, None):
            raise error
    with pytest.raises(RuntimeError, match="shapes differ"), room.enough(recipe, None):
        raise RuntimeError("shapes differ")


# Several processes


def test_a_step_has_the_same_tokens_whatever_the_number_of_processes() -> None:
    recipe = load("llama3_8b_lora")
    counted = Encoded(samples=100, tokens=50_000, answer_tokens=0, longest=9, too_long={}, tasks={}, licences={})
    for processes in (1, 2, 4, 8, 16, 32):
        dealt = batch(recipe, counted, processes)
        assert dealt.sequences * dealt.accumulated * dealt.processes * 2048 == 65_536
        assert dealt.sequences <= 4
    with pytest.raises(FinetuneError, match=r"less than one sequence of 2,048 .* tokens_per_step=131072"):
        batch(recipe, counted, 64)


def test_configurations_of_accelerate_are_read(tmp_path: Path) -> None:
    ready = {path.stem: accelerated.read(path) for path in (CHECKOUT / "deployments" / "accelerate").glob("*.yaml")}
    told = {name: (launch.processes, launch.shards, launch.cpu) for name, launch in ready.items()}
    assert told == {
        "cpu_2": (2, 1, True),
        "ddp_2": (2, 1, False),
        "ddp_4": (4, 1, False),
        "ddp_8": (8, 1, False),
        "fsdp_8": (8, 8, False),
    }
    for text, why in (
        ("num_processes: 1\ndistributed_type: 'NO'\n", "num_processes is 1. Leave --accelerate out"),
        ("[", "not a configuration of accelerate"),
        ("machine_rank: 0\n", "it needs num_processes and distributed_type"),
    ):
        (tmp_path / "a.yaml").write_text(text)
        with pytest.raises(FinetuneError, match=why):
            accelerated.read(tmp_path / "a.yaml")
    with pytest.raises(FinetuneError, match="cannot be read: No such file"):
        accelerated.read(tmp_path / "none.yaml")


def test_a_process_that_fails_is_quoted_and_its_output_kept(tmp_path: Path) -> None:
    output = tmp_path / "processes.log"
    output.write_text(
        "W0101 torchrun\n[rank1]: Traceback (most recent call last):\n[rank1]:   File x, line 1\n"
        "[rank1]: torch.distributed.DistNetworkError: the port is in use\nE0101 failed\n"
    )
    assert _failed(output, 1) == (
        "A process of the training failed: torch.distributed.DistNetworkError: the port is in use. "
        f"What the processes said is in {output}"
    )
    output.write_text("nothing")
    assert "failed: exit code 9." in _failed(output, 9)


# The dry run


def ran(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["finetune", *arguments, "--dry-run"])
    assert done.exit_code == 0, done.output
    return " ".join(done.output.split())


@pytest.mark.heavy  # it loads what all others need
def test_a_dry_run_needs_neither_model_nor_mixture_and_says_what_is_missing(tmp_path: Path) -> None:
    said = ran("gemma3_lora", "--root", str(tmp_path / "root"))
    assert "google/gemma-3-1b-it, 1,012,931,712 weights, adapters of rank 16: 13,045,760 trained" in said
    assert "2 epochs, steps of 65,536 tokens: 1 device(s) × 4 sequence(s) of 2,048 tokens × 8 accumulated" in said
    assert "floating-point operations a step" in said
    assert "weights │ 2.1 GB" in said
    assert "no mixture `unseen_train_100k`" in said
    assert "medinst model fetch gemma3-1b" in said
    assert not (tmp_path / "root").exists()


def test_a_dry_run_estimates_the_steps_and_divides_them(tmp_path: Path) -> None:
    rows = {"instruction": ["Say."] * 512, "input": ["x" * 4091] * 512, "output": ["y"] * 512}
    pl.DataFrame(rows).write_parquet(tmp_path / "rows.parquet")
    setting = ("--set", f"mixture={tmp_path / 'rows.parquet'}", "--root", str(tmp_path / "root"))
    said = ran("llama3_8b_full", *setting, "--accelerate", str(CHECKOUT / "deployments" / "accelerate" / "fsdp_8.yaml"))
    assert "about 8 steps of 131,072 tokens: 8 device(s) × 2 sequence(s) of 4,096 tokens × 2 accumulated" in said
    assert "512 samples" in said
    assert "in all" in said
    assert "128 of them drawn" in ran("llama3_8b_full", *setting, "--limit", "128")
