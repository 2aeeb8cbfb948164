"""The leaderboard of a benchmark beside its evaluations."""

from pathlib import Path

from tasks.base.predictions.bucket import write
from tasks.base.predictions.record import SPREADS, STRATA, families, kept, read
from tasks.base.store.root import Root
from tasks.base.versions.find import benchmarks
from tasks.model.leaderboard.page import Entry, page

PAGE = "leaderboard.html"


def leaderboard(root: Root, place: Path, benchmark: str) -> Path:
    """Write the page that compares all models evaluated on a version of the benchmark, each with its variants.

    Args:
        root: where the benchmark is.
        place: holds the evaluations.
        benchmark: the version.
    """
    found = benchmarks(root).find(benchmark)
    entries = [
        Entry(first.evaluation, first.scores, read(first.folder, SPREADS), read(first.folder, STRATA))
        for first, *_ in families(kept(place, benchmark))
    ]
    path = place / benchmark / PAGE
    write(path, page(benchmark, found.manifest.tasks if found else {}, entries).encode())
    return path
