"""Rendering: from records to samples, one module per shape of answer.

A renderer is found by the type of the task (`functools.singledispatch`). It gives one row a sample, lazily and in the
order of the records, with the columns of `Rendering`; nothing becomes a Python object on the way.
"""

from functools import singledispatch

import polars as pl

from medinst_eval.grammar.answers import Form
from schemas.errors import DeclarationError
from schemas.task import Task

STAGE = "render"
"""The name of the stage in receipts and rejects."""

COLUMNS = {
    "record_id": pl.String,
    "document": pl.String,
    "unit": pl.String,
    "input": pl.String,
    "output": pl.String,
    "reason": pl.String,
    "detail": pl.String,
    "fault": pl.String,
}
"""Columns that a renderer gives.

`unit` tells several samples of one record apart, else it is empty. `reason` says why the record (or this part of it)
makes no sample, with the particulars in `detail`; null: it makes one. `fault` says why a sample that is counted is not
published; null: it is.
"""


@singledispatch
def render(task: Task, records: pl.LazyFrame) -> pl.LazyFrame:
    """Render the records of one split.

    Args:
        task: the declared task; its type chooses the renderer.
        records: the records of the split; `document` is the one that each comes from.
    """
    raise DeclarationError(f"No renderer for {type(task).__name__}. Renderers are in tasks/build/render/.")


@singledispatch
def form(task: Task) -> Form:  # pyright: ignore[reportMissingTypeArgument]
    """The form of a task's answers."""
    raise DeclarationError(f"{type(task).__name__} has no answer form. Forms are in medinst_eval/grammar/answers.py.")


def finish(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Give a frame the columns of a rendering; those that it lacks are null, `unit` empty."""
    present = frame.collect_schema().names()
    return frame.select(
        pl.col(name) if name in present else pl.lit("" if name == "unit" else None, dtype=dtype).alias(name)
        for name, dtype in COLUMNS.items()
    )
