"""From the samples of a benchmark to questions, and their keys."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from schemas.errors import EvaluationError
from schemas.evaluation import Asking, Question
from tasks.base.store.frames import read
from tasks.base.store.hashing import halves

SEED = 2024
"""Of the draw of some samples of a test set."""

COLUMNS = ("id", "task", "instruction", "input", "output", "history")


def questions(
    path: Path, asking: Asking, limit: int | None = None, reworded: Mapping[str, str] | None = None
) -> Iterator[Question]:
    """The questions of a test set, in its order, a few at a time in memory.

    Args:
        path: the Parquet file of the test set.
        asking: what shapes the answers.
        limit: only so many, drawn by their ids: the same for all models, and among those of any higher limit. Some
            test sets are sorted by their answers, so that the first samples would stand for none of the others.
        reworded: instruction as samples have it -> in the wording that is asked.
    """
    file = pq.ParquetFile(path)
    chosen = _drawn(path, limit) if limit is not None else np.ones(file.metadata.num_rows, bool)
    place = 0
    for batch in file.iter_batches(256, columns=list(COLUMNS)):
        for row in batch.filter(pa.array(chosen[place : place + batch.num_rows])).to_pylist():
            yield question(row, asking, reworded or {})
        place += batch.num_rows


def _drawn(path: Path, limit: int) -> NDArray[np.bool_]:
    """Which rows are those of the lowest ranks."""
    rank = halves(pl.concat_str(pl.lit(str(SEED)), "id", separator="\x1f")).alias("rank")
    ranked = read(path, columns=["id"]).with_row_index("place").with_columns(rank).unnest("rank")
    chosen = np.zeros(ranked.height, bool)
    chosen[ranked.sort("high", "low", "place")["place"].head(limit).to_numpy()] = True
    return chosen


def question(sample: dict[str, Any], asking: Asking, reworded: Mapping[str, str] = MappingProxyType({})) -> Question:
    """One sample as it is asked: the paper's prompt is instruction, line break, input, after the examples."""
    history = sample["history"] if asking.shots else ()
    turns = tuple((_reworded(user, reworded), assistant) for user, assistant in history)
    prompt = _reworded(f"{sample['instruction']}\n{sample['input']}", reworded)
    shaping = [sample["id"], asking.shaping, turns, prompt]
    return Question(
        key=hashlib.sha256(json.dumps(shaping, sort_keys=True).encode()).hexdigest()[:32],
        id=sample["id"],
        task=sample["task"],
        turns=turns,
        prompt=prompt,
        target=sample["output"],
    )


def _reworded(prompt: str, reworded: Mapping[str, str]) -> str:
    """A prompt with its instruction, which is the first line, in another wording."""
    if not reworded:
        return prompt
    instruction, line_break, text = prompt.partition("\n")
    if instruction not in reworded:
        raise EvaluationError(
            f"The benchmark lists no other wordings of {instruction[:60]!r}…: they had changed between the build "
            "and the benchmark. Make both anew: medinst build; medinst benchmark"
        )
    return f"{reworded[instruction]}{line_break}{text}"


def messages(asked: Question, system: str) -> list[dict[str, str]]:
    """The conversation that a model gets."""
    said = [{"role": "system", "content": system}] if system else []
    for user, assistant in asked.turns:
        said += [{"role": "user", "content": user}, {"role": "assistant", "content": assistant}]
    return [*said, {"role": "user", "content": asked.prompt}]


def as_text(said: list[dict[str, str]]) -> str:
    """A conversation for a model without a chat template: its turns, then the line on which the answer begins."""
    return "\n\n".join(turn["content"] for turn in said) + "\n"
