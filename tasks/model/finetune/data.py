"""From the samples of a mixture to tokens, in the words in which `medinst evaluate` asks.

trl masks what stands before the answer and packs; it is handed tokens, because only they show which samples are
longer than the context. Those are left out and counted: cut inside an answer, they would teach wrong ones.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from schemas.errors import FinetuneError
from schemas.finetune import Recipe
from schemas.trained import Batch, Encoded
from tasks.model.evaluate.questions import as_text
from tasks.model.finetune.mixture import UNKNOWN, Mixture

AT_ONCE = 1000
"""Samples that are tokenized in one call."""

SCHEMA = pa.schema([("input_ids", pa.list_(pa.int32())), ("completion_mask", pa.list_(pa.int8()))])
"""What trl reads: the tokens of a sample, and 1 for each of its answer."""


class Text(NamedTuple):
    """A sample as a model reads it, up to its answer and with it."""

    prompt: str
    whole: str


def text(sample: dict[str, Any], tokenizer: Any) -> Text:
    """Write out a sample: through the model's chat template, or as plain lines where it has none."""
    said = [
        {"role": role, "content": words}
        for turn in sample.get("history") or ()
        for role, words in zip(("user", "assistant"), turn, strict=True)
    ]
    said.append({"role": "user", "content": f"{sample['instruction']}\n{sample['input']}"})
    if not tokenizer.chat_template:
        prompt = as_text(said)
        return Text(prompt, prompt + sample["output"] + tokenizer.eos_token)
    answered = [*said, {"role": "assistant", "content": sample["output"]}]
    return Text(
        str(tokenizer.apply_chat_template(said, tokenize=False, add_generation_prompt=True)),
        str(tokenizer.apply_chat_template(answered, tokenize=False)),
    )


def encode(mixture: Mixture, tokenizer: Any, recipe: Recipe, path: Path) -> Encoded:
    """Write the tokens of a mixture into an Arrow stream.

    Args:
        mixture: what is trained on.
        tokenizer: of the model.
        recipe: how long a sample may be, and how many there are.
        path: the file.

    Raises:
        FinetuneError: no sample is short enough.
    """
    tally = _Tally(recipe.max_length)
    samples = mixture.samples(recipe.samples, recipe.seed)
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_stream(file, SCHEMA) as stream:
        while batch := list(islice(samples, AT_ONCE)):
            kept = [row for sample, row in _tokens(batch, tokenizer) if tally.keeps(sample, row)]
            stream.write_batch(pa.RecordBatch.from_pylist(kept, schema=SCHEMA))
    counted = tally.counted()
    if not counted.samples:
        raise FinetuneError(
            f"All {sum(counted.too_long.values()):,} samples of {mixture.name!r} are longer than max_length, "
            f"{recipe.max_length:,} tokens; the longest has {counted.longest:,}. Give them room: --set "
            f"max_length={counted.longest} (with tokens_at_once and tokens_per_step of at least as many)."
        )
    return counted


def _tokens(batch: list[dict[str, Any]], tokenizer: Any) -> Iterator[tuple[dict[str, Any], dict[str, list[int]]]]:
    """The tokens of samples; the answer begins where prompt and whole part, as trl sees it."""
    texts = [text(sample, tokenizer) for sample in batch]
    begun = bool(tokenizer.chat_template)  # a template writes the token of the beginning itself
    prompts, wholes = (
        tokenizer(list(column), add_special_tokens=not begun, verbose=False)["input_ids"]
        for column in zip(*texts, strict=True)
    )
    for sample, prompt, whole in zip(batch, prompts, wholes, strict=True):
        common = _common(prompt, whole)
        yield sample, {"input_ids": whole, "completion_mask": [0] * common + [1] * (len(whole) - common)}


def _common(one: list[int], other: list[int]) -> int:
    """Tokens with which both begin."""
    if other[: len(one)] == one:
        return len(one)
    return next(place for place, (left, right) in enumerate(zip(one, other, strict=False)) if left != right)


class _Tally:
    """Counts what is kept and what is too long."""

    def __init__(self, max_length: int) -> None:
        self.max_length = max_length
        self.tokens = self.answers = self.longest = 0
        self.kept: Counter[str] = Counter()
        self.too_long: Counter[str] = Counter()
        self.licences: dict[str, str] = {}

    def keeps(self, sample: dict[str, Any], row: dict[str, list[int]]) -> bool:
        """Count a sample; whether it fits."""
        task, tokens = sample.get("task") or UNKNOWN, len(row["input_ids"])
        self.longest = max(self.longest, tokens)
        if tokens > self.max_length:
            self.too_long[task] += 1
            return False
        self.kept[task] += 1
        self.tokens += tokens
        self.answers += sum(row["completion_mask"])
        self.licences[task] = sample.get("licence") or UNKNOWN
        return True

    def counted(self) -> Encoded:
        """What was counted."""
        return Encoded(
            samples=self.kept.total(),
            tokens=self.tokens,
            answer_tokens=self.answers,
            longest=self.longest,
            too_long=_sorted(self.too_long),
            tasks=_sorted(self.kept),
            licences=dict(sorted(self.licences.items())),
        )


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items()))


def batch(recipe: Recipe, data: Encoded) -> Batch:
    """Divide the tokens of a step into batches.

    A packed sequence is as long as the context. Others are as long as the mean sample on average, and the device must
    bear a batch of the longest.
    """
    sequences = max(1, recipe.tokens_at_once // recipe.max_length)
    length = recipe.max_length if recipe.packing else data.tokens / data.samples
    return Batch(sequences=sequences, accumulated=max(1, round(recipe.tokens_per_step / (sequences * length))))


def texts(samples: Iterable[dict[str, Any]]) -> Iterator[str]:
    """The words of samples, to train a tokenizer on."""
    for sample in samples:
        yield f"{sample['instruction']}\n{sample['input']}\n{sample['output']}"
