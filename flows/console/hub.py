"""Publishing to the Hub, in a terminal: what is found out before it is begun, and what would go there."""

from flows.console.output import out
from flows.console.words import count
from schemas.errors import PublishError
from schemas.licence import Profile
from tasks.base.pages.words import size
from tasks.base.store.root import Root
from tasks.build.hub.address import HubDataset, hub_dataset, is_hub, needed_token
from tasks.build.hub.client import asking, client
from tasks.build.hub.release import release_of
from tasks.build.hub.sending import Sending, look
from tasks.build.hub.there import there
from tasks.model.benchmark.place import of_profile

_DUE = {
    "all": "it is not there: files, then tag",
    "tag": "the files are there, its tag is not",
    "nothing": "it is there, with the same manifest: nothing to send",
}


def refuse_unready(to: str, profile: Profile) -> None:
    """Find out, before anything is made, whether a version of a profile can go to the Hub.

    Raises:
        PublishError: the address, the profile or the token is not one with which this can work, or the Hub does not
            answer or refuses.
    """
    dataset = hub_dataset(to)
    needed_token()
    _refuse_local(dataset, profile)
    with asking(dataset, "Nothing was sent."):
        there(dataset, client(dataset))


def show_dry_run(root: Root, to: str | None, profile: Profile, benchmark: bool = False) -> None:
    """Print what publishing to the Hub would send.

    Args:
        root: where the release or the benchmark is.
        to: address of the dataset.
        profile: what may go there.
        benchmark: whether it is the latest benchmark, not a release.

    Raises:
        PublishError: there is nothing to send, or it may not go there.
    """
    if to is None or not is_hub(to):
        raise PublishError("--dry-run shows what would go to the Hub. Name a dataset: --to hf://datasets/OWNER/NAME")
    dataset = hub_dataset(to)
    _refuse_local(dataset, profile)
    found = of_profile(root, profile) if benchmark else release_of(root, profile)
    for name, value in _facts(look(found, dataset)):
        out().print(f"{name + ':':<11}{value}", highlight=False, markup=False, soft_wrap=True)


def _facts(sending: Sending) -> list[tuple[str, str]]:
    found, here = sending.version, sending.there
    seen = "private" if here.private else "public"
    dataset = seen if here.head else "not there, or not for you to see; created as a private one"
    facts = [
        (found.manifest.kind.capitalize(), f"{found.version} ({found.manifest.profile})"),
        ("To", f"{sending.dataset.page} ({dataset})"),
        ("Files", f"{count(sending.files, 'file')}, {size(sending.bytes)}"),
        ("Licence", found.manifest.licence),
        ("Tag", f"{found.version}: {_DUE[sending.due]}"),
    ]
    if sending.removed and sending.due == "all":
        facts.append(("Removed", f"{count(len(sending.removed), 'file')} of the version before, which its tag keeps"))
    return [*facts, ("Sent", "nothing, this is a dry run")]


def _refuse_local(dataset: HubDataset, profile: Profile) -> None:
    if profile == "local":
        raise PublishError(
            f"Profile `local` holds data that must not leave this machine, and {dataset.url} is elsewhere. Publish "
            f"what may be shared: medinst publish --to {dataset.url} --profile open",
            url=dataset.url,
        )
