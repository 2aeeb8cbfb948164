"""From the samples of a benchmark to questions, and their keys."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from schemas.evaluation import Asking, Question

COLUMNS = ("id", "task", "instruction", "input", "output", "history")


def questions(path: Path, asking: Asking, limit: int | None = None) -> Iterator[Question]:
    """The questions of a test set, in its order, a few at a time in memory.

    Args:
        path: the Parquet file of the test set.
        asking: what shapes the answers.
        limit: only so many.
    """
    left = limit
    for batch in pq.ParquetFile(path).iter_batches(256, columns=list(COLUMNS)):
        for row in batch.to_pylist():
            if left is not None:
                if not left:
                    return
                left -= 1
            yield question(row, asking)


def question(sample: dict[str, Any], asking: Asking) -> Question:
    """One sample as it is asked: the paper's prompt is instruction, line break, input, after the examples."""
    turns = tuple((user, assistant) for user, assistant in sample["history"]) if asking.shots else ()
    prompt = f"{sample['instruction']}\n{sample['input']}"
    shaping = [sample["id"], asking.model_dump(mode="json"), turns, prompt]
    return Question(
        key=hashlib.sha256(json.dumps(shaping, sort_keys=True).encode()).hexdigest()[:32],
        id=sample["id"],
        task=sample["task"],
        turns=turns,
        prompt=prompt,
        target=sample["output"],
    )


def messages(asked: Question, system: str) -> list[dict[str, str]]:
    """The conversation that a model gets."""
    said = [{"role": "system", "content": system}] if system else []
    for user, assistant in asked.turns:
        said += [{"role": "user", "content": user}, {"role": "assistant", "content": assistant}]
    return [*said, {"role": "user", "content": asked.prompt}]


def as_text(said: list[dict[str, str]]) -> str:
    """A conversation for a model without a chat template: its turns, then the line on which the answer begins."""
    return "\n\n".join(turn["content"] for turn in said) + "\n"
