"""The texts that must not be in a training set: of the benchmark's tests, and of tests in folders."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from schemas.errors import GuardError
from schemas.guard import Looked
from schemas.licence import apart, refusal
from schemas.manifest import BenchmarkManifest
from tasks.base.store.frames import read
from tasks.base.versions.find import Found
from tasks.build.audit.index import asked as without_prefix
from tasks.tools.guard.layouts import Layout, asked, layout_of
from tasks.tools.guard.places import digest, files
from tasks.tools.guard.rows import rows
from tasks.tools.guard.series import whole


class Sample(NamedTuple):
    """A sample of a test.

    Attributes:
        texts: the texts that it asks.
        document: the publication that it is from; empty if unknown.
    """

    test: str
    id: str
    texts: list[str]
    document: str


class Set(NamedTuple):
    """Tests from one place.

    Attributes:
        about: the place.
        samples: theirs.
        unquoted: the tests whose words may not be quoted.
    """

    about: Looked
    samples: list[Sample]
    unquoted: frozenset[str] = frozenset()


def benchmark_tests(benchmark: Found[BenchmarkManifest]) -> Set:
    """The test sets of a benchmark. Only those whose licence lets everybody pass them on are quoted."""
    manifest = benchmark.manifest
    samples = [sample for task in manifest.tasks for sample in _samples(benchmark, task)]
    hidden = {name for name, test in manifest.tasks.items() if refusal("open", apart(test.licence), "open") is not None}
    about = Looked(
        name=f"MedINST32 {benchmark.version}",
        layouts={"medinst": len(samples)},
        files=len(manifest.tasks),
        rows=len(samples),
        sha256=benchmark.digest,
    )
    return Set(about, samples, frozenset(hidden))


def _samples(benchmark: Found[BenchmarkManifest], task: str) -> Iterator[Sample]:
    frame = read(benchmark.local(f"data/{task}/test.parquet"), columns=["id", "input", "document"])
    frame = frame.with_columns(pl.all().cast(pl.String))
    inputs = without_prefix(frame["input"], task)
    for id_, text, document in zip(frame["id"], inputs, frame["document"], strict=True):
        yield Sample(task, id_, [text], document or "")


def folder_tests(place: Path, columns: Sequence[str]) -> Set:
    """The tests in a folder, or in one file: one for each file, or for each folder of shards.

    Args:
        place: the folder or file.
        columns: those with the texts, if no known layout has them.

    Raises:
        GuardError: there are none, or they cannot be read.
    """
    every = files(place, "test")
    samples: list[Sample] = []
    layouts: dict[str, int] = {}
    for file in every:
        test = _test(place, file.name)
        layout: Layout | None = None
        for number, row in enumerate(rows(file), 1):
            where = f"{file.path}, row {number}"
            layout = layout or layout_of(row, columns, where)
            found = asked(row, layout, where)
            layouts[layout.name] = layouts.get(layout.name, 0) + 1
            name = whole(found.id) or f"{file.name}:{number}"
            samples.append(Sample(test, name, [whole(text) for text in found.asks], whole(found.document)))
    if chosen := _chosen(place):
        samples = [sample for sample in samples if sample.id in chosen]
    if not any(sample.texts for sample in samples):
        raise GuardError(f"{place}: expected samples of a test, found none with a text in {len(every)} files.")
    about = Looked(name=str(place), layouts=layouts, files=len(every), rows=len(samples), sha256=digest(every))
    return Set(about, samples)


def _chosen(place: Path) -> frozenset[str]:
    """The ids of the samples that are the test, where a file of right answers beside them says so."""
    found: set[str] = set()
    for path in place.rglob("*ground_truth.json") if place.is_dir() else ():
        try:
            found.update(json.loads(path.read_bytes()))
        except (ValueError, TypeError) as error:
            raise GuardError(
                f"{path}: expected the right answers by the ids of samples, found none ({error})."
            ) from error
    return frozenset(found)


_SHARD = re.compile(r"[-_.]?\d+([-_]of[-_]\d+)?$")
"""What the names of shards end in."""


def _test(place: Path, name: str) -> str:
    """A name for the test of a file: its place; in a folder, also its folder there, or its own name without shards."""
    if place.is_file():
        return place.name.split(".")[0]
    inside = Path(name)
    if inside.parent != Path():
        return f"{place.name}/{inside.parent.as_posix()}"
    own = _SHARD.sub("", inside.name.split(".")[0])
    return f"{place.name}/{own}" if own else place.name
