"""What several tests of builds share."""

from collections.abc import Iterator

import pytest

from tests.support.buckets import running_store


@pytest.fixture
def bucket(request: pytest.FixtureRequest) -> Iterator[str]:
    """A prefix in a new bucket of a server on this machine."""
    name = request.node.name.replace("_", "-")  # buckets outlive a server in the same process
    with running_store(name):
        yield f"s3://{name}/prefix"
