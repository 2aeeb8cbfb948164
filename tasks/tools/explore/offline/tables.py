"""The tables of an explorer without a server: sorted, so that a question reads few ranges of their files."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tasks.tools.explore.explorer import Explorer
from tasks.tools.explore.filters import Filters

QUERIES: Mapping[str, str] = {
    "samples": """
        SELECT nr, task, category, split, source, licence, language, chars::INTEGER AS chars, leak, kinds, near,
               conflict
        FROM samples ORDER BY nr
        """,
    "leaks": """
        SELECT DISTINCT nr, other, kind FROM (
            SELECT test_task AS task, test_id AS id, train_task AS other, kind FROM leaks WHERE kind <> 'test'
            UNION ALL SELECT train_task, train_id, test_task, kind FROM leaks
        ) JOIN samples USING (task, id) ORDER BY other, nr, kind
        """,
    "words": r"""
        SELECT word, nr FROM (
            SELECT nr, unnest(list_distinct(regexp_extract_all(strip_accents(lower(input || ' ' || output)),
                                                               '[\pL\pN]+'))) AS word
            FROM samples
        ) ORDER BY word, nr
        """,
}
"""Table -> its rows. The words are those that `scripts/search.js` finds in a search."""

_LABELS = pa.schema([("label", pa.string()), ("nr", pa.int64())])
_ROWS = 100_000
"""Rows of a group: a question for a word or label reads one or two."""


def write_tables(explorer: Explorer, folder: Path) -> None:
    """Write what the filters ask for.

    Args:
        explorer: of the release or benchmark.
        folder: where the files go.
    """
    for name, query in QUERIES.items():
        with explorer.batches(query, _ROWS) as batches:
            _write(folder / f"{name}.parquet", batches.schema, batches)
    _write(folder / "labels.parquet", _LABELS, _labels(explorer))


def _labels(explorer: Explorer) -> Iterator[pa.RecordBatch]:
    for label in explorer.choices["label"]:
        found = explorer.numbers(Filters(label=label))
        yield pa.record_batch(
            [pa.array([label] * len(found), pa.string()), pa.array(found, pa.int64())], schema=_LABELS
        )


def _write(path: Path, schema: pa.Schema, batches: Iterator[pa.RecordBatch]) -> None:
    narrow = pa.schema([field.with_type(pa.int32()) if field.name == "nr" else field for field in schema])
    texts = [field.name for field in narrow if field.name != "nr"]
    options = {"use_dictionary": texts, "column_encoding": {"nr": "DELTA_BINARY_PACKED"}, "compression": "zstd"}
    with pq.ParquetWriter(path, narrow, **options) as writer:
        for group in _grouped(batches, narrow):
            writer.write_table(group, row_group_size=_ROWS)


def _grouped(batches: Iterator[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.Table]:
    """Batches put together to tables of a group's size at least, and the rest."""
    kept: list[pa.RecordBatch] = []
    for batch in batches:
        kept.append(batch)
        if sum(each.num_rows for each in kept) >= _ROWS:
            yield pa.Table.from_batches(kept).cast(schema)
            kept = []
    if kept:
        yield pa.Table.from_batches(kept).cast(schema)
