"""The abstracts that all tools are given, invented, with planted copies and leaks; and what ours finds there."""

import json
import shutil
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import polars as pl

from schemas.receipts import Order, Rendered
from schemas.records import MARKS
from schemas.state import State
from tasks.base.store.root import Root
from tasks.build.audit.index import asked
from tasks.build.deduplicate.published import DROPPED
from tests.benchmarks.scale.beside.driver import ROWS, TEST, TRAIN
from tests.benchmarks.scale.found import named
from tests.benchmarks.scale.generate import LEDGER, File, write
from tests.benchmarks.scale.rows import Place
from tests.benchmarks.scale.staged import begin, receipts, run
from tests.benchmarks.scale.stages import stages
from tests.benchmarks.scale.watch import Cost

SOURCE, TASK = "medal", "MeDAL"
PLANTED = 0.1
"""Share of the tests that are planted, most of them in the training rows of the same task."""

STEPS = ("deduplicate", "index", "near duplicates", "leakage")
"""The pieces of a build that find copies and leaks."""


class Sizes(NamedTuple):
    """How many rows are compared.

    Attributes:
        near: training rows among which near duplicates are looked for.
        train: the first of them, which are held against tests.
        test: tests.
    """

    near: int
    train: int
    test: int

    @classmethod
    def of(cls, rows: int) -> "Sizes":
        """The full sizes from a million rows on, fewer in proportion."""
        share = min(1.0, rows / 1_000_000)
        return cls(round(200_000 * share), round(100_000 * share), round(15_000 * share))


class Ours(NamedTuple):
    """A build of some abstracts.

    Attributes:
        costs: of each piece.
        state: its receipts.
        root: where it is.
        ledger: what is planted in its rows: `kind`, `id`, `twin_id`, and whatever the ledger says.
    """

    costs: dict[str, Cost]
    state: State
    root: Root
    ledger: pl.DataFrame

    @property
    def cost(self) -> Cost:
        """Of all that finds copies and leaks."""
        first, *others = (self.costs[step] for step in STEPS if step in self.costs)
        for other in others:
            first = first.plus(other)
        return first

    @property
    def task(self) -> Rendered:
        """Its samples."""
        (built,) = self.state.sources
        return built.rendered[0]

    def dropped(self) -> pl.DataFrame:
        """The training samples that deduplication left out, each with its twin."""
        (built,) = self.state.sources
        frame = pl.read_parquet(self.root.local(f"{built.kept[0].place}/{DROPPED}"))
        return frame.filter(pl.col("split") == "train").select("id", "twin")

    def found(self, name: str) -> pl.DataFrame:
        """A table of the audit."""
        assert self.state.audit is not None
        return pl.read_parquet(self.root.local(f"{self.state.audit.place}/{name}.parquet"))


def generate(mirror: Path, sizes: Sizes) -> None:
    """Write the abstracts and their ledger."""
    place = Place(SOURCE, TASK, "main", "train")
    files = [File(place._replace(split="test"), sizes.test, sizes.near), File(place, sizes.near, 0)]
    write(mirror, files, planted=PLANTED)


def build(mirror: Path, place: Path, train: int, test: int, environment: dict[str, str]) -> Ours:
    """Build the first training rows and, if there are to be any, the tests, in one process, stage by stage.

    Args:
        mirror: the abstracts.
        place: scratch, new; the mirror of these rows, and the root.
        train: how many training rows.
        test: how many tests.
        environment: added to that of this process.
    """
    into = place / "mirror" / SOURCE
    into.mkdir(parents=True)
    shutil.copy(mirror / "mirror.json", place / "mirror")
    for split, rows in {"train": train, "test": test}.items():
        if rows:
            with (mirror / SOURCE / f"{split}.csv").open() as file, (into / f"{split}.csv").open("w") as some:
                some.writelines(islice(file, rows + 1))
    begin(place, Order(sources=(SOURCE,), root=str(place / "root"), mirrors=(str(place / "mirror"),), workers=1))
    costs: dict[str, Cost] = {}
    for stage in stages():
        if stage not in ("end", "hash"):
            costs |= run(place, stage, environment)
    state = receipts(place)
    root = Root(state.order.root)
    row, twin = (pl.col(name).cast(pl.Int64) for name in ("record", "twin_record"))
    inside = pl.when(pl.col("twin_split") == "test").then(pl.lit(test > 0)).otherwise(twin < train)
    ledger = pl.read_parquet(mirror / LEDGER).filter(pl.col("split") == "train", row < train, inside)
    return Ours(costs, state, root, named(ledger, state, root))


def hand_over(ours: Ours, place: Path) -> None:
    """Write the texts of a build as its samples have them, for other tools: alone, or as training texts and tests."""
    names = {"train": TRAIN, "test": TEST} if "test" in ours.task.splits else {"train": ROWS}
    for split, name in names.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        with (place / name).open("w", encoding="utf-8") as file:
            for id_, text in _texts(ours, split):
                file.write(json.dumps({"id": id_, "text": text, "source": SOURCE}) + "\n")


def _texts(ours: Ours, split: str) -> Iterator[tuple[str, str]]:
    """The id and the text of each sample, without what rendering adds."""
    for name in ours.task.files(split):  # pyright: ignore[reportArgumentType]
        samples = pl.read_parquet(ours.root.local(name), columns=["id", "input"])
        texts = asked(samples["input"], TASK)
        for mark in MARKS:
            texts = texts.str.replace_all(mark, "", literal=True)
        yield from zip(samples["id"], texts, strict=True)
