"""What the tests that need torch share."""

import pytest

from tasks.base.store.root import Root
from tasks.build.builds.state import save_state
from tasks.model.benchmark.write import write_benchmark
from tests.support.gathering import gather
from tests.support.places import DEMO


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Root:
    """A build of a few miniatures with its benchmark."""
    folder = tmp_path_factory.mktemp("models")
    state = gather(folder, DEMO, ["anem", "biosses", "pubmedqa", "scifact", "mqp", "paramed"])
    save_state(state)
    write_benchmark(state, "local")
    return Root(str(folder))
