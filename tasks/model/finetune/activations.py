"""Bytes that a forward pass keeps for the backward pass, as transformers' decoders, peft's adapters and trl's loss do.

The method is that of Korthikanti et al. (2022, Reducing activation recomputation in large transformer models, section
4): for each operation, count what autograd saves. Their formula is for GPT's layers; these are for RMSNorm, rotary
positions, a gated feed-forward and scaled-dot-product attention, which keeps no matrix of scores, but a
mask where packed samples share a sequence. The loss is computed in tiles of the vocabulary, so the logits are never
held as a whole.
"""

from typing import NamedTuple

from schemas.finetune import Recipe
from tasks.model.finetune.architecture import Architecture

FP32, BF16 = 4, 2

TOKENS, COLUMNS = 4096, 32_768
"""Rows and columns of a tile of logits in trl's loss at most."""

COPIES = {"cuda": 0.0, "cpu": 7.25}
"""Tiles in fp32 that the loss needs beside the one of logits: none in its Triton kernel, some in its torch code."""

MASK = {"cuda": 1, "cpu": 4}
"""Bytes of a value that dropout keeps to repeat what it dropped."""


class Activations(NamedTuple):
    """Bytes on one device.

    Attributes:
        held: what all layers keep, or, with gradient checkpointing, their inputs and what one layer keeps.
        loss: what the loss needs while it is computed.
    """

    held: int
    loss: int


def activations(recipe: Recipe, shape: Architecture, device: str) -> Activations:
    """Estimate what the batch that a device holds at once takes.

    Args:
        recipe: batch, precision, adapters, checkpointing.
        shape: of the model.
        device: `cuda` or `cpu`.
    """
    sequences = max(1, recipe.tokens_at_once // recipe.max_length)
    tokens = sequences * recipe.max_length
    number = FP32 if recipe.precision == "fp32" else BF16
    stream = BF16 if recipe.lora and recipe.precision == "bf16" else FP32
    layer = tokens * _layer(recipe, shape, device) + _mask(recipe, tokens, sequences, number)
    inputs = tokens * shape.width * stream
    held = shape.layers * inputs + layer if recipe.gradient_checkpointing else shape.layers * layer
    ends = 4 * inputs  # embedding, last norm, gradient of the loss
    tile = min(tokens, TOKENS) * min(shape.vocabulary, COLUMNS)
    loss = round(tile * (number + FP32 * COPIES[device]))
    return Activations(held + ends, loss)


def _layer(recipe: Recipe, shape: Architecture, device: str) -> int:
    """Bytes of a token in one layer."""
    number = FP32 if recipe.precision == "fp32" else BF16
    width, queries = shape.width, shape.heads * shape.head
    keys = queries if _has_mask(recipe) else shape.kv_heads * shape.head  # with a mask, keys and values are repeated
    attention = number * (2 * queries + 2 * keys)
    if recipe.lora:
        return FP32 * shape.normalized + attention + number * 3 * shape.feed_forward + _adapters(recipe, shape, device)
    inputs = 2 * width if recipe.precision == "fp32" else 5 * width  # autocast casts for each matrix anew
    return 2 * FP32 * shape.normalized + attention + number * (inputs + 4 * shape.feed_forward)


def _adapters(recipe: Recipe, shape: Architecture, device: str) -> int:
    """Bytes of a token that the adapters of one layer keep: their inputs, and what dropout left of them."""
    assert recipe.lora is not None
    number = FP32 if recipe.precision == "fp32" else BF16
    inputs = [shape.linear[name][0] for name in targets(recipe, shape)]
    if recipe.lora.dropout:
        return (MASK[device] + number) * sum(inputs)
    shared = 2 * shape.width + shape.feed_forward  # of the attention and of the two halves of the feed-forward
    return number * (min(shared, sum(inputs)) if recipe.precision == "fp32" else sum(inputs))


def targets(recipe: Recipe, shape: Architecture) -> list[str]:
    """The matrices of a layer that get an adapter."""
    assert recipe.lora is not None
    chosen = recipe.lora.targets
    return [name for name in shape.linear if chosen == "all-linear" or name in chosen]


def _has_mask(recipe: Recipe) -> bool:
    return recipe.attention == "sdpa"


def _mask(recipe: Recipe, tokens: int, sequences: int, number: int) -> int:
    """Bytes of the mask that each layer keeps: packed sequences are one row, others are rows of their own."""
    if not _has_mask(recipe):
        return 0
    return number * (tokens**2 if recipe.packing else tokens**2 // sequences)
