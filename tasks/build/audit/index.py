"""The stage `index`: the words of published samples as numbers, and their keys, for the steps over all tasks.

What compares all texts with all others reads no text: each file of samples has an Arrow file of its words' hashes,
which is mapped into memory, and one of its keys, each batch in the order of their highest bits, so that a range of keys
is a slice of each. The files of a large split are pieces, with a receipt each.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from schemas.audit import Indexed
from schemas.receipts import Kept, Made, Piece, Rendered, Tally
from schemas.task import PairClasses, Qa, Split, Sts
from sources import tasks as declared_tasks
from tasks.base.store.fingerprint import code_of, fingerprint, hashes
from tasks.base.store.frames import scan_arrow
from tasks.base.store.pieces import files_of, once
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
"""Columns of a file of words; `text` is a hash of all words."""

KEYS = pa.schema([("key", pa.uint64()), ("row", pa.uint32())])
"""Columns of a file of keys; `row` counts the samples of the file from 0."""


WORDS_FILE, KEYS_FILE = ".words.arrow", ".keys.arrow"
"""The endings of the names of both."""


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
        workers: processes; each file of samples is indexed in one.
    """
    planned = plan(kept)
    if (done := settled(planned, root.done(planned.place))) is not None:
        return done
    started = time.perf_counter()
    pieces = files_of(rendered)
    with ThreadPoolExecutor(workers) as threads:  # each waits for a process
        made = [*threads.map(lambda piece: _piece(rendered, kept, piece, planned.place, root, workers), pieces)]
    rows: dict[Split, list[int]] = {split: [] for split in rendered.splits}
    for piece, each in zip(pieces, made, strict=True):
        rows[piece.split].append(each.tally.kept)
    done = planned.model_copy(
        update={
            "rows": {split: sum(found) for split, found in rows.items()},
            "pieces": {split: tuple(found) for split, found in rows.items() if split in rendered.pieces},
            "seconds": round(time.perf_counter() - started + sum(each.seconds for each in made), 3),
        }
    )
    root.finish(done.place, done.model_dump(mode="json", exclude={"place"}))
    return done


def large(rendered: Rendered, kept: Kept, root: Root) -> list[Piece]:
    """The pieces of a task's large splits, unless its index exists already; most tasks have none."""
    found = [piece for piece in files_of(rendered) if piece.split in rendered.pieces]
    return [] if not found or root.done(plan(kept).place) is not None else found


def index_piece(rendered: Rendered, kept: Kept, piece: Piece, root: Root, workers: int) -> Tally:
    """Index one piece of a large split ahead, unless that was done already.

    Args:
        rendered: the samples of its task.
        kept: which of them are published.
        piece: one of those that `large` gives.
        root: where the samples are and the index goes.
        workers: in one process of so many, unless there is one.
    """
    return _piece(rendered, kept, piece, plan(kept).place, root, workers).tally


def _piece(rendered: Rendered, kept: Kept, piece: Piece, place: str, root: Root, workers: int) -> Made:
    """Index a file of samples; that of a large split is a piece, which may be there."""
    if kept.splits[piece.split].kept <= FEW * piece.count:
        workers = 1

    def make() -> Tally:
        return in_process(workers, _index, rendered, kept, piece, place, root.url)

    if piece.count == 1:
        return Made(tally=make())
    folder = f"{place}/{piece.name}"
    return once(root, folder, [f"{folder}{ending}" for ending in (WORDS_FILE, KEYS_FILE)], make)


def _index(rendered: Rendered, kept: Kept, piece: Piece, place: str, url: str) -> Tally:
    root = Root(url)
    rows = 0
    with (
        root.writing(f"{place}/{piece.name}{WORDS_FILE}") as words_path,
        root.writing(f"{place}/{piece.name}{KEYS_FILE}") as keys_path,
        pa.OSFile(str(words_path), "wb") as words_file,
        pa.OSFile(str(keys_path), "wb") as keys_file,
        pa.ipc.new_file(words_file, WORDS) as words_writer,
        pa.ipc.new_file(keys_file, KEYS) as keys_writer,
    ):
        for samples in published(rendered, kept, piece.split, root, piece.number):
            words = hashed(asked(samples["input"], rendered.task))
            words_writer.write_batch(_batch(samples, words))
            found = keys(words)
            keys_writer.write_batch(
                pa.record_batch([as_arrow(found.keys), as_arrow(found.rows + np.uint32(rows))], schema=KEYS)
            )
            rows += samples.height
    read = pq.read_metadata(root.local(rendered.files(piece.split)[piece.number])).num_rows
    return Tally(read=read, kept=rows, rejected=read - rows)


def published(
    rendered: Rendered, kept: Kept, split: Split, root: Root, number: int | None = None
) -> Iterator[pl.DataFrame]:
    """The id, document and input of published samples, in batches, in the order of the file.

    Args:
        rendered: the samples of a task.
        kept: which of them are published.
        split: of the samples.
        root: where they are.
        number: of the file of a large split; None for all.
    """
    dropped = left_out(kept.place, split, root)
    places = rendered.files(split)
    for place in places if number is None else [places[number]]:
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


class File(NamedTuple):
    """The two files of the index with consecutive samples of a split; of a bucket, each comes when it is needed.

    Attributes:
        root: where they are.
        name: their place, without their endings.
        rows: the number of samples.
    """

    root: Root
    name: str
    rows: int

    @property
    def words(self) -> Path:
        """The file with the words of the samples."""
        return self.root.local(f"{self.name}{WORDS_FILE}")

    @property
    def keys(self) -> Path:
        """The file with their keys, whose rows count from the first of the samples."""
        return self.root.local(f"{self.name}{KEYS_FILE}")


def files(indexed: Indexed, split: Split, root: Root) -> list[File]:
    """The files of one split, in the order of its samples."""
    return [File(root, name, rows) for name, rows in indexed.files(split).items()]


def scan_words(indexed: Indexed, split: Split, root: Root) -> pl.LazyFrame:
    """The columns of `WORDS` of one split, to be read when they are needed."""
    return scan_arrow([root.local(f"{name}{WORDS_FILE}") for name in indexed.files(split)])
