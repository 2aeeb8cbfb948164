"""The shape of a decoder, read from its config.json: what an estimate of memory and operations needs."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from schemas.finetune import Recipe, Scratch
from tasks.model import strict_yaml

CONFIG = "config.json"
DECLARED = Path(__file__).with_name("architectures.yml")


class Family(NamedTuple):
    """What the decoders of a model type have beside rotary attention and a gated feed-forward of three matrices.

    Attributes:
        norms: RMSNorms of a layer as wide as the model.
        head_norms: whether queries and keys are normalized, head by head.
        biases: whether queries, keys and values have biases.
    """

    norms: int = 2
    head_norms: bool = False
    biases: bool = False


FAMILIES = {
    "llama": Family(),
    "mistral": Family(),
    "qwen2": Family(biases=True),
    "qwen3": Family(head_norms=True),
    "gemma3_text": Family(norms=4, head_norms=True),
}
"""Those whose weights and activations the formulas describe."""


class Architecture(NamedTuple):
    """A decoder.

    Attributes:
        width: of the embedding and of the stream between layers.
        heads: of queries.
        kv_heads: of keys and values.
        head: width of one head.
        feed_forward: width between the two halves of a layer.
        tied: whether the embedding is also the head.
    """

    family: Family
    vocabulary: int
    width: int
    layers: int
    heads: int
    kv_heads: int
    head: int
    feed_forward: int
    tied: bool

    @property
    def linear(self) -> dict[str, tuple[int, int]]:
        """The matrices of a layer: name -> width of what goes in and of what comes out."""
        queries, keys = self.heads * self.head, self.kv_heads * self.head
        return {
            "q_proj": (self.width, queries),
            "k_proj": (self.width, keys),
            "v_proj": (self.width, keys),
            "o_proj": (queries, self.width),
            "gate_proj": (self.width, self.feed_forward),
            "up_proj": (self.width, self.feed_forward),
            "down_proj": (self.feed_forward, self.width),
        }

    @property
    def normalized(self) -> int:
        """Values of a token that the norms of a layer take in."""
        heads = (self.heads + self.kv_heads) * self.head if self.family.head_norms else 0
        return self.family.norms * self.width + heads

    @property
    def matrices(self) -> int:
        """Weights of the matrices of all layers."""
        return self.layers * sum(one * other for one, other in self.linear.values())

    @property
    def embedding(self) -> int:
        """Weights of the embedding, and as many of the head."""
        return self.vocabulary * self.width

    @property
    def layer(self) -> int:
        """Weights of one layer."""
        norms = self.family.norms * self.width + (2 * self.head if self.family.head_norms else 0)
        biases = (self.heads + 2 * self.kv_heads) * self.head if self.family.biases else 0
        return self.matrices // self.layers + norms + biases

    @property
    def parameters(self) -> int:
        """Weights in all."""
        return self.embedding * (1 if self.tied else 2) + self.layers * self.layer + self.width


def of(recipe: Recipe, folder: Path | None) -> Architecture | None:
    """The architecture that a recipe trains; None if it is not known, or not one that the formulas describe.

    Args:
        recipe: has the shape of random weights, or names a model.
        folder: of the model's files; None, or without a config.json, if they are not there: the name may be declared.
    """
    if recipe.scratch:
        return _of_scratch(recipe.scratch)
    if folder and (folder / CONFIG).is_file():
        try:
            return from_config(json.loads((folder / CONFIG).read_text(encoding="utf-8")))
        except (ValueError, KeyError):
            return None  # loading the model says what is wrong with it
    declared = strict_yaml.load(DECLARED.read_text(encoding="utf-8"))
    return from_config(declared[recipe.model]) if recipe.model in declared else None


def from_config(config: Mapping[str, Any]) -> Architecture | None:
    """Read the fields of a config.json; None if its model type is not one of `FAMILIES`."""
    family = FAMILIES.get(config.get("model_type", ""))
    if family is None:
        return None
    width, heads = config["hidden_size"], config["num_attention_heads"]
    return Architecture(
        family=family,
        vocabulary=config["vocab_size"],
        width=width,
        layers=config["num_hidden_layers"],
        heads=heads,
        kv_heads=config.get("num_key_value_heads") or heads,
        head=config.get("head_dim") or width // heads,
        feed_forward=config["intermediate_size"],
        tied=bool(config.get("tie_word_embeddings", config["model_type"] == "gemma3_text")),
    )


def _of_scratch(scratch: Scratch) -> Architecture:
    return Architecture(
        family=FAMILIES["llama"],
        vocabulary=scratch.vocabulary,
        width=scratch.width,
        layers=scratch.layers,
        heads=scratch.heads,
        kv_heads=scratch.heads,
        head=scratch.width // scratch.heads,
        feed_forward=scratch.feed_forward,
        tied=True,
    )
