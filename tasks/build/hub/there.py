"""What a dataset on the Hub holds: its head, its tags, and the versions that its manifests name."""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from schemas.errors import PublishError, VersionError
from tasks.base.versions.find import MANIFEST, read
from tasks.build.hub.address import HubDataset, token

if TYPE_CHECKING:
    from huggingface_hub import HfApi


@dataclass(frozen=True)
class There:
    """A dataset as the Hub shows it to us.

    Attributes:
        head: the last commit of `main`; None where the dataset is not there, or not for us to see.
        private: whether only its owner sees it.
        files: paths in `main`.
        tags: name -> commit.
    """

    head: str | None = None
    private: bool = True
    files: frozenset[str] = frozenset()
    tags: dict[str, str] = field(default_factory=dict[str, str])


def there(dataset: HubDataset, api: "HfApi") -> There:
    """Ask for a dataset.

    Raises:
        Exception: the Hub does not answer, or refuses; `asking` makes sentences of it.
    """
    from huggingface_hub.errors import RepositoryNotFoundError

    try:
        info = api.dataset_info(dataset.repo)
    except RepositoryNotFoundError as error:
        if error.response.status_code != 404 and token():
            raise  # who asks without a token is told 401 of what is not there
        return There()
    refs = api.list_repo_refs(dataset.repo, repo_type="dataset")
    return There(
        head=info.sha,
        private=bool(info.private),
        files=frozenset(each.rfilename for each in info.siblings or ()),
        tags={tag.name: tag.target_commit for tag in refs.tags},
    )


def digest_at(dataset: HubDataset, revision: str) -> str | None:
    """SHA-256 of the manifest at a revision; None where it has none."""
    data = _manifest(dataset, revision)
    return None if data is None else sha256(data).hexdigest()


def files_of(dataset: HubDataset, revision: str, kind: str) -> frozenset[str]:
    """The files of the version at a revision; none where no version is there.

    Args:
        dataset: where it is.
        revision: its commit.
        kind: what is published in the dataset, such as releases.

    Raises:
        PublishError: what is there has a manifest, but not one of this program, or is of another kind.
    """
    data = _manifest(dataset, revision)
    if data is None:
        return frozenset()
    try:
        manifest = read(data, f"{dataset.page}/{MANIFEST}")
        if manifest.kind != kind:
            raise PublishError(
                f"{dataset.page} holds a {manifest.kind}, {manifest.version}, and a {kind} would take its place. "
                f"Nothing was sent. Name a dataset of its own for the {kind}: --to hf://datasets/OWNER/NAME",
                url=dataset.url,
            )
        return frozenset({MANIFEST, *manifest.files})
    except VersionError:
        raise PublishError(
            f"{dataset.page} has a {MANIFEST} that this program did not write, or not this version of it. So that "
            "nobody's files are lost, nothing was sent. Name a dataset of its own: --to hf://datasets/OWNER/NAME"
        ) from None


def _manifest(dataset: HubDataset, revision: str) -> bytes | None:
    from huggingface_hub import get_session, hf_hub_url
    from huggingface_hub.errors import RemoteEntryNotFoundError
    from huggingface_hub.utils import build_hf_headers, hf_raise_for_status

    where = hf_hub_url(dataset.repo, MANIFEST, repo_type="dataset", revision=revision, endpoint=dataset.endpoint)
    answer = get_session().get(where, headers=build_hf_headers(token=token() or False))
    try:
        hf_raise_for_status(answer)
    except RemoteEntryNotFoundError:
        return None
    return answer.content
