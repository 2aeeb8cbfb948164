"""The stage `profile`: the measures that the expectations judge, over all rows of each task and split."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

from schemas.licence import together
from schemas.profile import RecordProfile, SampleProfile
from schemas.receipts import Batch, Kept, Rendered, Tally
from schemas.source import Source
from schemas.task import SPLITS, Split, Task
from sources import instruction, registry
from tasks.base.store.root import Root
from tasks.build.judge import samples


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
    measured = samples.measure(task, rendered, kept, root)
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
