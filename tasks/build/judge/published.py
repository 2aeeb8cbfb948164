"""The published samples of a build, and the ids that occur more than once among them."""

from collections.abc import Mapping, Sequence

import polars as pl

from schemas.profile import EXAMPLES, SampleProfile
from schemas.receipts import Kept, Rendered
from schemas.task import Split
from tasks.base.store.root import Root
from tasks.build.deduplicate import published as deduplicate
from tasks.build.deduplicate.decide import alike
from tasks.build.deduplicate.published import DROPPED
from tasks.build.judge.ledger import readable


def published(split: Split, samples: Sequence[str], decisions: str, root: Root) -> pl.LazyFrame:
    """The published samples of one split, in order; a damaged file raises an error that says what to do."""
    with readable(f"{decisions}/{DROPPED}"):
        return deduplicate.published(samples, decisions, split, root)


def duplicate_ids(
    profiles: Sequence[SampleProfile], tasks: Mapping[str, tuple[Rendered, Kept]], root: Root
) -> list[SampleProfile]:
    """Count the published ids of each split that occur more than once in the release.

    Args:
        profiles: the profiles of all tasks of the release.
        tasks: their samples and what is left of them after deduplication.
        root: where the samples are.
    """
    frames = [
        published(profile.split, rendered.files(profile.split), kept.place, root).select(
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
