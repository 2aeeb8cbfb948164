"""What the published samples of a file show: counts, lengths and examples, which add up to those of its split."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import polars as pl

from schemas.profile import EXAMPLES
from schemas.receipts import Kept, Piece, Rendered
from schemas.task import Task
from tasks.base.store.root import Root
from tasks.build.judge import personal
from tasks.build.judge.answers import EMPTY, Answers
from tasks.build.judge.ledger import readable, records_of
from tasks.build.judge.published import published

TOP = 20
"""Number of labels that are counted by name, the most frequent first."""

APART = pl.QueryOptFlags(comm_subplan_elim=False)
"""Each measure of a file scans it again: one common scan would keep all texts of the file in memory."""

_EMPTY = {
    "empty_inputs": ~pl.col("input").fill_null("").str.contains(r"\S"),
    "empty_outputs": EMPTY,
    "missing_licences": pl.col("licence").cast(pl.String).fill_null("") == "",
}

_LOOKED_AT = {
    "empty": pl.any_horizontal(*_EMPTY.values()),
    "personal": pl.any_horizontal(*(personal.suspicious(pl.col(field)) for field in personal.FIELDS)),
}
"""What few rows show, which are looked at once more."""


class Found(NamedTuple):
    """What the published samples of one file show.

    Attributes:
        records: the number of records that made them and of which rendering refused nothing.
        counts: measure -> how many rows it counts.
        labels: label -> how often it occurs in the answers.
        examples: measure -> up to `EXAMPLES` ids of rows that it counts.
        lengths: characters of `input` and `output`, a row for each sample.
        persons: a table of `personal.FINDINGS`.
    """

    records: int
    counts: dict[str, int]
    labels: dict[str, int]
    examples: dict[str, list[str]]
    lengths: pl.DataFrame
    persons: pl.DataFrame


def look(task: Task, piece: Piece, rendered: Rendered, kept: Kept, refused: pl.DataFrame, root: Root) -> Found:
    """Measure the published samples of one file.

    Args:
        task: the task.
        piece: the file.
        rendered: the samples of the task.
        kept: what is left of them after deduplication.
        refused: the ids of the records of the split that rendering left out.
        root: where the samples are.
    """
    file = rendered.files(piece.split)[piece.number]
    answers = Answers(task)
    with readable(file):
        rows = published(piece.split, [file], kept.place, root)
        seen, outputs, records = pl.collect_all(
            [
                rows.select(pl.col(personal.FIELDS).str.len_chars(), **_LOOKED_AT),
                answers.to_look_at(rows),
                records_of(file, refused, root),
            ],
            optimizations=APART,
        )
        empty = _some(rows, seen["empty"]).select("id", **_EMPTY).collect()
        candidates = personal.candidates(_some(rows, seen["personal"])).collect()
    answers.look(outputs)
    found = {name: empty.filter(pl.col(name))["id"].to_list() for name in _EMPTY}
    return Found(
        records=records.item(),
        counts={name: len(ids) for name, ids in found.items()} | answers.counts,
        labels=dict(answers.labels),
        examples={name: _first(ids) for name, ids in (found | answers.examples).items()},
        lengths=seen.select(personal.FIELDS),
        persons=personal.findings(piece.split, candidates),
    )


def _some(rows: pl.LazyFrame, chosen: pl.Series) -> pl.LazyFrame:
    """The rows that are chosen."""
    places = chosen.arg_true()
    return rows.with_row_index("row").filter(pl.col("row").is_in(places.implode())) if len(places) else rows.limit(0)


def _first(ids: Sequence[str]) -> list[str]:
    return sorted(ids)[:EXAMPLES]


def combined(files: Sequence[Found]) -> dict[str, Any]:
    """The measures of a split, by their names in a `SampleProfile`, of what its files show."""
    lengths, persons = (pl.concat(getattr(found, name) for found in files) for name in ("lengths", "persons"))
    labels = sum((Counter(found.labels) for found in files), Counter[str]())
    counts = sum((Counter(found.counts) for found in files), Counter[str]())
    examples = {
        measure: tuple(_first([id_ for found in files for id_ in found.examples[measure]]))
        for measure in files[0].examples
    } | personal.examples(persons, EXAMPLES)
    return {
        **{measure: counts[measure] for measure in files[0].counts},
        **_lengths(lengths),
        **personal.counts(persons),
        "labels": dict(sorted(labels.items(), key=lambda item: (-item[1], item[0]))[:TOP]),
        "examples": {measure: ids for measure, ids in examples.items() if ids},
    }


def _lengths(lengths: pl.DataFrame) -> dict[str, float]:
    """Minimum, median, 95th percentile (nearest) and maximum of the lengths, 0 where there are no rows."""
    measures: dict[str, float] = {}
    for column in lengths:
        ordered = column.sort()
        measures |= {
            f"{column.name}_chars_min": ordered.min() or 0,
            f"{column.name}_chars_median": ordered.median() or 0,
            f"{column.name}_chars_p95": ordered.quantile(0.95, "nearest") or 0,
            f"{column.name}_chars_max": ordered.max() or 0,
        }  # pyright: ignore[reportAssignmentType]
    return measures
