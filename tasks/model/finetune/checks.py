"""What shows, before anything is loaded, that a model cannot be trained by a recipe. Torch is not needed."""

import json
from pathlib import Path
from typing import Any

from schemas.errors import FinetuneError
from schemas.finetune import Recipe
from tasks.model.finetune.base import CONFIG, Base

_DECODERS = ("ForCausalLM", "LMHeadModel")
"""Ends of the names of architectures that continue a text."""

_CONTEXT = ("max_position_embeddings", "n_positions", "max_seq_len")
"""Fields of configurations for the longest input, in tokens."""

_WEIGHTS = ("*.safetensors", "pytorch_model*.bin")
_INDEXES = ("model.safetensors.index.json", "pytorch_model.bin.index.json")
_TOKENIZER = ("tokenizer.json", "tokenizer.model", "tokenizer_config.json", "vocab.json", "vocab.txt")


def check(base: Base, recipe: Recipe) -> None:
    """Check the folder of a model against a recipe.

    Raises:
        FinetuneError: it is not a decoder, is quantized, lacks weights or a tokenizer, or its context is too short.
    """
    if recipe.scratch or (base.adapters and not base.adapted):  # made when the training begins
        return
    config = _json(base.shape / CONFIG)
    _check_architecture(base, config)
    if not base.adapters:
        _check_files(base)
    context = next(((name, config[name]) for name in _CONTEXT if isinstance(config.get(name), int)), None)
    if context and recipe.max_length > context[1]:
        raise FinetuneError(
            f"{base.name}: the recipe's max_length is {recipe.max_length:,} tokens, but the model's context has "
            f"{context[1]:,} ({context[0]} in {CONFIG}). Lower it: --set max_length={context[1]}"
        )


def has_template(folder: Path) -> bool:
    """Whether the tokenizer in a folder has a chat template; without one, prompts are plain lines."""
    config = folder / "tokenizer_config.json"
    if config.is_file() and _json(config).get("chat_template"):
        return True
    return any((folder / name).exists() for name in ("chat_template.jinja", "chat_template.json"))


def _check_architecture(base: Base, config: dict[str, Any]) -> None:
    names = config.get("architectures") or []
    if names and not any(name.endswith(_DECODERS) for name in names):
        raise FinetuneError(
            f"{base.name}: expected a decoder of text (an architecture such as LlamaForCausalLM), found "
            f"{', '.join(names)} in {CONFIG}. Name another model: --set model=…"
        )
    if "quantization_config" in config:
        method = config["quantization_config"].get("quant_method", "quantized")
        raise FinetuneError(
            f"{base.name}: its weights are quantized ({method}), and quantized weights cannot be trained. Name the "
            "model that they were made from: --set model=…"
        )


def _check_files(base: Base) -> None:
    folder, fetch = base.folder, "Copy the whole folder again."
    if "/" in base.name:  # from the Hub
        fetch = f"Fetch it again: hf download {base.name} --revision {base.revision}"
    indexes = [folder / name for name in _INDEXES if (folder / name).is_file()]
    needed = {shard for index in indexes[:1] for shard in _json(index).get("weight_map", {}).values()}
    if missing := sorted(shard for shard in needed if not (folder / shard).is_file()):
        raise FinetuneError(
            f"{folder}: {len(missing)} of {len(needed)} files of weights are missing: {missing[0]}. {fetch}"
        )
    if not any(path.stat().st_size for pattern in _WEIGHTS for path in folder.glob(pattern)):
        raise FinetuneError(f"{folder} has no weights ({' or '.join(_WEIGHTS)}). {fetch}")
    if not any((folder / name).is_file() for name in _TOKENIZER):
        raise FinetuneError(f"{folder} has no tokenizer (tokenizer.json). {fetch}")


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FinetuneError(f"{path} cannot be read as JSON: {error}. Copy or fetch the model again.") from error
    if not isinstance(found, dict):
        raise FinetuneError(f"{path}: expected an object of JSON, found {type(found).__name__}.")
    return found
