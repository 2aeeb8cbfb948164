"""Each ready-made recipe with a small model of its architecture: trl, peft and transformers take its fields."""

from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="no torch here; make test-models brings it")
transformers = pytest.importorskip("transformers", reason="no transformers here; make test-models brings it")

import peft  # noqa: E402
import trl  # noqa: E402
from safetensors import safe_open  # noqa: E402

from schemas.errors import FinetuneError  # noqa: E402
from tasks.base.store.root import Root  # noqa: E402
from tasks.model import strict_yaml  # noqa: E402
from tasks.model.finetune import architecture, base, data, loss, mixture, room  # noqa: E402
from tasks.model.finetune.estimate import estimate  # noqa: E402
from tasks.model.finetune.plan import make_plan  # noqa: E402
from tasks.model.finetune.recipe import load, recipes  # noqa: E402
from tasks.model.finetune.train import adapters, train  # noqa: E402

pytestmark = pytest.mark.filterwarnings("default")  # the libraries warn about themselves and each other

DECLARED = strict_yaml.load(architecture.DECLARED.read_text(encoding="utf-8"))
PRETRAINED = [name for name in recipes() if (recipe := load(name)).model and not recipe.reinforce]
SCALED = {
    "hidden_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 16,
    "intermediate_size": 96,
    "max_position_embeddings": 8192,
}
SIZES = (
    "revision=null",
    "mixture=merged_train_100k",
    "max_length=1024",
    "tokens_at_once=2048",
    "tokens_per_step=4096",
    "epochs=null",
    "max_steps=2",
    "log_every=1",
    "checkpoint_every=1",
    "evaluation=null",
)

