"""The list of what was cleaned in the records of a part: a file beside them, one row a record, field and clean-up."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import polars as pl

from schemas.cleaning import CleanUp
from schemas.task import Split
from tasks.base.store.frames import scan
from tasks.base.store.root import Root
from tasks.build.clean.text import Cleaned

SCHEMA: dict[str, type[pl.DataType]] = {
    "source": pl.String,
    "part": pl.String,
    "split": pl.String,
    "id": pl.String,
    "field": pl.String,
    "clean_up": pl.String,
    "places": pl.Int64,
    "before": pl.String,
    "after": pl.String,
}
"""Columns of the list: `before` and `after` show the first place."""

Counts = dict[Split, dict[CleanUp, int]]


class Found(NamedTuple):
    """What a clean-up did in a field of a record."""

    id: str
    field: str
    cleaned: Cleaned


def cleaned_place(records: str) -> str:
    """The list's place in a root, of the folder of a part's records."""
    return f"{records}/cleaned.parquet"


def write(root: Root, records: str, source: str, part: str, found: Mapping[Split, Sequence[Found]]) -> None:
    """Write the list of a part; texts of one field, such as choices, are one row."""
    rows = [
        (source, part, split, each.id, each.field, *each.cleaned) for split, items in found.items() for each in items
    ]
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    same = ["source", "part", "split", "id", "field", "clean_up"]
    listed = frame.group_by(same, maintain_order=True).agg(pl.col("places").sum(), pl.col("before", "after").first())
    with root.writing(cleaned_place(records)) as path:
        listed.write_parquet(path, compression="zstd")


def count(root: Root, records: str) -> Counts:
    """How many records each clean-up changed, by split; nothing where none is declared."""
    if not root.exists(cleaned_place(records)):
        return {}
    rows = scan(root.local(cleaned_place(records))).group_by("split", "clean_up").agg(pl.col("id").n_unique())
    counts: Counts = {}
    for split, clean_up, records_changed in rows.sort("split", "clean_up").collect().iter_rows():
        counts.setdefault(split, {})[clean_up] = records_changed
    return counts
