"""A small benchmark, made of a few miniatures."""

from pathlib import Path

from schemas.receipts import Release
from tasks.build.builds.state import save_state
from tasks.model.benchmark.write import write_benchmark
from tests.support.gathering import gather
from tests.support.places import DEMO

SOURCES = ["anem", "biosses", "pubmedqa", "scifact", "mqp", "paramed"]


def small_benchmark(folder: Path) -> Release:
    """A build of a few miniatures in a root, with its benchmark."""
    state = gather(folder, DEMO, SOURCES)
    save_state(state)
    return write_benchmark(state, "local")
