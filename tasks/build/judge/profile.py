"""The stage `profile`: the measures that the expectations judge, over all rows of each task and split."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

import polars as pl

from schemas.errors import Damaged
from schemas.licence import together
from schemas.profile import RecordProfile, SampleProfile
from schemas.receipts import Batch, Kept, Rendered, Tally
from schemas.source import Source
from schemas.task import SPLITS, Split, Task
from sources import instruction, registry
from tasks.base.store.fingerprint import code_of, fingerprint
from tasks.base.store.rejects import rejects_place
from tasks.base.store.root import Root
from tasks.build.deduplicate.published import DECISIONS, count_amended
from tasks.build.judge import personal
from tasks.build.judge.answers import EMPTY, EXAMPLES, Answers
from tasks.build.judge.ledger import readable, records_of
from tasks.build.judge.published import published
from tasks.build.render.stage import STAGE as RENDER

PERSONAL = "personal.parquet"
"""The identifiers found, redacted: a table of `tasks.build.judge.personal.FINDINGS`."""

APART = pl.QueryOptFlags(comm_subplan_elim=False)
"""Each measure of a file scans it again: one common scan would keep all texts of the file in memory."""

TOP = 20
"""Number of labels that are counted by name, the most frequent first."""

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


def profile_records(batches: Iterable[Batch]) -> list[RecordProfile]:
    """One profile for each part and split that was read, and one for records outside all splits, if there are any."""
    return [
        RecordProfile(
            source=batch.source,
            part=batch.part,
            split=split,
            place=f"records/{batch.source}/{batch.fingerprint}",
            read=tally.read,
            kept=tally.kept,
            rejected=tally.rejected,
            mismatches=batch.mismatches.get(split, 0) if split else 0,
            lost_share=_lost_share(batch, tally) if split else 0.0,
        )
        for batch in batches
        for split, tally in _tallies(batch)
    ]


def _tallies(batch: Batch) -> Iterator[tuple[Split | Literal[""], Tally]]:
    yield from batch.splits.items()
    if batch.unlisted.read or batch.unlisted.rejected:
        yield "", batch.unlisted


def _lost_share(batch: Batch, tally: Tally) -> float:
    """The share of rejected records beyond the loss that the part declares; 0 for a copy known to be partial."""
    if batch.partial:
        return 0.0
    source = registry().get(batch.source)
    known = source.parts[batch.part].loses if source and batch.part in source.parts else 0.0
    return max(0.0, round(tally.rejected / tally.read - known, 6)) if tally.read else 0.0


def profile_task(
    source: Source,
    task: Task,
    batches: Sequence[Batch],
    rendered: Rendered,
    kept: Kept,
    expected: dict[Split, int],
    root: Root,
) -> list[SampleProfile]:
    """One profile for each split of a task; samples that were measured before are not measured again.

    Args:
        source: the source of the task.
        task: the task.
        batches: the records of the parts that the task reads.
        rendered: its samples.
        kept: what is left of them after deduplication.
        expected: the expected number of rendered samples by split; a split may be absent.
        root: where the samples are.
    """
    measured = _measured(task, rendered, kept, root)
    return [
        SampleProfile(
            task=task.name,
            category=task.category,
            source=source.id,
            split=split,
            licence=together(source.licences(task, split)),
            rendered_in=f"samples/{task.name}/{rendered.fingerprint}",
            deduplicated_in=f"samples/{task.name}/{kept.fingerprint}",
            **_candidates(batches, split, rendered.splits[split], measured[split]["accounted"]),
            **_counts(kept.splits[split], measured[split]["rows"], expected.get(split)),
            documented=_documented(source, batches, split),
            **{name: value for name, value in measured[split].items() if name not in ("rows", "accounted")},
            unlisted_labels=sum(label not in instruction(task) for label in task.named),
            duplicate_ids=0,
        )
        for split in SPLITS
        if split in rendered.splits
    ]


def _known(root: Root, place: str) -> dict[str, Any]:
    """What an earlier call wrote; nothing if that is not there or damaged."""
    try:
        return root.read_json(place)
    except (FileNotFoundError, Damaged):
        return {}


def _measured(task: Task, rendered: Rendered, kept: Kept, root: Root) -> dict[str, dict[str, Any]]:
    """The measures of each split, from the file of an earlier call if the samples are still the same."""
    folder = profile_folder(task, kept)
    place = f"{folder}/profile.json"
    known = _known(root, place)
    stamps = {file: root.stamp(file) for file in _files(rendered, kept)}
    if known.get("stamps") == stamps and known.get("splits") is not None:
        return known["splits"]
    both = {split: _measure(task, split, rendered, kept, root) for split in rendered.splits}
    measured = {split: measures for split, (measures, _) in both.items()}
    with root.writing(f"{folder}/{PERSONAL}") as path:
        pl.concat([personal.FINDINGS.to_frame(), *(found for _, found in both.values())]).write_parquet(path)
    root.write_json(place, {"stamps": stamps, "splits": measured})
    return measured


def profile_folder(task: Task, kept: Kept) -> str:
    """The folder of a task's measurements; a change of its samples or of the measuring code gives another folder."""
    return f"samples/{task.name}/{fingerprint(kept.fingerprint, instruction(task), code_of(__name__))}"


