"""The ledger: what the files of a build hold, to be held against what went into each stage.

A receipt says how much a stage met; what came of that is counted here, in the files, each time a build is judged. So a
record, a sample or a reject that is lost on the way, or taken out of a file later, is missed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from schemas.errors import LedgerError
from schemas.receipts import Batch, Kept, Rendered, Tally
from schemas.state import Built
from tasks.base.store.frames import scan
from tasks.base.store.rejects import rejects_place
from tasks.base.store.root import Root
from tasks.build.clean.listed import cleaned_place, count
from tasks.build.deduplicate.stage import STAGE as DEDUPLICATE
from tasks.build.read import STAGE as READ
from tasks.build.render.stage import STAGE as RENDER


def found(built: Built, root: Root) -> Built:
    """The receipts of a source, their `kept` and `rejected` counted in the files; `read` stays what the stage met.

    Raises:
        LedgerError: a file cannot be read.
    """
    rendered = {task.task: _samples(task, root) for task in built.rendered}
    return built.model_copy(
        update={
            "batches": tuple(_records(batch, root) for batch in built.batches),
            "rendered": tuple(rendered.values()),
            "kept": tuple(_deduplicated(task, rendered[task.task], root) for task in built.kept),
        }
    )


def _records(batch: Batch, root: Root) -> Batch:
    if not batch.splits:
        return batch
    lost = rejected(rejects_place(READ, batch.source, batch.fingerprint), root)
    splits = {
        split: Tally(
            read=tally.read,
            kept=rows(f"{batch.place}/{batch.part}-{split}.parquet", root),
            rejected=lost.get(split, 0),
        )
        for split, tally in batch.splits.items()
    }
    unlisted = batch.unlisted.model_copy(update={"rejected": lost.get("", 0)})
    with readable(cleaned_place(batch.place)):
        cleaned = count(root, batch.place)
    return batch.model_copy(update={"splits": splits, "unlisted": unlisted, "cleaned": cleaned})


def _samples(task: Rendered, root: Root) -> Rendered:
    if not task.splits:
        return task
    lost = rejected(rejects_place(RENDER, task.task, task.fingerprint), root)
    splits = {
        split: Tally(
            read=tally.read,
            kept=sum(rows(place, root) for place in task.files(split)),
            rejected=lost.get(split, 0),
        )
        for split, tally in task.splits.items()
    }
    return task.model_copy(update={"splits": splits})


def _deduplicated(task: Kept, rendered: Rendered, root: Root) -> Kept:
    lost = rejected(rejects_place(DEDUPLICATE, task.task, task.fingerprint), root)
    splits = {
        split: Tally(read=rendered.splits[split].kept, kept=tally.kept, rejected=lost.get(split, 0))
        for split, tally in task.splits.items()
    }
    return task.model_copy(update={"splits": splits})


def rows(place: str, root: Root) -> int:
    """The rows of a Parquet file, as its footer says; none if it is not there."""
    if not root.exists(place):
        return 0
    with readable(place):
        if root.is_local:
            return pq.read_metadata(root.local(place)).num_rows
        with root.fs.open(root.uri(place), "rb") as file:  # a copy would be made only for its footer
            return pq.read_metadata(file).num_rows


def rejected(place: str, root: Root) -> dict[str, int]:
    """The rows of a file of rejects by split; none if it is not there."""
    if not root.exists(place):
        return {}
    with readable(place):
        counted = scan(root.local(place)).group_by("split").agg(rows=pl.len()).collect()
        return dict(counted.iter_rows())


def refused_records(split: str, task: Rendered, root: Root) -> pl.DataFrame:
    """The ids of the records of a split that rendering left out, each once, whether or not they made samples too."""
    place = rejects_place(RENDER, task.task, task.fingerprint)
    if not root.exists(place):
        return pl.DataFrame(schema={"record_id": pl.String})
    with readable(place):
        lost = scan(root.local(place)).filter(pl.col("split") == split)
        return lost.select(pl.col("record_id").cast(pl.String).unique()).collect()


def records_of(samples: str, refused: pl.DataFrame, root: Root) -> pl.LazyFrame:
    """How many records made samples of a file and are not among the refused ones, as one row `records`."""
    made = scan(root.local(samples)).select(pl.col("record_id").cast(pl.String))
    if refused.height:
        made = made.join(refused.lazy(), on="record_id", how="anti")
    return made.select(records=pl.col("record_id").n_unique())


@contextmanager
def readable(place: str) -> Iterator[None]:
    """Turn what a damaged or missing file raises into an error that says what to do."""
    try:
        yield
    except (pl.exceptions.PolarsError, OSError, ValueError) as error:  # pyarrow raises ValueError on foreign bytes
        said = str(error).partition("\n")[0]
        raise LedgerError(
            f"`{place}`: expected a Parquet file with the columns of its stage, reading it failed: {said}. Remove "
            f"`{stage_folder(place)}` from the root, then build again: medinst build",
            place=place,
        ) from error


def stage_folder(place: str) -> str:
    """The folder whose removal makes a stage be done again, of a file in it; of rejects, that of their stage."""
    parts = Path(place).parts
    if parts[0] == "rejects":
        kind = "records" if parts[1] == READ else "samples"
        return "/".join((kind, parts[2], Path(parts[3]).stem))
    return "/".join(parts[:-1])
