"""From the samples of a mixture to tokens, in the words in which `medinst evaluate` asks.

trl packs them. It is handed tokens, because only they show which samples are too long. Those are left out and counted:
cut inside an answer, they would teach wrong ones. At most `AT_ONCE` samples are in memory at a time; trl reads the file
that is written here through a memory map.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from schemas.errors import FinetuneError
from schemas.finetune import Recipe
from schemas.trained import Batch, Encoded
from tasks.model.evaluate.questions import as_text
from tasks.model.finetune.mixture import UNKNOWN, Mixture
from tasks.model.finetune.tokens import Encoder, Row, Text

AT_ONCE = 1000
"""Samples that are tokenized in one call."""

SCHEMA = pa.schema([("input_ids", pa.list_(pa.int32())), ("labels", pa.list_(pa.int32()))])
"""What trl reads: the tokens of a sample, and those whose loss counts."""

IGNORED = -100
"""Label of a token whose loss does not count."""


def asked(sample: dict[str, Any]) -> list[dict[str, str]]:
    """The conversation up to the answer of a sample: its examples, then the question."""
    said = [
        {"role": role, "content": words}
        for turn in sample.get("history") or ()
        for role, words in zip(("user", "assistant"), turn, strict=True)
    ]
    return [*said, {"role": "user", "content": f"{sample['instruction']}\n{sample['input']}"}]


def text(sample: dict[str, Any], tokenizer: Any) -> Text:
    """Write out a sample: through the model's chat template, or as plain lines where it has none."""
    said = asked(sample)
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
    samples, encoder = mixture.samples(recipe.samples, recipe.seed), Encoder(tokenizer)
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_stream(file, SCHEMA) as stream:
        while batch := list(islice(samples, AT_ONCE)):
            rows = zip(batch, encoder.rows([text(sample, tokenizer) for sample in batch]), strict=True)
            kept = [_labelled(row, recipe.answer_only) for sample, row in rows if tally.keeps(sample, row)]
            stream.write_batch(pa.RecordBatch.from_pylist(kept, schema=SCHEMA))
    counted = tally.counted()
    if not counted.samples:
        raise FinetuneError(
            f"All {sum(counted.too_long.values()):,} samples of {mixture.name!r} are longer than max_length, "
            f"{recipe.max_length:,} tokens; the longest has {counted.longest:,}. Give them room: --set "
            f"max_length={counted.longest} (with tokens_at_once and tokens_per_step of at least as many)."
        )
    return counted


def _labelled(row: Row, answer_only: bool) -> dict[str, list[int]]:
    hidden = row.answer if answer_only else 0
    return {"input_ids": row.ids, "labels": [IGNORED] * hidden + row.ids[hidden:]}


class _Tally:
    """Counts what is kept and what is too long."""

    def __init__(self, max_length: int) -> None:
        self.max_length = max_length
        self.tokens = self.answers = self.longest = 0
        self.kept: Counter[str] = Counter()
        self.too_long: Counter[str] = Counter()
        self.licences: dict[str, str] = {}

    def keeps(self, sample: dict[str, Any], row: Row) -> bool:
        """Count a sample; whether it fits."""
        task, tokens = sample.get("task") or UNKNOWN, len(row.ids)
        self.longest = max(self.longest, tokens)
        if tokens > self.max_length:
            self.too_long[task] += 1
            return False
        self.kept[task] += 1
        self.tokens += tokens
        self.answers += tokens - row.answer
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


def batch(recipe: Recipe, data: Encoded, processes: int = 1) -> Batch:
    """Divide the tokens of a step into batches.

    A packed sequence is as long as the context. Others are as long as the mean sample on average, and the device must
    bear a batch of the longest.

    Args:
        recipe: tokens of a step, and of a batch at most.
        data: how long samples are.
        processes: that share the step, one a device.

    Raises:
        FinetuneError: there are more processes than sequences in a step.
    """
    length = recipe.max_length if recipe.packing else data.tokens / data.samples
    share = recipe.tokens_per_step / processes
    if processes > 1 and share < length:
        raise FinetuneError(
            f"A step of {recipe.tokens_per_step:,} tokens has less than one sequence of {length:,.0f} for each of "
            f"{processes} processes. Start fewer, or --set tokens_per_step={round(processes * length)}"
        )
    sequences = max(1, min(recipe.tokens_at_once // recipe.max_length, round(share / length)))
    return Batch(sequences=sequences, accumulated=max(1, round(share / (sequences * length))), processes=processes)


def texts(samples: Iterable[dict[str, Any]]) -> Iterator[str]:
    """The words of samples, to train a tokenizer on."""
    for sample in samples:
        yield f"{sample['instruction']}\n{sample['input']}\n{sample['output']}"
