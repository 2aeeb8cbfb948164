"""Which dataset of which Hub is meant, and who asks: `hf://datasets/OWNER/NAME`, `HF_ENDPOINT`, `HF_TOKEN`."""

import os
import re
from typing import NamedTuple
from urllib.parse import urlsplit

from schemas.errors import PublishError
from tasks.base.network.loopback import LOOPBACK

_DATASET = re.compile(r"hf://datasets/(?P<owner>[\w-][\w.-]*)/(?P<name>[\w-][\w.-]*)/?", re.ASCII)


class HubDataset(NamedTuple):
    """A dataset repository.

    Attributes:
        owner: a user or an organization.
        name: of the repository.
        endpoint: address of the Hub, without a slash at its end.
    """

    owner: str
    name: str
    endpoint: str

    @property
    def repo(self) -> str:
        """Owner and name, as the Hub's API wants them."""
        return f"{self.owner}/{self.name}"

    @property
    def url(self) -> str:
        """Its address in `--to`."""
        return f"hf://datasets/{self.repo}"

    @property
    def page(self) -> str:
        """Its page for people."""
        return f"{self.endpoint}/datasets/{self.repo}"


def is_hub(url: str) -> bool:
    """Whether an address leads to the Hub, well formed or not."""
    return url.startswith("hf:")


def hub_dataset(url: str) -> HubDataset:
    """The dataset that an address names, on the Hub that `HF_ENDPOINT` names.

    Raises:
        PublishError: the address or the endpoint is not of the expected form.
    """
    found = _DATASET.fullmatch(url)
    if found is None:
        raise PublishError(f"--to {url}: expected hf://datasets/OWNER/NAME, such as hf://datasets/our-lab/medinst.")
    return HubDataset(found["owner"], found["name"], _endpoint())


def is_safe(url: str) -> bool:
    """Whether a token may be sent to an address: encrypted, or on this machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)


def token() -> str | None:
    """The token that `HF_TOKEN` holds; None where it is not set."""
    return os.environ.get("HF_TOKEN", "").strip() or None


def needed_token() -> str:
    """The token that `HF_TOKEN` holds.

    Raises:
        PublishError: it is not set.
    """
    if (found := token()) is None:
        raise PublishError(
            "HF_TOKEN is not set: publishing to the Hub needs an access token with the right to write to the dataset. "
            "Create one on the Hub under Settings, Access Tokens, and set HF_TOKEN to it."
        )
    return found


def _endpoint() -> str:
    from huggingface_hub.constants import ENDPOINT

    said = os.environ.get("HF_ENDPOINT", "").strip().rstrip("/") or ENDPOINT
    parts = urlsplit(said)
    if not parts.hostname or parts.username or parts.password or parts.query or not is_safe(said):
        raise PublishError(
            f"HF_ENDPOINT names {parts.scheme or 'no scheme'}://{parts.hostname or ''}: expected an https:// address "
            "without user, password and query (http:// on this machine only), because the token is sent there. "
            "Correct or unset HF_ENDPOINT."
        )
    return said
