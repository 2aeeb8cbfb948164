"""The precision of a recipe that leaves it to the device."""

import pytest

from tasks.model.finetune import precision
from tasks.model.finetune.precision import in_hardware, settled
from tasks.model.finetune.recipe import load, recipes

AVX_512 = {"cpu_name": "Xeon", "avx512_f": True, "avx512_bw": True, "avx512_bf16": False, "amx_bf16": False}


@pytest.mark.parametrize(
    ("capabilities", "expected"),
    [
        (AVX_512, False),
        (AVX_512 | {"avx512_bf16": True}, True),
        (AVX_512 | {"amx_bf16": True, "amx_tile": True}, True),
        ({"architecture": "aarch64", "bf16": True}, True),
        ({}, False),
    ],
)
def test_a_cpu_computes_bf16_only_with_instructions_for_it(capabilities: dict[str, object], expected: bool) -> None:
    assert in_hardware(capabilities) is expected


@pytest.mark.parametrize("fast", ["bf16", "fp32"])
def test_only_a_recipe_that_leaves_it_open_follows_the_device(fast: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precision, "fast", lambda: fast)
    for name in recipes():
        recipe = load(name)
        found = settled(recipe)
        assert found.precision == (fast if recipe.precision == "auto" else recipe.precision)
        assert found.model_copy(update={"precision": recipe.precision}) == recipe
    assert {name for name in recipes() if load(name).precision == "auto"} == {"smollm2_135m_lora", "smollm2_135m_full"}
