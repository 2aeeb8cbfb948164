"""Compare a training set with tests."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from schemas.errors import GuardError
from schemas.guard import Guarded, Looked
from tasks.build.audit.ahead import ahead
from tasks.tools.guard.collect import Collected
from tasks.tools.guard.index import Index, Numbers, index
from tasks.tools.guard.layouts import Layout, Texts, layout_of, texts_of
from tasks.tools.guard.named import Named
from tasks.tools.guard.places import File, digest, files
from tasks.tools.guard.rows import rows
from tasks.tools.guard.search import batches, search
from tasks.tools.guard.tests import Sample, Set
from tasks.tools.guard.told import told

Seen = Callable[[int], None]
"""What is called with the number of rows that were looked at."""


class Training(NamedTuple):
    """A training set.

    Attributes:
        name: as the user called it.
        files: its files.
        columns: those with texts, where the user named them.
    """

    name: str
    files: list[File]
    columns: Sequence[str]


class Outcome(NamedTuple):
    """What was found.

    Attributes:
        report: for people and programs.
        findings: all of them, with the columns of `told.FINDINGS`.
        unclean: numbers of rows that touch a test, from 1, by file.
    """

    report: Guarded
    findings: pl.DataFrame
    unclean: Mapping[str, set[int]]


def training(name: str, place: Path, columns: Sequence[str]) -> Training:
    """The training set in a file or folder."""
    return Training(name, files(place, "training set"), columns)


def guard(data: Training, sets: Sequence[Set], workers: int = 2, seen: Seen = lambda _: None) -> Outcome:
    """Compare every row of a training set with every text of the tests.

    Args:
        data: the training set.
        sets: the tests.
        workers: threads that compare, beside the one that reads.
        seen: is told how many rows were compared.

    Raises:
        GuardError: a row cannot be read, there are none, or the training set is a test.
    """
    started = time.perf_counter()
    mark = digest(data.files)
    for each in sets:
        if each.about.sha256 == mark:
            raise GuardError(
                f"{data.name}: expected a training set and tests of other files, found the same files in both. "
                f"Name the folder of the tests: --against FOLDER"
            )
    samples = [sample for each in sets for sample in each.samples]
    looked_for = index(samples)
    reading = _Reading(data, Named(samples))
    collected = Collected(looked_for, _origins(looked_for, samples))
    with ThreadPoolExecutor(workers) as pool:
        for found in ahead(pool, partial(search, looked_for), batches(reading.rows()), 2 * workers):
            collected.add(found)
            seen(reading.count)
    about = reading.about(mark)
    findings, report = told(about, sets, looked_for, collected.settled(), reading.named, reading.place_of)
    unclean: dict[str, set[int]] = {}
    for name, row in findings.select("file", "row").unique().iter_rows():
        unclean.setdefault(name, set()).add(row)
    return Outcome(report.model_copy(update={"seconds": round(time.perf_counter() - started, 1)}), findings, unclean)


class _Reading:
    """The rows of all files one after the other, and what is known of them by name alone."""

    def __init__(self, data: Training, named: Named) -> None:
        self.data, self.named = data, named
        self.count = self.empty = 0
        self.layouts: dict[str, int] = {}
        self.firsts: list[int] = []

    def rows(self) -> Iterator[Texts]:
        for file in self.data.files:
            self.firsts.append(self.count)
            layout: Layout | None = None
            for number, row in enumerate(rows(file), 1):
                where = f"{file.path}, row {number}"
                layout = layout or layout_of(row, self.data.columns, where)
                texts = texts_of(row, layout, where)
                self.named.see(self.count, texts)
                self.count += 1
                self.empty += not any(text.strip() for text in (*texts.asks, *texts.answers))
                yield texts
            if layout is not None:
                self.layouts[layout.name] = self.layouts.get(layout.name, 0) + self.count - self.firsts[-1]

    def about(self, mark: str) -> Looked:
        """What was read.

        Raises:
            GuardError: there was no row, or no text in any row.
        """
        name, files = self.data.name, len(self.data.files)
        if self.empty == self.count:
            found = f"{self.count:,} rows without any" if self.count else "none"
            raise GuardError(
                f"{name}: expected rows with texts, found {found} in {files} file{'s' if files != 1 else ''}."
            )
        return Looked(name=name, layouts=self.layouts, files=files, rows=self.count, empty=self.empty, sha256=mark)

    def place_of(self, rows: Numbers) -> pl.DataFrame:
        """The `file` of each row and its number there, from 1."""
        at = np.searchsorted(self.firsts, rows, side="right") - 1
        names = np.array([file.name for file in self.data.files], dtype=object)
        return pl.DataFrame(
            {"file": names[at].astype(str), "row": rows - np.array(self.firsts)[at] + 1},
            schema={"file": pl.String, "row": pl.Int64},
        )


def _origins(looked_for: Index, samples: Sequence[Sample]) -> Numbers:
    """The number of the document that each text is from; one of its own where that is unknown."""
    first = looked_for.owners.group_by("text").agg(pl.col("sample").min()).sort("text")
    documents = [samples[sample].document for sample in first["sample"]]
    numbers: dict[str, int] = {}
    return np.array(
        [numbers.setdefault(name, -len(numbers) - 1) if name else text for text, name in enumerate(documents)], np.int64
    )
