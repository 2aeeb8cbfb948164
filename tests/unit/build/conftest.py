"""What several tests of builds share."""

from collections.abc import Iterator

import pytest

from tasks.build.hub.address import HubDataset, hub_dataset
from tests.support.buckets import running_store
from tests.support.hub import TOKEN, Hub, running_hub


@pytest.fixture
def bucket(request: pytest.FixtureRequest) -> Iterator[str]:
    """A prefix in a new bucket of a server on this machine."""
    name = request.node.name.replace("_", "-")[:60]  # buckets outlive a server in the same process
    with running_store(name):
        yield f"s3://{name}/prefix"


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A stand-in of the Hub, which `HF_ENDPOINT` names."""
    with running_hub() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        monkeypatch.setenv("HF_TOKEN", TOKEN)
        yield hub
        from huggingface_hub import close_session

        close_session()


@pytest.fixture
def target(hub: Hub) -> HubDataset:
    """A dataset there."""
    return hub_dataset("hf://datasets/lab/medinst")
