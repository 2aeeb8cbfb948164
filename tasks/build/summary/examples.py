"""Rows that a verdict names, for people to look at, unless their licence keeps them from being shown around."""

from typing import NamedTuple

import polars as pl

from schemas.receipts import Verdict
from sources import find
from tasks.base.store.frames import scan
from tasks.build.builds.build import Build

SHOWN = 3
"""Rows of each verdict that are shown."""

LENGTH = 200
"""Characters of a text that are shown."""


class Example(NamedTuple):
    """A row, shortened; only its id where its texts may not be shown."""

    id: str
    input: str = ""
    output: str = ""


def examples(build: Build, verdict: Verdict) -> list[Example]:
    """The first rows that a verdict names.

    Texts are shown of samples that the profile `open` admits. Whoever may look into Prefect's UI sees them, and that
    may be more people than those who may read the root.
    """
    ids = list(verdict.examples[:SHOWN])
    outcome = build.outcomes.get(verdict.task)
    split = verdict.subject.rpartition("/")[2]
    if (
        verdict.suite != "samples"
        or outcome is None
        or split not in outcome.rendered.splits
        or not _open(verdict, split)
    ):
        return [Example(id_) for id_ in ids]
    files = [build.root.local(place) for place in outcome.rendered.files(split)]
    texts = pl.col("input", "output").cast(pl.String).str.slice(0, LENGTH)
    rows = scan(files).filter(pl.col("id").is_in(ids)).select("id", texts).collect()
    known = {row[0]: Example(*row) for row in rows.iter_rows()}
    return [known.get(id_, Example(id_)) for id_ in ids]


def _open(verdict: Verdict, split: str) -> bool:
    source = find(verdict.source)
    task = next(task for task in source.tasks if task.name == verdict.task)
    return source.refusal("open", task, split) is None  # pyright: ignore[reportArgumentType]
