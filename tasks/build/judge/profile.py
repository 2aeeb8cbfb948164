"""The stage `profile`: what the expectations judge, measured over all rows of each task and split."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

import polars as pl

from schemas.profile import RecordProfile, SampleProfile
from schemas.receipts import Batch, Kept, Rendered, Tally
from schemas.source import Source
from schemas.task import SPLITS, Split, Task
from sources import instruction, registry
from tasks.base.store.fingerprint import code_of, fingerprint
from tasks.base.store.frames import scan
from tasks.base.store.rejects import rejects_place
from tasks.base.store.root import Root
from tasks.build.deduplicate.stage import DROPPED, alike
from tasks.build.judge import personal
from tasks.build.judge.ledger import readable, records_of
from tasks.build.render import form
from tasks.build.render.answers import Form, FreeText, Tags, Unparsable
from tasks.build.render.stage import STAGE as RENDER

PERSONAL = "personal.parquet"
"""The identifiers found, redacted: a table of `tasks.build.judge.personal.FINDINGS`."""

EXAMPLES = 5
"""Ids of rows kept for each measure that found something."""

APART = pl.QueryOptFlags(comm_subplan_elim=False)
"""What is measured of one file at once is not taken from one pass over it: that would keep all its texts in memory."""

TOP = 20
"""The most frequent labels that are counted by name."""

_EMPTY = {
    "empty_inputs": ~pl.col("input").fill_null("").str.contains(r"\S"),
    "empty_outputs": ~pl.col("output").fill_null("").str.contains(r"\S"),
    "missing_licences": pl.col("licence").cast(pl.String).fill_null("") == "",
}


def profile_records(batches: Iterable[Batch]) -> list[RecordProfile]:
    """One profile for each part and split that was read, and one for what belongs to no split, if there is any."""
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
    """The share of records rejected beyond what the part declares to lose; none in a copy known to be partial."""
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
    """One profile for each split of a task; what was measured before for the same samples is not measured again.

    Args:
        source: the source of the task.
        task: the task.
        batches: the records of the parts that the task reads.
        rendered: its samples.
        kept: what deduplication left of them.
        expected: rendered samples that are expected in each split; a split that is not listed has no expectation.
        root: where the samples are.
    """
    folder = profile_folder(task, kept)
    place = f"{folder}/profile.json"
    known = root.read_json(place) if root.exists(place) else {}
    stamps = {file: root.stamp(file) for file in _files(rendered, kept)}
    measured = known.get("splits") if known.get("stamps") == stamps else None
    if measured is None:
        both = {split: _measure(task, split, rendered, kept, root) for split in rendered.splits}
        measured = {split: measures for split, (measures, _) in both.items()}
        with root.writing(f"{folder}/{PERSONAL}") as path:
            pl.concat([personal.FINDINGS.to_frame(), *(found for _, found in both.values())]).write_parquet(path)
        root.write_json(place, {"stamps": stamps, "splits": measured})
    return [
        SampleProfile(
            task=task.name,
            category=task.category,
            source=source.id,
            split=split,
            licence=source.licence.value,
            rendered_in=f"samples/{task.name}/{rendered.fingerprint}",
            deduplicated_in=f"samples/{task.name}/{kept.fingerprint}",
            **_candidates(batches, split, rendered.splits[split], measured[split]["accounted"]),
            **_counts(kept.splits[split], measured[split]["rows"], expected.get(split)),
            **{name: value for name, value in measured[split].items() if name not in ("rows", "accounted")},
            unlisted_labels=sum(label not in instruction(task) for label in task.labels),
            duplicate_ids=0,
        )
        for split in SPLITS
        if split in rendered.splits
    ]


def profile_folder(task: Task, kept: Kept) -> str:
    """Where the measurements of a task lie: another folder whenever its samples or what is measured change."""
    return f"samples/{task.name}/{fingerprint(kept.fingerprint, instruction(task), code_of(__name__))}"


def _files(rendered: Rendered, kept: Kept) -> list[str]:
    """The files that shape what is measured of a task; one that changes is measured anew."""
    made = [f"{rendered.place}/{split}.parquet" for split in rendered.splits]
    return [*made, f"{kept.place}/{DROPPED}", rejects_place(RENDER, rendered.task, rendered.fingerprint)]


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


def _measure(
    task: Task, split: Split, rendered: Rendered, kept: Kept, root: Root
) -> tuple[dict[str, Any], pl.DataFrame]:
    samples = f"{rendered.place}/{split}.parquet"
    answers = Answers(task)
    with readable(samples):
        rows = published(split, samples, f"{kept.place}/{DROPPED}", root)
        lengths, empty, outputs, candidates, accounted = pl.collect_all(
            [
                rows.select(pl.col("input", "output").str.len_chars()),
                rows.filter(pl.any_horizontal(*_EMPTY.values())).select("id", **_EMPTY),
                answers.to_look_at(rows),
                personal.candidates(rows),
                records_of(split, samples, rejects_place(RENDER, task.name, rendered.fingerprint), root),
            ],
            optimizations=APART,
        )
    answers.look(outputs)
    persons = personal.findings(split, candidates)
    found = {name: tuple(empty.filter(pl.col(name))["id"].head(EXAMPLES)) for name in _EMPTY}
    found |= answers.examples() | personal.examples(persons, EXAMPLES)
    measures = {
        "rows": lengths.height,
        "accounted": accounted.item(),
        **{name: int(empty[name].sum()) for name in _EMPTY},
        **_lengths(lengths),
        "unparsable": answers.unparsable.total(),
        "undeclared_labels": answers.undeclared.total(),
        **personal.counts(persons),
        "labels": dict(sorted(answers.labels.items(), key=lambda item: (-item[1], item[0]))[:TOP]),
        "examples": {name: ids for name, ids in found.items() if ids},
    }
    return measures, persons


def published(split: Split, samples: str, dropped: str, root: Root) -> pl.LazyFrame:
    """The samples of one split that are published, in order: all but those that deduplication lists."""
    with readable(dropped):
        left_out = scan(root.local(dropped)).filter(pl.col("split") == split).select("id").collect()
    frame = scan(root.local(samples))
    return frame if left_out.is_empty() else frame.filter(~pl.col("id").is_in(left_out["id"].implode()))


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


class Answers:
    """Reads every different answer of a split with the grammar of its task.

    Attributes:
        unparsable: ids of up to `EXAMPLES` rows each of unreadable answers -> rows that have that answer.
        undeclared: the same for answers with a label that the task does not declare.
        labels: label -> how often the answers hold it.
    """

    def __init__(self, task: Task) -> None:
        self.form: Form = form(task)  # pyright: ignore[reportMissingTypeArgument]
        self.declared = frozenset(task.labels)
        self.unparsable: Counter[tuple[str, ...]] = Counter()
        self.undeclared: Counter[tuple[str, ...]] = Counter()
        self.labels: Counter[str] = Counter()

    def to_look_at(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """The different answers, with their number of rows and some ids; none of those that a pattern proves right."""
        if isinstance(self.form, FreeText):
            rows = rows.filter(_EMPTY["empty_outputs"])
        elif isinstance(self.form, Tags):
            rows = rows.filter(~pl.col("output").fill_null("").str.contains(r"^\S+ \[[BIO]\]( \S+ \[[BIO]\])*$"))
        chosen = rows.group_by(pl.col("output").fill_null(""))
        return chosen.agg(pl.len(), ids=pl.col("id").sort().head(EXAMPLES)).sort("output")

    def look(self, outputs: pl.DataFrame) -> None:
        """Read the answers and count what is wrong with them."""
        for output, rows, ids in outputs.iter_rows():
            try:
                names = list(self.form.names(self.form.parse(output)))
            except Unparsable:
                self.unparsable[tuple(ids)] += rows
                continue
            for name in names:
                self.labels[name] += rows
            if self.declared and not self.declared.issuperset(names):
                self.undeclared[tuple(ids)] += rows

    def examples(self) -> dict[str, tuple[str, ...]]:
        """Ids of rows to look at, by measure."""
        found = {"unparsable": self.unparsable, "undeclared_labels": self.undeclared}
        return {measure: tuple(id_ for ids in counter for id_ in ids)[:EXAMPLES] for measure, counter in found.items()}


def duplicate_ids(
    profiles: Sequence[SampleProfile], tasks: Mapping[str, tuple[Rendered, Kept]], root: Root
) -> list[SampleProfile]:
    """Count, for each split, the published ids that the release has more than once.

    Args:
        profiles: the profiles of all tasks of the release.
        tasks: their samples and what deduplication left of them.
        root: where the samples are.
    """
    frames = [
        published(profile.split, f"{rendered.place}/{profile.split}.parquet", f"{kept.place}/{DROPPED}", root).select(
            "id", row=pl.lit(number, pl.UInt32)
        )
        for number, profile in enumerate(profiles)
        for rendered, kept in [tasks[profile.task]]
    ]
    if not frames:
        return []
    again = (
        alike(pl.concat(frames), "id")
        .filter(pl.col("id").is_duplicated())
        .group_by("row")
        .agg(pl.len(), ids=pl.col("id").sort().head(EXAMPLES))
        .collect()
    )
    found = {row: (count, tuple(ids)) for row, count, ids in again.iter_rows()}
    return [
        profile.model_copy(
            update={
                "duplicate_ids": found[number][0],
                "examples": {**profile.examples, "duplicate_ids": found[number][1]},
            }
        )
        if number in found
        else profile
        for number, profile in enumerate(profiles)
    ]