CHATML = (
    "{% if messages[0]['role'] != 'system' %}<|im_start|>system\nYou answer briefly.<|im_end|>\n{% endif %}"
    "{% for turn in messages %}<|im_start|>{{ turn['role'] }}\n{{ turn['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
"""As SmolLM2 does, which adds a system message of its own."""

TEMPLATES = {
    "meta-llama/Meta-Llama-3-8B-Instruct": ("llama3", "<|begin_of_text|>", "<|eot_id|>"),
    "Qwen/Qwen3-8B": ("qwen3", "<|endoftext|>", "<|im_end|>"),
    "google/gemma-3-1b-it": ("gemma3", "<bos>", "<end_of_turn>"),
    "HuggingFaceTB/SmolLM2-1.7B-Instruct": (None, "<|im_start|>", "<|im_end|>"),
    "smollm2-135m": (None, "<|im_start|>", "<|im_end|>"),
}
"""Chat templates that trl brings, with the tokens at the beginning and at the end."""


@pytest.fixture(scope="module")
def scratch(root: Root, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tokenizer of the mixture."""
    recipe = load("tiny_cpu", ["scratch={vocabulary: 400, layers: 1, width: 32, heads: 2, feed_forward: 64}"])
    found = mixture.find(recipe.mixture, root)
    made = base.find(recipe, found, tmp_path_factory.mktemp("scratch"))
    base.make(made, recipe, found)
    return made.folder


def tokenizer_of(name: str, scratch: Path) -> Any:
    template, begin, end = TEMPLATES[name]
    tokenizer = transformers.AutoTokenizer.from_pretrained(scratch)
    tokenizer.add_special_tokens({"bos_token": begin, "eos_token": end})
    folder = Path(trl.__file__).parent / "chat_templates"
    tokenizer.chat_template = (folder / f"{template}.jinja").read_text(encoding="utf-8") if template else CHATML
    return tokenizer


def config_of(name: str, **changes: Any) -> Any:
    fields = {**DECLARED[name], **changes}
    return transformers.AutoConfig.for_model(fields.pop("model_type"), **fields)


# The estimate against the libraries


@pytest.mark.parametrize("name", PRETRAINED)
def test_weights_and_adapters_are_counted_as_transformers_and_peft_make_them(name: str) -> None:
    recipe = load(name)
    shape = architecture.of(recipe, None)
    assert shape is not None
    expected = estimate(recipe, shape, "cpu")
    with torch.device("meta"):
        model = transformers.AutoModelForCausalLM.from_config(config_of(str(recipe.model)))
        assert sum(weight.numel() for weight in model.parameters()) == shape.parameters
        if recipe.lora:
            model = peft.get_peft_model(model, adapters(recipe))
    trained = [(key, weight.numel()) for key, weight in model.named_parameters() if weight.requires_grad]
    assert sum(numel for _, numel in trained) == expected.trained
    if recipe.lora:
        layers = {key.split(".lora_")[0].rsplit(".", 1)[-1] for key, _ in trained}
        assert layers == set(shape.linear), "all matrices of a layer, and neither embedding nor head"
        assert len(trained) == 2 * 7 * shape.layers


# Two steps of each recipe


@pytest.mark.parametrize("name", PRETRAINED)
def test_a_recipe_trains_a_small_model_of_its_architecture(
    name: str, root: Root, scratch: Path, tmp_path: Path
) -> None:
    wanted = load(name)
    tokenizer = tokenizer_of(str(wanted.model), scratch)
    torch.manual_seed(0)
    config = config_of(str(wanted.model), vocab_size=len(tokenizer), **SCALED)
    model = transformers.AutoModelForCausalLM.from_config(config)
    model.generation_config.eos_token_id = tokenizer.eos_token_id
    model.save_pretrained(tmp_path / "model")
    tokenizer.save_pretrained(tmp_path / "model")

    recipe = load(name, [*SIZES, f"model={tmp_path / 'model'}"])
    told = {"model", "about", "hardware"}  # a replaced model makes the description untrue
    untouched = set(type(recipe).model_fields) - {setting.split("=")[0] for setting in SIZES} - told
    assert all(getattr(recipe, field) == getattr(wanted, field) for field in untouched)
    plan = make_plan(recipe, root, tmp_path / "out")
    plan.folder.mkdir(parents=True)
    trained = train(plan)
    shape = architecture.of(recipe, plan.base.folder)
    assert shape is not None
    expected = estimate(recipe, shape, "cpu")
    assert (trained.steps, trained.batch.sequences, trained.batch.accumulated) == (2, 2, 2)
    assert (trained.parameters, trained.trained_parameters) == (expected.parameters, expected.trained)
    assert all(0 < point.loss < 10 for point in loss.read(plan.folder / loss.LOG))
    weights = plan.folder / ("adapter_model.safetensors" if recipe.lora else "model.safetensors")
    with safe_open(weights, "pt") as file:
        layers = {key.split(".lora_")[0].rsplit(".", 1)[-1] for key in file.keys() if ".lora_" in key}  # noqa: SIM118
    assert layers == (set(shape.linear) if recipe.lora else set())


# Chat templates


@pytest.mark.parametrize("name", TEMPLATES)
@pytest.mark.parametrize("history", [[], [["One?", "1"], ["Two?", "2"]]])
def test_a_prompt_is_what_the_conversation_begins_with(name: str, history: list[list[str]], scratch: Path) -> None:
    tokenizer = tokenizer_of(name, scratch)
    sample = {"instruction": "Say it.", "input": "Three?", "output": "3 of them", "history": history}
    prompt, whole = data.text(sample, tokenizer)
    assert whole.startswith(prompt)
    answer = whole.removeprefix(prompt)
    assert "3 of them" in answer
    assert "Three?" not in answer
    assert tokenizer.eos_token in answer.split("3 of them")[1], "the model learns where to stop"
    assert prompt.count("Say it.\nThree?") == 1
    assert all(said in prompt for turn in history for said in turn)
    before = answer.split("3 of them")[0]
    assert before.strip() in ("", "<think>\n\n</think>"), "nothing but Qwen3's empty place for reasoning"
    begun = tokenizer(whole, add_special_tokens=False)["input_ids"]
    assert begun.count(tokenizer.bos_token_id) <= max(1, whole.count(tokenizer.bos_token)), "begun once"


# A full memory


def test_a_failed_allocation_says_what_to_set(tmp_path: Path) -> None:
    recipe = load("llama3_8b_lora")
    with (
        pytest.raises(FinetuneError, match=r"memory of the CPU is full: .* --set tokens_at_once=2048"),
        room.enough(recipe, tmp_path),
    ):
        torch.empty(10**15)
    with (
        pytest.raises(FinetuneError, match="is full: CUDA out of memory"),
        room.enough(recipe, tmp_path),
    ):
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
