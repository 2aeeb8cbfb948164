"""The precision of a recipe that leaves it to the device."""

from typing import Any, Literal

from schemas.finetune import Recipe


def settled(recipe: Recipe) -> Recipe:
    """The recipe with the precision that this device computes fast, where it says `auto`."""
    return recipe.model_copy(update={"precision": fast()}) if recipe.precision == "auto" else recipe


def fast() -> Literal["bf16", "fp32"]:
    """bf16 on devices that compute in it; elsewhere it is emulated, and takes three to eight times as long as fp32."""
    try:
        import torch  # pyright: ignore[reportMissingImports]
    except ImportError:
        return "bf16"  # an outline, of what a GPU would do
    if torch.cuda.is_available():
        return "bf16" if torch.cuda.is_bf16_supported(including_emulation=False) else "fp32"
    return "bf16" if torch.accelerator.is_available() or in_hardware(_capabilities(torch)) else "fp32"


def in_hardware(capabilities: dict[str, Any]) -> bool:
    """Whether a CPU has instructions for bf16 (AVX-512 BF16, AMX): oneDNN says yes to any with AVX-512."""
    return any(found is True for name, found in capabilities.items() if "bf16" in name)


def _capabilities(torch: Any) -> dict[str, Any]:
    return torch.cpu.get_capabilities() if hasattr(torch.cpu, "get_capabilities") else {}
