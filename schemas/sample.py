"""Samples: the rows of the meta-dataset, and the columns that carry them through the pipeline."""

SAMPLE_COLUMNS = (
    "id",
    "instruction",
    "input",
    "output",
    "task",
    "category",
    "source",
    "record_id",
    "language",
    "licence",
)
"""Columns of a published sample, in this order, all of them text. `id` is 32 hexadecimal digits: the xxh3 128-bit hash
of source, task, record, input and output, so that it depends on neither the order nor the instruction's wording."""

KEY_COLUMN = "key"
"""Column of a rendered sample that is not published: the xxh3 128-bit hash of its normalised input and output. Two
samples of a task with the same key are exact duplicates."""

REJECT_COLUMNS = ("stage", "source", "part", "task", "split", "id", "reason", "detail", "twin")
"""Columns of a reject. `part` is empty from `render` on, `task` before it; `twin` is the id of the sample that was kept
instead of a duplicate."""
