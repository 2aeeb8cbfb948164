"""Samples and rejects as the pages show them, rendered once, in groups of rows that a browser reads one by one."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tasks.base.pages.template import render
from tasks.tools.explore import site, views
from tasks.tools.explore.explorer import Explorer, Neighbours, Row
from tasks.tools.explore.filters import Filters
from tasks.tools.explore.rejects import COLUMNS

GROUP = 512
"""Rows of a group: the row with number n is in group (n - 1) // GROUP."""

OPTIONS = {"compression": "zstd", "write_statistics": ["nr"]}
"""How Parquet is written here: bounds of numbers lead to a group, those of texts would be megabytes to read first."""

_TEXTS = pa.schema([("nr", pa.int32()), *((name, pa.string()) for name in ("id", "input", "output", "row", "page"))])
_REJECTS = pa.schema(
    [("nr", pa.int32()), *((name, pa.string()) for name in (*COLUMNS, "id", "record_id", "detail", "row"))]
)
_ALONE = {"layout": "bare.html.j2", "offline": True, "told": [], "evaluations": [], "answers": [], "filters": Filters()}
"""What a page without a server shows: no filters yet, and no answers of models."""


def write_texts(explorer: Explorer, path: Path, told: Callable[[int], None]) -> None:
    """Write every sample with its line in a list and its page.

    Args:
        explorer: of the release or benchmark.
        path: the file.
        told: called with the number of samples that are done.
    """
    with pq.ParquetWriter(path, _TEXTS, **OPTIONS) as writer:
        for first in range(1, explorer.index.total + 1, GROUP):
            values = {"first": first, "last": first + GROUP - 1}
            rows = explorer.rows("SELECT * FROM samples WHERE nr BETWEEN $first AND $last ORDER BY nr", values)
            found = explorer.findings(rows)
            lines = [_text(explorer, row | more) for row, more in zip(rows, found, strict=True)]
            writer.write_table(pa.Table.from_pylist(lines, schema=_TEXTS), row_group_size=GROUP)
            told(first + len(rows) - 1)


def _text(explorer: Explorer, sample: Row) -> dict[str, Any]:
    definition = explorer.define(sample["task"])
    read, view = views.gold(definition, sample, "")
    page = render(
        site.__file__,
        "sample.html.j2",
        sample=sample,
        read=read,
        view=view,
        beside=Neighbours(0, 0, None, None),
        there=explorer.there,
        **_ALONE,
    )
    about = views.snippet(sample["input"], "")
    line = render(site.__file__, "row.html.j2", row=sample | {"about": about}, filters=Filters())
    return {name: sample[name] for name in ("nr", "id", "input", "output")} | {"row": line, "page": page}


def write_rejects(explorer: Explorer, path: Path) -> None:
    """Write every reject with its columns and its line in a list."""
    query = f"SELECT *, row_number() OVER (ORDER BY {', '.join((*COLUMNS, 'id'))}) AS nr FROM rejects ORDER BY nr"  # noqa: S608
    with explorer.batches(query, GROUP) as batches, pq.ParquetWriter(path, _REJECTS, **OPTIONS) as writer:
        for batch in batches:
            writer.write_table(pa.Table.from_pylist([*_reject_lines(batch)], schema=_REJECTS), row_group_size=GROUP)


def _reject_lines(batch: pa.RecordBatch) -> Iterator[dict[str, Any]]:
    for row in batch.to_pylist():
        yield row | {"row": render(site.__file__, "reject.html.j2", row=row, offline=True)}
