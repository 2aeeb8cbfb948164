"""What the tests that need torch share."""

from pathlib import Path

import pytest

from tasks.benchmark.write import write_benchmark
from tasks.state import save_state
from tasks.storage import Root
from tests.gathering import gather

DEMO = Path(__file__).parents[2] / "demo"


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Root:
    """A build of a few miniatures with its benchmark."""
    folder = tmp_path_factory.mktemp("models")
    state = gather(folder, DEMO, ["anem", "biosses", "pubmedqa", "scifact", "mqp", "paramed"])
    save_state(state)
    write_benchmark(state, "local")
    return Root(str(folder))
