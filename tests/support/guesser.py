"""A tiny model that has learned to answer with a label of the task, but not with which. Needs torch."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
import transformers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from medinst_eval.rewards.verifier import read

STEPS = 150


def make_guesser(
    asked: Sequence[tuple[str, str]], folder: Path, longest: int | None = None, steps: int = STEPS
) -> None:
    """Write a guesser and its tokenizer into a folder.

    Args:
        asked: texts of prompts, and their verifiers as JSON; the tokenizer learns all of them.
        folder: where to.
        longest: tokens of the longest prompt that the model learns from; None: any.
        steps: of its training.
    """
    tokenizer = _tokenizer([text for text, _ in asked])
    tokenizer.save_pretrained(folder)
    config = transformers.LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=2,
        eos_token_id=1,
        pad_token_id=2,
    )
    torch.set_num_threads(1)
    transformers.set_seed(0)
    whole = transformers.LlamaForCausalLM(config)
    short = [each for each in asked if longest is None or len(tokenizer(each[0])["input_ids"]) < longest]
    _learn(whole, tokenizer, short, steps)
    whole.save_pretrained(folder)


def _learn(whole: transformers.LlamaForCausalLM, tokenizer: Any, asked: list[tuple[str, str]], steps: int) -> None:
    """Train a model to answer with a label of the task, each as often as the others."""
    dice = random.Random(0)
    optimizer = torch.optim.AdamW(whole.parameters(), lr=3e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total_steps=steps)
    for _ in range(steps):
        chosen = dice.choices(asked, k=16)
        texts = [text + "\n" for text, _ in chosen]
        answers = [dice.choice(read(verifier).labels) + tokenizer.eos_token for _, verifier in chosen]
        batch = tokenizer([*map(str.__add__, texts, answers)], return_tensors="pt", padding=True)
        labels = batch["input_ids"].masked_fill(batch["attention_mask"] == 0, -100)
        for row, text in zip(labels, texts, strict=True):
            row[: len(tokenizer(text)["input_ids"])] = -100
        whole(**batch, labels=labels).loss.backward()
        torch.nn.utils.clip_grad_norm_(whole.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()


def _tokenizer(texts: Sequence[str]) -> transformers.PreTrainedTokenizerFast:
    made = Tokenizer(models.BPE(unk_token="<unk>"))
    made.pre_tokenizer, made.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    letters = pre_tokenizers.ByteLevel.alphabet()
    special = ["<unk>", "</s>", "<pad>"]
    made.train_from_iterator(
        texts, trainers.BpeTrainer(vocab_size=4000, special_tokens=special, initial_alphabet=letters)
    )
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=made, unk_token="<unk>", eos_token="</s>", pad_token="<pad>"
    )
