"""Sending a release or a benchmark to the Hub: all files in one commit, then a tag with the name of the version.

Large files go first, by their hash, so that a repeat sends only those that are missing. The commit makes all of them
appear at once. A run that ended between commit and tag is continued by the tag alone.
"""

from typing import TYPE_CHECKING, Literal, NamedTuple

from schemas.errors import PublishError
from schemas.licence import Profile
from schemas.manifest import BenchmarkManifest, Dataset
from schemas.receipts import Release
from sources import stays
from tasks.base.versions.copy import verified
from tasks.base.versions.find import MANIFEST, Found
from tasks.build.hub.address import HubDataset, needed_token
from tasks.build.hub.client import asking, client
from tasks.build.hub.there import There, digest_at, files_of, there

if TYPE_CHECKING:
    from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi

Due = Literal["all", "tag", "nothing"]
AGAIN = "medinst publish --to"


class Sending(NamedTuple):
    """What publishing a version would do.

    Attributes:
        version: the release or benchmark.
        files: number of its files, with the manifest.
        bytes: their size without the manifest.
        removed: files of the version in `main` that this one does not have, sorted.
        due: what is still to be sent.
    """

    version: Found[Dataset]
    dataset: HubDataset
    there: There
    files: int
    bytes: int
    removed: tuple[str, ...]
    due: Due


def look(found: Found[Dataset], dataset: HubDataset) -> Sending:
    """Find out what publishing a version would do; sends nothing.

    Raises:
        PublishError: it may not go there, another version has its name there, or the Hub does not answer or refuses.
    """
    _refuse_private(found, dataset)
    with asking(dataset, "Nothing was sent."):
        return _looked(found, dataset, client(dataset))


def send(found: Found[Dataset], dataset: HubDataset) -> Release:
    """Publish a version on the Hub; one that is there already stays as it is.

    A dataset that does not exist is created as a private one.

    Raises:
        PublishError: it may not go there, another version has its name there, a file is damaged, or the Hub does not
            answer or refuses.
    """
    needed_token()
    _refuse_private(found, dataset)
    again = _again(found, dataset, found.manifest.profile)
    with asking(dataset, f"The version is not published there. What was uploaded is used by the next try: {again}"):
        api = client(dataset)
        sending = _looked(found, dataset, api)
        commit = _commit(sending, api, again) if sending.due == "all" else sending.there.head
        if sending.due != "nothing":
            api.create_tag(dataset.repo, repo_type="dataset", tag=found.version, revision=commit)
    return found.receipt.model_copy(update={"uri": f"{dataset.url}@{found.version}"})


def _again(found: Found[Dataset], dataset: HubDataset, profile: Profile = "open") -> str:
    """The command that publishes a version of the same kind."""
    kind = " --benchmark" if isinstance(found.manifest, BenchmarkManifest) else ""
    return f"{AGAIN} {dataset.url} --profile {profile}{kind}"


def _looked(found: Found[Dataset], dataset: HubDataset, api: "HfApi") -> Sending:
    here = there(dataset, api)
    _refuse_public(found, dataset, here)
    before = files_of(dataset, here.head, found.manifest.kind) if here.head else frozenset[str]()
    return Sending(
        version=found,
        dataset=dataset,
        there=here,
        files=len(found.manifest.files) + 1,
        bytes=sum(file.bytes for file in found.manifest.files.values()),
        removed=tuple(sorted((before & here.files) - {MANIFEST, *found.manifest.files})),
        due=_due(found, dataset, here),
    )


def _due(found: Found[Dataset], dataset: HubDataset, here: There) -> Due:
    if found.version not in here.tags:
        return "tag" if here.head and digest_at(dataset, here.head) == found.digest else "all"
    if digest_at(dataset, here.tags[found.version]) == found.digest:
        return "nothing"
    raise PublishError(
        f"{dataset.page} has a tag {found.version} with another manifest. A version is never overwritten, so nothing "
        "was sent. Name another dataset: --to hf://datasets/OWNER/NAME",
        url=dataset.url,
    )


def _commit(sending: Sending, api: "HfApi", again: str) -> str:
    """Send all files in one commit; gives its hash."""
    found, repo = sending.version, sending.dataset.repo
    operations = _operations(sending, again)
    head = sending.there.head
    if head is None:
        api.create_repo(repo, repo_type="dataset", private=True, exist_ok=True)
        head = api.dataset_info(repo).sha
    message = f"{found.manifest.kind.capitalize()} {found.version}"
    made = api.create_commit(repo, operations, commit_message=message, repo_type="dataset", parent_commit=head)
    return made.oid


def _operations(sending: Sending, again: str) -> "list[CommitOperationAdd | CommitOperationDelete]":
    from huggingface_hub import CommitOperationAdd, CommitOperationDelete

    files = verified(sending.version, again)
    return [
        *(CommitOperationAdd(path_in_repo=name, path_or_fileobj=path) for name, path in sorted(files.items())),
        *(CommitOperationDelete(path_in_repo=name) for name in sending.removed),
    ]


def _refuse_private(found: Found[Dataset], dataset: HubDataset) -> None:
    """Refuse what must not leave this machine."""
    own = sorted(source for source in found.manifest.sources if stays(source))
    if found.manifest.profile == "local" or own:
        why = f"holds sources that must stay ({', '.join(own)})" if own else "has profile `local`"
        raise PublishError(
            f"Version {found.version} {why}: it must not leave this machine, and {dataset.url} is elsewhere. "
            f"Publish one that may be shared: {_again(found, dataset)}",
            url=dataset.url,
        )


def _refuse_public(found: Found[Dataset], dataset: HubDataset, here: There) -> None:
    """Refuse to show to everybody what may not be redistributed."""
    if found.manifest.profile != "open" and not here.private:
        raise PublishError(
            f"{dataset.page} is public, and version {found.version} has profile `{found.manifest.profile}`: not all of "
            "it may be redistributed. Name a private dataset, or publish what may be: "
            f"{_again(found, dataset)}",
            url=dataset.url,
        )
