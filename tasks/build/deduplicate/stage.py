"""The stage `deduplicate`: within a task, of samples with the same normalised input and output one is published.

A test sample wins over a dev sample, a dev sample over a training sample, and within a split the first of the file.
Same inputs with different answers are conflicts, and the policy of the task says what becomes of them. Samples with a
fault (a text that is empty) are left out too. What is left out and which answers change is listed; the samples stay as
they are, so that nothing is written twice. `published.py` joins the two.
"""

import time

import polars as pl

from schemas.receipts import Kept, Rendered, Tally
from schemas.task import Split, Task
from sources import tasks as declared_tasks
from tasks.base.store.fingerprint import code_of, fingerprint
from tasks.base.store.frames import scan
from tasks.base.store.receipts import settled
from tasks.base.store.rejects import complete, rejects_place, write_rejects
from tasks.base.store.root import Root
from tasks.build.deduplicate.conflicts import policy
from tasks.build.deduplicate.decide import decide
from tasks.build.deduplicate.published import write_decisions

STAGE = "deduplicate"


def plan(rendered: Rendered) -> Kept:
    """What deduplicating a task would make: its fingerprint and place."""
    made_of = {"samples": rendered.fingerprint, "code": code_of(__name__)}
    mark = fingerprint(made_of)
    return Kept(
        task=rendered.task,
        source=rendered.source,
        fingerprint=mark,
        made_of=made_of,
        place=f"samples/{rendered.task}/{mark}",
    )


def deduplicate_task(rendered: Rendered, root: Root) -> Kept:
    """Deduplicate one task, unless that is done already.

    Args:
        rendered: the samples of the task.
        root: where they are.
    """
    planned = plan(rendered)
    if (done := settled(planned, root.done(planned.place))) is not None:
        return done
    started = time.perf_counter()
    samples: dict[Split, pl.LazyFrame] = {
        split: scan([root.local(place) for place in rendered.files(split)]) for split in rendered.splits
    }
    found = decide(samples, policy(_declared(rendered.task)))
    dropped = found.dropped
    constant = {"stage": STAGE, "source": rendered.source, "task": rendered.task}
    conflicts = found.conflicts.with_columns(task=pl.lit(rendered.task))
    write_decisions(planned.place, root, dropped=dropped, amended=found.amended, conflicts=conflicts)
    rejects = complete(with_records(dropped, samples).lazy(), **constant).collect()
    write_rejects(root, rejects_place(STAGE, rendered.task, planned.fingerprint), [rejects])
    lost = dict(dropped.group_by("split").len().iter_rows())
    splits = {
        split: Tally(read=tally.kept, kept=tally.kept - lost.get(split, 0), rejected=lost.get(split, 0))
        for split, tally in rendered.splits.items()
    }
    done = planned.model_copy(update={"splits": splits, "seconds": round(time.perf_counter() - started, 3)})
    root.finish(done.place, done.model_dump(mode="json", exclude={"place"}))
    return done


def _declared(task: str) -> Task:
    return declared_tasks()[task][1]


def with_records(dropped: pl.DataFrame, samples: dict[Split, pl.LazyFrame]) -> pl.DataFrame:
    """Add to what is left out the ids of the records; looked up for these alone, which are few of the samples."""
    frames = [
        frame.select("id", "record_id", split=pl.lit(split)).filter(pl.col("id").is_in(lost["id"].implode()))
        for split, frame in samples.items()
        for lost in [dropped.filter(pl.col("split") == split)]
        if not lost.is_empty()
    ]
    if not frames:
        return dropped
    named = pl.concat(frames).collect().unique(["split", "id"])
    return dropped.join(named, on=["split", "id"], how="left", maintain_order="left")
