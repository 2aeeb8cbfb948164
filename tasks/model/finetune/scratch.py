"""An untrained model: a tokenizer trained on the mixture, and a decoder with random weights."""

from pathlib import Path
from typing import Any

from schemas.finetune import Recipe, Scratch
from tasks.model.finetune.data import texts
from tasks.model.finetune.mixture import Mixture
from tasks.model.quiet import quiet

END, PADDING = "<end>", "<pad>"
SEEN = 20_000
"""Samples that the tokenizer is trained on at most."""


def make_base(recipe: Recipe, mixture: Mixture, folder: Path) -> None:
    """Write tokenizer and weights into a folder; equal recipes and mixtures give equal bytes."""
    import torch  # pyright: ignore[reportMissingImports]

    assert recipe.scratch is not None
    transformers = quiet()
    tokenizer = _tokenizer(recipe.scratch, mixture, recipe)
    torch.manual_seed(recipe.seed)
    model = transformers.LlamaForCausalLM(_config(recipe.scratch, recipe.max_length, tokenizer))
    model.generation_config.eos_token_id = tokenizer.eos_token_id
    model.generation_config.pad_token_id = tokenizer.pad_token_id
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def _config(scratch: Scratch, context: int, tokenizer: Any) -> Any:
    import transformers  # pyright: ignore[reportMissingImports]

    return transformers.LlamaConfig(
        vocab_size=scratch.vocabulary,
        hidden_size=scratch.width,
        intermediate_size=scratch.feed_forward,
        num_hidden_layers=scratch.layers,
        num_attention_heads=scratch.heads,
        num_key_value_heads=scratch.heads,
        max_position_embeddings=context,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )


def _tokenizer(scratch: Scratch, mixture: Mixture, recipe: Recipe) -> Any:
    """Byte-level BPE, so that no text has an unknown token."""
    import transformers  # pyright: ignore[reportMissingImports]
    from tokenizers import (  # pyright: ignore[reportMissingImports]
        Tokenizer,
        decoders,
        models,
        pre_tokenizers,
        trainers,
    )

    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=scratch.vocabulary,
        special_tokens=[PADDING, END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    seen = min(SEEN, recipe.samples or SEEN)
    made.train_from_iterator(texts(mixture.samples(seen, recipe.seed)), trainer)
    return transformers.PreTrainedTokenizerFast(tokenizer_object=made, eos_token=END, pad_token=PADDING)
