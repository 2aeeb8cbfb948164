"""All indexed samples of a build, numbered in the order of precedence; their words stay in memory-mapped files."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from schemas.audit import Indexed
from schemas.errors import MedinstError
from schemas.task import Split
from tasks.base.store.root import Root
from tasks.build.audit.arrays import as_arrow, as_numbers
from tasks.build.audit.index import WORDS, File, files
from tasks.build.audit.polynomials import Hashes
from tasks.build.audit.words import Words
from tasks.build.deduplicate.decide import PRECEDENCE

Rows = NDArray[np.int64]
"""Numbers of samples."""


class Section(NamedTuple):
    """The samples of one task and split.

    Attributes:
        first: the number of its first sample.
        rows: the number of its samples.
        files: of the index, in the order of the samples.
    """

    task: str
    split: Split
    first: int
    rows: int
    files: list[File]

    def word_batches(self, rows: Rows | None = None) -> Iterator[tuple[int, pa.RecordBatch]]:
        """The batches of words, each with the number of its first sample.

        Args:
            rows: samples in ascending order; files and batches without one of them are left out.
        """
        first = self.first
        for file in self.files:
            if _has(rows, first, file.rows):
                place = first
                for batch in opened(file.words):
                    if _has(rows, place, batch.num_rows):
                        yield place, batch
                    place += batch.num_rows
            first += file.rows

    def key_batches(self) -> Iterator[tuple[int, pa.RecordBatch]]:
        """The batches of keys, each with the number of the sample from which on its rows are counted."""
        first = self.first
        for file in self.files:
            for batch in opened(file.keys):
                yield first, batch
            first += file.rows


def _has(rows: Rows | None, first: int, length: int) -> bool:
    """Whether one of some samples is among those that follow each other."""
    return rows is None or bool(np.diff(np.searchsorted(rows, [first, first + length]))[0])


def numbers(sections: Iterable[Section]) -> Rows:
    """The numbers of all samples of some sections."""
    return np.concatenate(
        [np.empty(0, np.int64), *(np.arange(each.first, each.first + each.rows) for each in sections)]
    )


class Part(NamedTuple):
    """Some samples of a batch.

    Attributes:
        rows: their numbers, in ascending order.
    """

    rows: Rows
    words: Words


class Corpus:
    """The samples of all tasks: tests before dev sets before training sets, then by source and task."""

    def __init__(self, indexed: Sequence[Indexed], root: Root) -> None:
        self.sections: list[Section] = []
        first = 0
        for split in PRECEDENCE:
            for task in sorted(indexed, key=lambda task: (task.source, task.task)):
                if rows := task.rows.get(split, 0):
                    self.sections.append(Section(task.task, split, first, rows, files(task, split, root)))
                    first += rows
        self.rows = first

    @cached_property
    def tasks(self) -> list[str]:
        """The names of all tasks, sorted."""
        return sorted({section.task for section in self.sections})

    @cached_property
    def section_of(self) -> NDArray[np.int16]:
        """The position in `sections` of each sample's section."""
        return np.repeat(np.arange(len(self.sections), dtype=np.int16), [section.rows for section in self.sections])

    @cached_property
    def task_of(self) -> NDArray[np.int16]:
        """The position in `tasks` of each sample's task."""
        return np.array([self.tasks.index(section.task) for section in self.sections], np.int16)[self.section_of]

    @cached_property
    def texts(self) -> Hashes:
        """A hash of all words of each sample."""
        return self._hashes[0]

    @cached_property
    def papers(self) -> Hashes:
        """A hash of each sample's document, 0 where it is unknown."""
        return self._hashes[1]

    @cached_property
    def origins(self) -> Hashes:
        """A hash of each sample's document, or of its text where its document is unknown."""
        return np.where(self.papers == 0, self.texts, self.papers)

    @cached_property
    def _hashes(self) -> tuple[Hashes, Hashes]:
        texts, papers = np.empty(self.rows, np.uint64), np.empty(self.rows, np.uint64)
        for section in self.sections:
            for first, batch in section.word_batches():
                here = slice(first, first + batch.num_rows)
                texts[here] = as_numbers(batch.column("text"))
                papers[here] = _papers(batch)
        return texts, papers

    def parts(self, rows: Rows) -> Iterator[Part]:
        """Some samples, which are numbered in ascending order, with their words, batch by batch."""
        for section in self.sections:
            for first, batch in section.word_batches(rows):
                here = rows[slice(*np.searchsorted(rows, [first, first + batch.num_rows]))]
                words = as_words(batch)
                yield Part(here, words if len(here) == batch.num_rows else words.take(here - first))

    def gather(self, rows: Rows) -> Words:
        """The words of some samples, which are numbered in ascending order."""
        found = [part.words for part in self.parts(rows)]
        hashes = np.concatenate([np.empty(0, np.uint32), *(words.hashes for words in found)])
        lengths = np.concatenate([np.empty(0, np.int64), *(words.lengths for words in found)])
        return Words(hashes, np.concatenate([[0], np.cumsum(lengths)]))

    def column(self, name: str, rows: Rows) -> pl.DataFrame:
        """A column of the index for some samples, with their `row`, in ascending order, each once."""
        wanted = np.unique(rows)
        found: list[pa.Array] = []
        for section in self.sections:
            for first, batch in section.word_batches(wanted):
                here = wanted[slice(*np.searchsorted(wanted, [first, first + batch.num_rows]))]
                found.append(batch.column(name).take(as_arrow(here - first)))
        values = pa.chunked_array(found, WORDS.field(name).type)
        return pl.DataFrame({"row": wanted, name: pl.Series(values.cast(_PLAIN.get(name, values.type)))})

    def documents(self, rows: Rows) -> pl.Series:
        """The documents of some samples, in the order given."""
        found = self.column("document", rows)
        return pl.DataFrame({"row": rows}).join(found, on="row", how="left", maintain_order="left")["document"]

    def named(self, rows: Rows) -> pl.DataFrame:
        """The `row`, `task`, `split` and `id` of some samples, in the order given."""
        ids = self.column("id", rows).with_columns(pl.col("id").bin.encode("hex"))
        sections = self.section_of[rows]
        return pl.DataFrame(
            {
                "row": rows,
                "task": np.array([section.task for section in self.sections], dtype=object)[sections].astype(str),
                "split": np.array([section.split for section in self.sections], dtype=object)[sections].astype(str),
            },
            schema={"row": pl.Int64, "task": pl.String, "split": pl.String},
        ).join(ids, on="row", how="left", maintain_order="left")


