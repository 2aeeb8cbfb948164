"""The stage `index`: the words of published samples as numbers, and their keys, for the steps over all tasks.

What compares all texts with all others reads no text: each split has an Arrow file of its words' hashes, which is
mapped into memory, and one of its keys, each batch in the order of their highest bits, so that a range of keys is a
slice of each.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from schemas.audit import Indexed
from schemas.receipts import Kept, Rendered
from schemas.task import PairClasses, Qa, Split, Sts
from sources import tasks as declared_tasks
from tasks.base.store.fingerprint import code_of, fingerprint, hashes
from tasks.base.store.pool import in_process
from tasks.base.store.receipts import settled
from tasks.base.store.root import Root
from tasks.build.audit.arrays import as_arrow
from tasks.build.audit.keys import keys
from tasks.build.audit.windows import whole
from tasks.build.audit.words import Words, hashed
from tasks.build.deduplicate.published import left_out

STAGE = "index"
CHUNK = 4096
"""Samples of a batch: fixed, so that equal samples give equal bytes. A number for each word of as many abstracts takes
7 MB, all their sequences of words 100 MB."""

FEW = 16_384
"""Samples that are indexed sooner than a process is started."""

WORDS = pa.schema(
    [("id", pa.binary(16)), ("document", pa.string()), ("text", pa.uint64()), ("words", pa.list_(pa.uint32()))]
)
"""Columns of `<split>.words.arrow`; `text` is a hash of all words."""

KEYS = pa.schema([("key", pa.uint64()), ("row", pa.uint32())])
"""Columns of `<split>.keys.arrow`; `row` counts the split's samples from 0."""


WORDS_FILE, KEYS_FILE = ".words.arrow", ".keys.arrow"
"""The endings of the names of a split's files."""


def plan(kept: Kept) -> Indexed:
    """The index of a task to be made: its fingerprint and place."""
    declared = declared_tasks()[kept.task][1]
    made_of = {"samples": kept.fingerprint, **hashes(declaration=declared.asks), "code": code_of(__name__)}
    mark = fingerprint(made_of)
    place = f"audit/{kept.task}/{mark}"
    return Indexed(task=kept.task, source=kept.source, fingerprint=mark, made_of=made_of, place=place)


def index_task(rendered: Rendered, kept: Kept, root: Root, workers: int) -> Indexed:
    """Index one task, unless its index exists already.

    Args:
        rendered: its samples.
        kept: which of them are published.
        root: where they are and the index goes.
        workers: processes; each split is indexed in one.
    """
    planned = plan(kept)
    if (done := settled(planned, root.done(planned.place))) is not None:
        return done
    started = time.perf_counter()
    if max((kept.splits[split].kept for split in rendered.splits), default=0) <= FEW:
        workers = 1
    with ThreadPoolExecutor(workers) as threads:  # each waits for a process
        rows = dict(
            zip(
                rendered.splits,
                threads.map(
                    lambda split: in_process(workers, _index, rendered, kept, split, planned.place, root.url),
                    rendered.splits,
                ),
                strict=True,
            )
        )
    done = planned.model_copy(update={"rows": rows, "seconds": round(time.perf_counter() - started, 3)})
    root.finish(done.place, done.model_dump(mode="json", exclude={"place"}))
    return done


def _index(rendered: Rendered, kept: Kept, split: Split, place: str, url: str) -> int:
    root = Root(url)
    rows = 0
    with (
        root.writing(f"{place}/{split}{WORDS_FILE}") as words_path,
        root.writing(f"{place}/{split}{KEYS_FILE}") as keys_path,
        pa.OSFile(str(words_path), "wb") as words_file,
        pa.OSFile(str(keys_path), "wb") as keys_file,
        pa.ipc.new_file(words_file, WORDS) as words_writer,
        pa.ipc.new_file(keys_file, KEYS) as keys_writer,
    ):
        for samples in published(rendered, kept, split, root):
            words = hashed(asked(samples["input"], rendered.task))
            words_writer.write_batch(_batch(samples, words))
            found = keys(words)
            keys_writer.write_batch(
                pa.record_batch([as_arrow(found.keys), as_arrow(found.rows + np.uint32(rows))], schema=KEYS)
            )
            rows += samples.height
    return rows


def published(rendered: Rendered, kept: Kept, split: Split, root: Root) -> Iterator[pl.DataFrame]:
    """The id, document and input of published samples, in batches, in the order of the file."""
    dropped = left_out(kept.place, split, root)
    for place in rendered.files(split):
        with pq.ParquetFile(root.local(place), memory_map=True) as file:
            for batch in file.iter_batches(CHUNK, columns=["id", "document", "input"]):
                frame = pl.DataFrame(batch).with_columns(pl.col("id", "document", "input").cast(pl.String))
                yield frame.filter(~pl.col("id").is_in(dropped.implode())) if len(dropped) else frame


def asked(inputs: pl.Series, task: str) -> pl.Series:
    """Inputs without the words that rendering adds before the text of every sample of a task."""
    declared = declared_tasks()[task][1]
    for words in declared.asks.values():
        inputs = inputs.str.strip_prefix(f"{words}\n")
    if isinstance(declared, Qa):
        return inputs.str.strip_prefix("Question: ")
    if isinstance(declared, PairClasses | Sts):
        first = declared.first or declared.second
        return inputs.str.strip_prefix(f"{first}: ").str.replace(f"\n{declared.second}: ", "\n", literal=True)
    return inputs


def _batch(samples: pl.DataFrame, words: Words) -> pa.RecordBatch:
    ids = as_arrow(samples["id"].str.decode("hex")).cast(pa.binary(16))
    documents = as_arrow(samples["document"]).cast(pa.string())
    lists = pa.ListArray.from_arrays(as_arrow(words.offsets.astype(np.int32)), as_arrow(words.hashes))
    return pa.record_batch([ids, documents, as_arrow(whole(words)), lists], schema=WORDS)


def files(indexed: Indexed, split: Split, root: Root) -> tuple[Path, Path]:
    """The files of words and of keys of one split."""
    return root.local(f"{indexed.place}/{split}{WORDS_FILE}"), root.local(f"{indexed.place}/{split}{KEYS_FILE}")
