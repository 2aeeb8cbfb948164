"""What is measured, and in what unit each cost is given."""

from collections.abc import Mapping
from typing import NamedTuple

from tests.benchmarks.measure import Cost

Costs = Mapping[str, Mapping[str, Cost]]
"""Benchmark -> piece -> cost."""


class Piece(NamedTuple):
    """A cost, and what it is divided by.

    Attributes:
        title: how the table names it.
        benchmark: the benchmark that measures it.
        pieces: its pieces there, which add up.
        unit: benchmark and piece of the unit.
    """

    title: str
    benchmark: str
    pieces: tuple[str, ...]
    unit: tuple[str, str] = ("unit", "unit")

    def ratio(self, costs: Costs) -> float:
        """CPU seconds of the pieces for each CPU second of the unit."""
        benchmark, piece = self.unit
        return self.cpu(costs) / costs[benchmark][piece].cpu

    def cpu(self, costs: Costs) -> float:
        """CPU seconds of the pieces."""
        return sum(costs[self.benchmark][piece].cpu for piece in self.pieces)


DUCKDB = ("duckdb", "data path")
PATH = ("read", "render", "deduplicate", "profile")

PIECES = (
    Piece("sentence pairs: data path", "pairs", PATH, DUCKDB),
    *(Piece(f"sentence pairs: {stage}", "pairs", (stage,), DUCKDB) for stage in PATH),
    Piece("miniatures: read tables", "documents", ("tables",)),
    Piece("miniatures: read and render documents", "documents", ("documents",)),
    Piece("miniatures: deduplicate", "documents", ("deduplicate",)),
    Piece("miniatures: profile", "documents", ("profile",)),
    Piece("large layouts: read and render", "rows", ("read", "render")),
    Piece("large layouts: index", "rows", ("index",)),
    Piece("large layouts: audit", "rows", ("audit",)),
    Piece("score 2,000 answers", "documents", ("score",)),
)