_PLAIN = {"id": pa.binary()}


def opened(path: Path) -> Iterator[pa.RecordBatch]:
    """The batches of a file of the index, mapped into memory.

    Raises:
        MedinstError: the file is missing, truncated or not written by the index.
    """
    try:
        with pa.memory_map(str(path)) as source, pa.ipc.open_file(source) as reader:
            for number in range(reader.num_record_batches):
                batch = reader.get_batch(number)
                batch.validate()
                yield batch
    except (OSError, pa.ArrowInvalid, KeyError) as error:
        raise MedinstError(
            f"{path}: expected a file of the index, found something else ({error}). It is made from the samples: "
            f"remove the folder {path.parent} and build again: medinst build",
            path=str(path),
        ) from error


def _papers(batch: pa.RecordBatch) -> Hashes:
    """A hash of the document of each sample of a batch, 0 where it is unknown."""
    names = pl.Series("document", batch.column("document"))
    hashes = names.to_frame().select(pl.col("document").nchash.xxh3_64()).to_series().to_numpy()  # pyright: ignore[reportAttributeAccessIssue]
    return np.where((names != "").to_numpy(), hashes, np.uint64(0))


def as_words(batch: pa.RecordBatch) -> Words:
    """The words of a batch."""
    lists = batch.column("words")
    offsets = as_numbers(lists.offsets).astype(np.int64)
    return Words(as_numbers(lists.values)[offsets[0] : offsets[-1]], offsets - offsets[0])


class Texts(NamedTuple):
    """The distinct texts of a corpus, numbered in the order of their hashes.

    Attributes:
        of: the text of each sample.
        row: a sample that has the text, for each text.
        hashes: of the words of each text.
    """

    of: NDArray[np.int64]
    row: Rows
    hashes: Hashes

    def rows(self, sections: Iterable[Section]) -> Rows:
        """The first sample of some sections that has each text; -1 where none has it."""
        found = np.full(len(self.row), -1)
        for section in sorted(sections, reverse=True, key=lambda section: section.first):
            last = section.first + section.rows - 1
            found[self.of[section.first : last + 1][::-1]] = np.arange(last, section.first - 1, -1)
        return found


def texts(corpus: Corpus) -> Texts:
    """Number the distinct texts."""
    hashes, row, of = np.unique(corpus.texts, return_index=True, return_inverse=True)
    return Texts(of, row, hashes)
