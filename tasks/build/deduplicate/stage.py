"""The stage `deduplicate`: within a task, of samples with the same normalised input and output one is published.

A test sample wins over a dev sample, a dev sample over a training sample, and within a split the first of the file.
Samples with a fault (a text that is empty) are left out too. What is left out is listed; the samples stay as they are,
so that nothing is written twice.
"""

import time

import polars as pl

from schemas.receipts import Kept, Rendered, Tally
from schemas.sample import KEY_COLUMN
from schemas.task import Split
from tasks.base.store.fingerprint import code_of, fingerprint
from tasks.base.store.frames import scan
from tasks.base.store.receipts import settled
from tasks.base.store.rejects import complete, rejects_place, write_rejects
from tasks.base.store.root import Root
from tasks.build.render.stage import FAULT_COLUMN

STAGE = "deduplicate"
PRECEDENCE: tuple[Split, ...] = ("test", "dev", "train")
"""Of two equal samples in different splits the one in the earlier split of this list is kept."""

DROPPED = "dropped.parquet"


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
        split: scan(root.local(f"{rendered.place}/{split}.parquet")) for split in rendered.splits
    }
    dropped = duplicates(samples)
    constant = {"stage": STAGE, "source": rendered.source, "task": rendered.task}
    with root.writing(f"{planned.place}/{DROPPED}") as path:
        dropped.select("split", "id", "twin").write_parquet(path, compression="zstd")
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


def duplicates(samples: dict[Split, pl.LazyFrame]) -> pl.DataFrame:
    """Find what is left out.

    Args:
        samples: the samples by split, each with the columns `id`, `key` and `fault`.

    Returns:
        One row a sample left out: `split`, `id`, `reason`, `detail`, `twin` (id of the sample kept instead).
    """
    frames = [
        samples[split].select("id", KEY_COLUMN, FAULT_COLUMN, split=pl.lit(split))
        for split in PRECEDENCE
        if split in samples
    ]
    rows = pl.concat(frames) if frames else _no_rows()
    faulty = rows.filter(pl.col(FAULT_COLUMN).is_not_null()).collect()
    sound = alike(rows.filter(pl.col(FAULT_COLUMN).is_null()), KEY_COLUMN).collect()
    again = sound.filter(~pl.col(KEY_COLUMN).is_first_distinct())
    first = (
        sound.join(again.select(KEY_COLUMN).unique(), on=KEY_COLUMN, how="semi")
        .unique(KEY_COLUMN, keep="first", maintain_order=True)
        .select(KEY_COLUMN, twin="id", kept_in="split")
    )
    twins = again.join(first, on=KEY_COLUMN, how="left", maintain_order="left")
    reason = pl.when(pl.col("kept_in") == "test", pl.col("split") != "test").then(pl.lit("test text"))
    return pl.concat(
        [
            faulty.select("split", "id", reason=FAULT_COLUMN, detail=pl.lit(""), twin=pl.lit("")),
            twins.select(
                "split",
                "id",
                reason=reason.otherwise(pl.lit("duplicate")),
                detail=pl.format("same input and output as {} in {}", "twin", "kept_in"),
                twin="twin",
            ),
        ]
    )


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


def alike(rows: pl.LazyFrame, column: str) -> pl.LazyFrame:
    """The rows whose value of a column another row has too, and few more, in their order.

    Numbers that stand for the values are compared first, so that millions of rows need little memory. They are equal
    for equal values, and seldom for others: who wants to be sure compares the values of what is left.
    """
    numbered = rows.with_row_index()
    hashes = numbered.select("index", pl.col(column).hash()).collect()
    again = hashes.filter(pl.col(column).is_duplicated())["index"]
    return numbered.filter(pl.col("index").is_in(again.implode())).drop("index")


def _no_rows() -> pl.LazyFrame:
    return pl.LazyFrame(schema={"id": pl.String, KEY_COLUMN: pl.Binary, FAULT_COLUMN: pl.String, "split": pl.String})
