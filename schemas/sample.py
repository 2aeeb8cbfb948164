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
    "document",
)
"""Columns of a published sample, in this order, all of them text. `id` is 32 hexadecimal digits: the xxh3 128-bit hash
of source, task, record, input and output, and so independent of the order and of the instruction's wording.
`document` names the publication that the text comes from: `pmid:…`, `pmcid:PMC…`, `doi:…`, or `<source>:…` with an
identifier of the source's own; empty where none is known."""

INPUT_KEY_COLUMN, OUTPUT_KEY_COLUMN = "input_key", "output_key"
"""Columns of a rendered sample that are not published: the xxh3 128-bit hashes of its normalised input and output. Two
samples of a task with the same two keys are exact duplicates; with the same input and different answers they are a
conflict."""

REJECT_COLUMNS = ("stage", "source", "part", "task", "split", "id", "record_id", "reason", "detail", "twin")
"""Columns of a reject. `part` is empty from `render` on, `task` before it. `record_id` is the record's id in the
source, and `id` the same until samples have ids of their own. `twin` is the sample kept instead of a duplicate."""
