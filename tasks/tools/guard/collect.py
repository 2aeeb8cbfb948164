"""What was found in all rows: pairs of a row and a text, without those that share only stock phrases."""

from typing import NamedTuple

import numpy as np
import polars as pl

from schemas.audit import BOILERPLATE, MOSTLY
from tasks.tools.guard.index import Index, Numbers
from tasks.tools.guard.search import Found

PENDING = 2**21
"""Sequences with the rows that have them which may wait to be counted."""


class Pairs(NamedTuple):
    """Rows and texts that have something in common.

    Attributes:
        pairs: `row`, `text`, `kind`, `share`, and the `place` of the first word in common; one for each row and text.
        boilerplate: the numbers of sequences that are in too many texts, those of most test texts first.
    """

    pairs: pl.DataFrame
    boilerplate: Numbers


class Collected:
    """The findings so far; of each sequence only as many rows are kept as make it boilerplate."""

    def __init__(self, index: Index, origins: Numbers) -> None:
        """Begin.

        Args:
            index: what is looked for.
            origins: number of the document of each text; texts without a known document have one each.
        """
        self.index = index
        self.kept: dict[str, list[pl.DataFrame]] = {"runs": [], "near": [], "equal": []}
        self.seen = pl.DataFrame(schema={"sequence": pl.Int64, "hash": pl.UInt64})
        self.waiting: list[pl.DataFrame] = []
        self.pending = 0
        self.tests = _documents(index, origins)

    def add(self, found: Found) -> None:
        """Add what a batch has."""
        for name, frames in self.kept.items():
            frame = getattr(found, name)
            if frame.height:
                frames.append(frame)
        self.waiting.append(found.seen)
        self.pending += found.seen.height
        if self.pending > PENDING:
            self._count()

    def _count(self) -> None:
        self.seen = (
            pl.concat([self.seen, *self.waiting], how="vertical_relaxed")
            .unique()
            .filter(pl.int_range(pl.len()).over("sequence") <= BOILERPLATE)
        )
        self.waiting, self.pending = [], 0

    def settled(self) -> Pairs:
        """All pairs, each with the strongest evidence."""
        self._count()
        counts = np.bincount(self.seen["sequence"].to_numpy(), minlength=len(self.tests)) + self.tests
        stock = np.flatnonzero(counts > BOILERPLATE)
        frames = [self._words(stock), *self._others()]
        pairs = pl.concat(frames, how="vertical_relaxed").sort("row", "text", "order")
        first = pairs.unique(["row", "text"], keep="first", maintain_order=True).drop("order")
        met = stock[np.isin(stock, self.seen["sequence"].to_numpy())]
        return Pairs(first, met[np.argsort(-self.tests[met], kind="stable")])

    def _words(self, stock: Numbers) -> pl.DataFrame:
        """Pairs with sequences in common: most of the text, or some that are no boilerplate."""
        runs = pl.concat([_RUNS, *self.kept["runs"]], how="vertical_relaxed")
        before = self._before(stock)
        starts = self.index.words.offsets[runs["text"].to_numpy()] + runs["place"].to_numpy()
        own = runs["length"].to_numpy() - (before[starts + runs["length"].to_numpy()] - before[starts])
        pairs = (  # the run with most words of the text's own tells most
            runs.with_columns(own=pl.Series(own))
            .sort("row", "text", "own", "place", descending=[False, False, True, False])
            .group_by("row", "text", maintain_order=True)
            .agg(share=pl.col("length").sum(), own=pl.col("own").sum(), place=pl.col("place").first())
        )
        counts = self.index.counts[pairs["text"].to_numpy()]
        return (
            pairs.with_columns(share=pl.Series(pairs["share"].to_numpy() / counts))
            .filter((pl.col("share") >= MOSTLY) | (pl.col("own") > 0))
            .with_columns(whole=pl.col("share") == 1)
            .select(
                "row",
                "text",
                "place",
                "share",
                kind=pl.when("whole").then(pl.lit("text")).otherwise(pl.lit("words")),
                order=pl.when("whole").then(0).otherwise(1),
            )
        )

    def _before(self, stock: Numbers) -> Numbers:
        """For each word of all texts, how many sequences before it are boilerplate."""
        sequences = self.index.sequences
        _, entry = sequences.entries(stock)
        flags = np.zeros(len(self.index.words.hashes) + 1, np.int64)
        flags[self.index.words.offsets[sequences.texts[entry]] + sequences.places[entry] + 1] = 1
        return np.cumsum(flags)

    def _others(self) -> list[pl.DataFrame]:
        near = pl.concat([_NEAR, *self.kept["near"]], how="vertical_relaxed")
        equal = pl.concat([_EQUAL, *self.kept["equal"]], how="vertical_relaxed").with_columns(share=pl.lit(1.0))
        kinds = (("near", 2, near), ("text", 0, equal))
        return [
            frame.select("row", "text", "share", kind=pl.lit(kind), order=pl.lit(order), place=pl.lit(0)).select(
                "row", "text", "place", "share", "kind", "order"
            )
            for kind, order, frame in kinds
        ]


_EQUAL = pl.DataFrame(schema={"row": pl.Int64, "text": pl.Int64})
_NEAR = pl.DataFrame(schema={**_EQUAL.schema, "share": pl.Float64})
_RUNS = pl.DataFrame(schema={**_EQUAL.schema, "place": pl.Int64, "length": pl.Int64})


def _documents(index: Index, origins: Numbers) -> Numbers:
    """The number of documents among the tests that have each sequence."""
    sequences = index.sequences
    of = np.repeat(np.arange(len(sequences.hashes)), np.diff(sequences.ends))
    pairs = pl.DataFrame({"sequence": of, "origin": origins[sequences.texts]}).unique()
    return np.bincount(pairs["sequence"].to_numpy(), minlength=len(sequences.hashes))
