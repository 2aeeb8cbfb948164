"""Every recipe that comes with this checkout is whole, pinned, and names what can be had; torch is not needed."""

import re

import pytest

from schemas.errors import FinetuneError
from schemas.finetune import Recipe
from tasks.model.benchmark.training import MIXTURES
from tasks.model.finetune.recipe import RECIPES, load, recipes
from tasks.model.pretrained.declared import declared

NAMES = recipes()


def test_the_promised_ones_are_there() -> None:
    assert {"llama3_8b_lora", "llama3_8b_full", "qwen3_lora", "tiny_cpu", "from_scratch", "smollm2_grpo"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_recipe_is_whole(name: str) -> None:
    recipe = load(name)
    assert recipe.name == name
    assert recipe.mixture in MIXTURES
    assert recipe.evaluation is not None
    # training on rewards begins with a model that was fine-tuned here; models with a name of ours are pinned by it
    if recipe.model and not recipe.reinforce and recipe.model not in declared():
        assert re.fullmatch(r"[0-9a-f]{40}", recipe.revision or ""), "pin the model's revision"


@pytest.mark.parametrize("name", NAMES)
def test_figures_say_where_they_come_from(name: str) -> None:
    text = (RECIPES.folder / f"{name}.yml").read_text(encoding="utf-8")
    assert re.search(r"^learning_rate: .*#", text, re.MULTILINE), "say whose learning rate this is"


def test_the_largest_from_scratch_is_what_it_says() -> None:
    scratch = load("from_scratch").scratch
    assert scratch is not None
    assert 10_000_000 < scratch.parameters < 120_000_000


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("learning_rat=1", "no field `learning_rat` (did you mean `learning_rate`?)"),
        ("scratch.layer=1", "no field `scratch.layer` (did you mean `layers`?)"),
        ("evaluation.zeal=1", "no field `evaluation.zeal` among tests, limit, shots, max_tokens"),
        ("learning_rate=0", "`learning_rate`: Input should be greater than 0, not 0"),
        ("learning_rate=fast", "`learning_rate`: Input should be a valid number"),
        ("mixture=null", "`mixture`: Input should be a valid string, not None"),
        ("precision=fp8", "`precision`: Input should be 'auto', 'bf16' or 'fp32', not 'fp8'"),
        ("model=gpt", "name either `model` or `scratch`, and not both"),
        ("epochs=1", "name either `epochs` or `max_steps`, and not both"),
        ("lora={}", "`lora` adapts weights that have learned something"),
        ("max_length=2048", "must fit into tokens_at_once (1,024)"),
        ("checkpoint_every=7", "must be a multiple of log_every (5)"),
        ("scratch.heads=3", "does not give each of 3 heads an even share"),
        ("scratch=null", "name either `model` or `scratch`, and not both"),
        ("learning_rate", "expected FIELD=VALUE"),
        ("attention=[", "is not YAML"),
    ],
)
def test_a_wrong_field_is_named(setting: str, said: str) -> None:
    with pytest.raises(FinetuneError) as error:
        load("tiny_cpu", [setting])
    assert said in str(error.value)


def test_settings_change_fields_however_deep() -> None:
    recipe = load("llama3_8b_lora", ["learning_rate=1e-4", "lora.rank=8", "lora.targets=[q_proj, v_proj]", "samples=5"])
    assert (recipe.learning_rate, recipe.samples) == (1e-4, 5)
    assert recipe.lora is not None
    assert (recipe.lora.rank, recipe.lora.alpha, recipe.lora.targets) == (8, 32, ("q_proj", "v_proj"))


def test_an_unknown_recipe_is_met_with_the_nearest(tmp_path) -> None:
    with pytest.raises(FinetuneError, match=r"no recipe `smallest` and no file .*\. Ready-made: from_scratch"):
        load("smallest")
    with pytest.raises(FinetuneError, match=r"did you mean `qwen3_lora`\?"):
        load("qwen_lora")
    own = tmp_path / "own.yml"
    own.write_text("- a list")
    with pytest.raises(FinetuneError, match="expected `field: value` lines, found list"):
        load(str(own))
    own.write_text("name: [")
    with pytest.raises(FinetuneError, match=r"own\.yml is not YAML"):
        load(str(own))
    own.write_text("name: own")
    with pytest.raises(FinetuneError, match="the field `about` is missing; the field `hardware` is missing"):
        load(str(own))


def test_what_only_describes_does_not_shape_the_weights() -> None:
    recipe: Recipe = load("tiny_cpu")
    for setting in ("about=other", "evaluation=null", "checkpoint_every=500", "report_to=[mlflow]"):
        assert load("tiny_cpu", [setting]).shaping == recipe.shaping
    assert load("tiny_cpu", ["seed=1"]).shaping != recipe.shaping
