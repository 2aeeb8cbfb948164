"""What the tests that need torch share."""

import pytest

from tasks.base.store.root import Root
from tests.support.small import small_benchmark


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Root:
    """A build of a few miniatures with its benchmark."""
    folder = tmp_path_factory.mktemp("models")
    small_benchmark(folder)
    return Root(str(folder))
