"""`python -m tests.benchmarks.scale.generate FOLDER [--rows N] [--seed N]`: a mirror of large sources, all invented.

With it come `mirror.json`, the counts that a build is held against, and `planted.parquet`, the ledger of all copies and
leaks.
"""

import argparse
import json
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from schemas.task import SPLITS
from sources import find
from tasks.base.paper import counts
from tasks.base.paper.parity import paper
from tests.benchmarks.scale.archives import pack
from tests.benchmarks.scale.kinds import languages
from tests.benchmarks.scale.layouts import ELSEWHERE, LAYOUTS, Layout
from tests.benchmarks.scale.rows import LEAKS, Chunk, Kind, Leak, Place, chunks

SEED = 20_261_120
LEDGER = "planted.parquet"
PLANTED, LEAST = 0.001, 12
"""Of each test this share of its texts is planted in training rows if no other is named, and at least so many."""

FEWEST = 8
"""Words that a text must have to be planted."""


class File(NamedTuple):
    """A split of a part: how many rows it has, and how many the files of its source before it."""

    place: Place
    rows: int
    before: int


TREES = "trees"
"""Folder of the archives' members until they are packed."""


def main() -> None:
    """Generate and say how long it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    started = time.perf_counter()
    generate(given.folder, given.rows, given.seed, say=True)
    sys.stdout.write(f"{given.rows:,} rows in {time.perf_counter() - started:.0f} s\n")


def generate(folder: Path, rows: int, seed: int = SEED, say: bool = False) -> None:
    """Write a mirror of so many rows, shared out over the sources as in Table 11.

    Args:
        folder: where; must not be there or be empty.
        rows: of all sources together.
        seed: of all chance.
        say: whether to print what was written.
    """
    write(folder, plan(rows), seed, say)


def write(folder: Path, files: list[File], seed: int = SEED, say: bool = False, planted: float = PLANTED) -> None:
    """Write a mirror of some files.

    Args:
        folder: where; must not be there or be empty.
        files: what, tests before the rows that they are planted in.
        seed: of all chance.
        say: whether to print what was written.
        planted: share of the texts of each test that is planted in training rows.
    """
    known = languages(seed)
    kinds = {source: {part: made(known) for part, made in layout.parts.items()} for source, layout in LAYOUTS.items()}
    leaks: dict[Place, list[Leak]] = {}
    ledger: list[pl.DataFrame] = []
    for number, file in enumerate(files):
        started = time.perf_counter()
        kind = kinds[file.place.source][file.place.part]
        dice = np.random.default_rng([seed, number])
        with _Writer(folder, file) as writer:
            for chunk in chunks(file.place, kind, file.rows, (seed, number), leaks.get(file.place, ())):
                writer.write(chunk)
                ledger.append(chunk.ledger.select("kind", *_columns(file), pl.exclude("kind")))
                if file.place.split == "test":
                    _choose(dice, file, chunk, kinds, leaks, planted)
        if say:
            sys.stdout.write(f"{'/'.join(file.place)}: {file.rows:,} in {time.perf_counter() - started:.1f} s\n")
            sys.stdout.flush()
    _pack(folder)
    _ledger(files, ledger).write_parquet(folder / LEDGER)
    _describe(folder, files)


def plan(rows: int) -> list[File]:
    """The files of so many rows, tests first, because their texts are planted in the training files."""
    table = paper()
    total = sum(sum(table[layout.task][1]) for layout in LAYOUTS.values())
    files: list[File] = []
    for source, layout in LAYOUTS.items():
        declared = find(source).parts
        parts = list(layout.parts)
        whole = sum(declared[part].documented.get("train", 1) for part in parts)
        before = 0
        for part in parts:
            share = declared[part].documented.get("train", 1) / whole
            for split, size in zip(SPLITS, table[layout.task][1], strict=True):
                count = round(size * share * rows / total)
                if count:
                    files.append(File(Place(source, layout.task, part, split), count, before))
                    before += count
    return sorted(files, key=lambda file: -SPLITS.index(file.place.split))  # pyright: ignore[reportArgumentType]


class _Writer:
    """Writes the files of one split of a part, which are its roles."""

    def __init__(self, folder: Path, file: File) -> None:
        self.file, self.layout = file, LAYOUTS[file.place.source]
        roles = find(file.place.source).parts[file.place.part].splits[file.place.split]  # pyright: ignore
        self.paths = {role: _path(folder, file.place.source, spec) for role, spec in roles.items()}
        self.open = ExitStack()

    def __enter__(self) -> "_Writer":
        for path in self.paths.values():
            path.parent.mkdir(parents=True, exist_ok=True)
        self.files = [self.open.enter_context(path.open("wb")) for path in self.paths.values()]
        for file in self.files:
            file.write(self.layout.head.encode())
        return self

    def __exit__(self, *error: object) -> None:
        for file in self.files:
            file.write(self.layout.tail.encode())
        self.open.close()

    def write(self, chunk: Chunk) -> None:
        """Write some rows."""
        number = self.file.before + chunk.first
        rows = chunk.frame.with_row_index("number", number)
        for file, row in zip(self.files, self.layout.row.values(), strict=True):
            if chunk.first:
                file.write(self.layout.between.encode())
            file.write(rows.select(row.str.join(self.layout.between)).item().encode())


def _path(folder: Path, source: str, spec: str) -> Path:
    """Where a member of an archive is written first, or a file that is in none."""
    name, _, member = spec.partition("!")
    return folder / TREES / source / name / member if member else folder / source / name


def _pack(folder: Path) -> None:
    trees = folder / TREES
    if not trees.is_dir():
        return
    specs = {
        (source, spec.split("!")[0])
        for source in LAYOUTS
        for part in LAYOUTS[source].parts
        for roles in find(source).parts[part].splits.values()
        for spec in roles.values()
        if "!" in spec
    }
    for source, name in sorted(specs):
        if (trees / source / name).is_dir():
            pack(trees / source / name, folder / source / name)
    for path in sorted(trees.rglob("*"), reverse=True):
        path.rmdir()
    trees.rmdir()


def _choose(
    dice: np.random.Generator,
    file: File,
    chunk: Chunk,
    kinds: Mapping[str, Mapping[str, Kind]],
    leaks: dict[Place, list[Leak]],
    share: float,
) -> None:
    """Choose texts of a chunk of tests, to be planted in training rows of their source and elsewhere."""
    source = file.place.source
    wanted = min(max(LEAST, round(share * file.rows)), file.rows // 4)
    done = chunk.first + chunk.frame.height
    due = wanted * done // file.rows - wanted * chunk.first // file.rows
    long = np.flatnonzero(chunk.fresh.texts.lengths >= FEWEST)
    chosen = chunk.fresh.take(dice.permutation(long)[:due])
    for number, row in enumerate(chosen.numbers.tolist()):
        where = ELSEWHERE.get(source, source) if number % 4 == 3 else source
        part, kind = next(iter(kinds[where].items()))
        text = chosen.texts.take(np.array([number]))
        if where != source:
            text = kind.written(dice, kind.vocabulary.plain(text))
        place = Place(where, LAYOUTS[where].task, part, "train")
        leaks.setdefault(place, []).append(Leak(file.place, row, text.words, number % len(LEAKS)))


def _columns(file: File) -> list[pl.Expr]:
    return [pl.lit(value).alias(name) for name, value in file.place._asdict().items()]


def _ledger(files: list[File], found: list[pl.DataFrame]) -> pl.DataFrame:
    """The ledger with records named as in the samples: the copy, then its twin."""
    before = pl.DataFrame([(*file.place, file.before) for file in files], [*Place._fields, "before"], orient="row")
    rows = pl.concat(found)
    for mark in ("", "twin_"):
        keys = [f"{mark}{name}" for name in Place._fields]
        rows = rows.join(before.rename(dict(zip(Place._fields, keys, strict=True))), on=keys, how="left")
        record = pl.coalesce(
            pl.when(pl.col(f"{mark}source") == source).then(_record(source, layout, f"{mark}row", f"{mark}part"))
            for source, layout in LAYOUTS.items()
        )
        rows = rows.with_columns(record.alias(f"{mark}record")).drop("before", f"{mark}row", f"{mark}part")
    names = ("source", "task", "split", "record")
    return rows.select("kind", *names, *(f"twin_{name}" for name in names), "words", "at")


def _record(source: str, layout: Layout, row: str, part: str) -> pl.Expr:
    """The record's id as the samples have it."""
    if layout.first is not None:
        return (pl.col(row) + pl.col("before") + layout.first).cast(pl.String)
    number = pl.col(row).cast(pl.String)
    return pl.concat_str(pl.col(part), pl.lit("/"), number) if len(layout.parts) > 1 else number


def _describe(folder: Path, files: list[File]) -> None:
    """Say that no file is its publisher's, and how many samples are to be rendered."""
    expected: counts.Counts = {}
    for file in files:
        splits = expected.setdefault(file.place.task, {})
        splits[file.place.split] = splits.get(file.place.split, 0) + file.rows  # pyright: ignore
    (folder / "counts.csv").write_text(counts.write(expected), encoding="utf-8")
    about = f"{sum(file.rows for file in files):,} rows made of invented words in the layouts of large sources."
    (folder / "mirror.json").write_text(json.dumps({"original": False, "about": about}) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
