"""From the samples of a benchmark to questions, and their keys."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from schemas.evaluation import Asking, Question
from tasks.base.store.frames import read
from tasks.base.store.hashing import halves
from tasks.model.evaluate.variation import Variation

SEED = 2024
"""Of the draw of some samples of a test set."""

AS_THEY_ARE = Variation()
"""Asks samples as the benchmark has them."""

COLUMNS = ("id", "task", "instruction", "input", "output", "history")


def questions(
    path: Path, asking: Asking, limit: int | None = None, variation: Variation = AS_THEY_ARE
) -> Iterator[Question]:
    """The questions of a test set, in its order, a few at a time in memory.

    Args:
        path: the Parquet file of the test set.
        asking: what shapes the answers.
        limit: only so many, drawn by their ids: the same for all models, and among those of any higher limit. Some
            test sets are sorted by their answers, so that the first samples would stand for none of the others.
        variation: in what way they are asked.
    """
    file = pq.ParquetFile(path)
    chosen = _drawn(path, limit) if limit is not None else np.ones(file.metadata.num_rows, bool)
    place = 0
    for batch in file.iter_batches(64, columns=list(COLUMNS)):
        rows = pl.DataFrame(batch.filter(pa.array(chosen[place : place + batch.num_rows])))
        for row in variation.samples(rows).iter_rows(named=True):
            yield question(row, asking, variation)
        place += batch.num_rows


def _drawn(path: Path, limit: int) -> NDArray[np.bool_]:
    """Which rows are those of the lowest ranks."""
    rank = halves(pl.concat_str(pl.lit(str(SEED)), "id", separator="\x1f")).alias("rank")
    ranked = read(path, columns=["id"]).with_row_index("place").with_columns(rank).unnest("rank")
    chosen = np.zeros(ranked.height, bool)
    chosen[ranked.sort("high", "low", "place")["place"].head(limit).to_numpy()] = True
    return chosen


def question(sample: dict[str, Any], asking: Asking, variation: Variation = AS_THEY_ARE) -> Question:
    """One sample as it is asked: the paper's prompt is instruction, line break, input, after the examples."""
    task, history = sample["task"], sample["history"] if asking.shots else ()
    turns = tuple((variation.prompt(task, user), variation.answer(task, said)) for user, said in history)
    prompt = variation.prompt(task, f"{sample['instruction']}\n{sample['input']}")
    shaping = [sample["id"], asking.shaping, turns, prompt]
    return Question(
        key=hashlib.sha256(json.dumps(shaping, sort_keys=True).encode()).hexdigest()[:32],
        id=sample["id"],
        task=task,
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