def _files(rendered: Rendered, kept: Kept) -> list[str]:
    """The files that the measurements of a task depend on; if one changes, the task is measured again."""
    made = [place for split in rendered.splits for place in rendered.files(split)]
    decided = [f"{kept.place}/{name}" for name in DECISIONS]
    return [*made, *decided, rejects_place(RENDER, rendered.task, rendered.fingerprint)]


def _candidates(batches: Sequence[Batch], split: Split, tally: Tally, accounted: int) -> dict[str, int]:
    records = sum(batch.splits[split].kept for batch in batches if split in batch.splits)
    return {
        "records": records,
        "lost_records": records - accounted,
        "candidates": tally.read,
        "refused": tally.rejected,
        "lost_candidates": tally.read - tally.kept - tally.rejected,
    }


def _counts(tally: Tally, rows: int, expected: int | None) -> dict[str, Any]:
    rendered = tally.read
    missing = max(0, (expected or 0) - rendered)
    return {
        "rendered": rendered,
        "rejected": tally.rejected,
        "kept": rows,
        "unbalanced": rendered - tally.rejected - rows,
        "expected": expected,
        "missing": round(missing / expected, 6) if expected else 0.0,
        "surplus": max(0, rendered - expected) if expected is not None else 0,
    }


def _documented(source: Source, batches: Sequence[Batch], split: Split) -> bool:
    """Whether the records of a split were held against the number that their publishers state when they were read."""
    stated = [source.parts[batch.part].documented for batch in batches if split in batch.splits]
    return all(split in numbers for numbers in stated) and all(
        batch.original and not batch.partial for batch in batches if split in batch.splits
    )


def _measure(
    task: Task, split: Split, rendered: Rendered, kept: Kept, root: Root
) -> tuple[dict[str, Any], pl.DataFrame]:
    samples = rendered.files(split)
    answers = Answers(task)
    with readable(samples[0]):
        rows = published(split, samples, kept.place, root)
        seen, outputs, accounted = pl.collect_all(
            [
                rows.select(pl.col("input", "output").str.len_chars(), **_LOOKED_AT),
                answers.to_look_at(rows),
                records_of(split, samples, rejects_place(RENDER, task.name, rendered.fingerprint), root),
            ],
            optimizations=APART,
        )
        empty = _some(rows, seen["empty"]).select("id", **_EMPTY).collect()
        candidates = personal.candidates(_some(rows, seen["personal"])).collect()
    answers.look(outputs)
    persons = personal.findings(split, candidates)
    found = {name: tuple(empty.filter(pl.col(name))["id"].head(EXAMPLES)) for name in _EMPTY}
    found |= answers.examples() | personal.examples(persons, EXAMPLES)
    measures = {
        "rows": seen.height,
        "amended": count_amended(kept.place, split, root),
        "accounted": accounted.item(),
        **{name: int(empty[name].sum()) for name in _EMPTY},
        **_lengths(seen.select("input", "output")),
        "unparsable": answers.unparsable.total(),
        "undeclared_labels": answers.undeclared.total(),
        **personal.counts(persons),
        "labels": dict(sorted(answers.labels.items(), key=lambda item: (-item[1], item[0]))[:TOP]),
        "examples": {name: ids for name, ids in found.items() if ids},
    }
    return measures, persons


def _some(rows: pl.LazyFrame, chosen: pl.Series) -> pl.LazyFrame:
    """The rows that are chosen."""
    places = chosen.arg_true()
    return rows.with_row_index("row").filter(pl.col("row").is_in(places.implode())) if len(places) else rows.limit(0)


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
