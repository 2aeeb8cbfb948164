"""What a training will take: memory by part, and floating-point operations."""

from typing import NamedTuple

from schemas.finetune import Recipe
from tasks.model.finetune.activations import BF16, FP32, activations, targets
from tasks.model.finetune.architecture import Architecture


class Memory(NamedTuple):
    """Bytes on one device.

    The parts after the optimizer's states are not all there at once: gradients grow while activations go.

    Attributes:
        weights: all of them; frozen ones in bf16 if the recipe computes in it.
        optimizer: its states, in fp32: two moments for AdamW (Rajbhandari et al., 2020, ZeRO, section 3.1), row and
            column means for Adafactor (Shazeer and Stern, 2018).
        gradients: in fp32, of trained weights, and the copies that are exchanged between devices.
        activations: what the forward pass keeps for the backward pass.
        loss: what the loss needs while it is computed.
        update: what the optimizer needs while it changes the weights.
        accumulated: whether gradients are kept from batch to batch.
    """

    weights: int
    optimizer: int
    gradients: int
    activations: int
    loss: int
    update: int
    accumulated: bool

    @property
    def fixed(self) -> int:
        """What is there from the first step to the last."""
        return self.weights + self.optimizer

    @property
    def peak(self) -> int:
        """The most at any time: when the loss is computed, or when the weights change."""
        forward = self.activations + self.loss + (self.gradients if self.accumulated else 0)
        return self.fixed + max(forward, self.gradients + self.update)


class Estimate(NamedTuple):
    """What a training will take.

    Attributes:
        parameters: weights in all, adapters included.
        trained: those that change.
        memory: on one device.
        operations: floating-point operations of one token, forward and back.
    """

    parameters: int
    trained: int
    memory: Memory
    operations: int


def estimate(recipe: Recipe, shape: Architecture, device: str, processes: int = 1, shards: int = 1) -> Estimate:
    """Estimate a training.

    Args:
        recipe: how.
        shape: of the model.
        device: `cuda` or `cpu`.
        processes: that share a step, one a device.
        shards: into how many parts weights, gradients and states are divided (FSDP).
    """
    adapters = _adapters(recipe, shape)
    trained = adapters or shape.parameters
    weights = shape.parameters * (BF16 if adapters and recipe.precision == "bf16" else FP32) + adapters * FP32
    kept = activations(recipe, shape, device)
    copies = 2 if processes > shards else 1
    casts = BF16 * (shape.matrices + shape.embedding) if recipe.precision == "bf16" and not adapters else 0
    gathered = 0 if shards == 1 else FP32 * (shape.layer + shape.embedding)
    memory = Memory(
        weights=weights // shards + gathered,
        optimizer=_states(recipe, shape, adapters) // shards,
        gradients=FP32 * trained * copies // shards,
        activations=kept.held + (casts if shards == 1 else 0),  # autocast keeps the weights that it casts
        loss=kept.loss + (0 if adapters else FP32 * shape.embedding),
        update=_update(recipe, shape, adapters, device) // shards,
        accumulated=recipe.tokens_per_step > recipe.tokens_at_once * processes,
    )
    return Estimate(shape.parameters + adapters, trained, memory, operations(recipe, shape, adapters))


def operations(recipe: Recipe, shape: Architecture, adapters: int) -> int:
    """Floating-point operations of a token (Chowdhery et al., 2022, PaLM, appendix B).

    Two for each weight of a matrix forward, and four back: two toward the input, two toward the weight, which frozen
    weights do without. Attention: as many again for each pair of positions. Gradient checkpointing repeats the forward
    pass (Korthikanti et al., 2022, appendix A).
    """
    attention = shape.layers * shape.heads * shape.head * recipe.max_length
    forward = 2 * (shape.matrices + adapters) + 4 * attention
    head = 2 * shape.embedding
    backward = 2 * (shape.matrices + shape.embedding) + 8 * attention
    toward_weights = 4 * adapters if adapters else 2 * (shape.matrices + shape.embedding)
    return forward * (2 if recipe.gradient_checkpointing else 1) + head + backward + toward_weights


def _adapters(recipe: Recipe, shape: Architecture) -> int:
    """Weights of the adapters: two factors for each matrix (Hu et al., 2021)."""
    if recipe.lora is None:
        return 0
    chosen = [shape.linear[name] for name in targets(recipe, shape)]
    return shape.layers * recipe.lora.rank * sum(one + other for one, other in chosen)


def _matrices(shape: Architecture) -> list[tuple[int, int, int]]:
    """Rows, columns and number of all weights that are matrices."""
    ends = (shape.vocabulary, shape.width, 1 if shape.tied else 2)
    return [ends, *((*sides, shape.layers) for sides in shape.linear.values())]


def _states(recipe: Recipe, shape: Architecture, adapters: int) -> int:
    trained = adapters or shape.parameters
    if recipe.optimizer == "adamw":
        return 2 * FP32 * trained
    if adapters:
        assert recipe.lora is not None
        chosen = [shape.linear[name] for name in targets(recipe, shape)]
        return FP32 * shape.layers * sum(one + other + 2 * recipe.lora.rank for one, other in chosen)
    return FP32 * sum(number * (rows + columns) for rows, columns, number in _matrices(shape))


def _update(recipe: Recipe, shape: Architecture, adapters: int, device: str) -> int:
    """Adafactor and, on a CPU, AdamW change one weight after the other; on a GPU, AdamW changes all at once."""
    largest = 0 if adapters else shape.embedding
    if recipe.optimizer == "adafactor":
        return 3 * FP32 * largest
    return FP32 * (adapters or shape.parameters) if device == "cuda" else 2 * FP32 * largest
