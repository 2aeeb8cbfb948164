"""Checking the declared addresses: all that are asked for, or before a build those of the files that it has."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from schemas.links import SOUND, Address, Answer, Link
from schemas.receipts import ORIGIN, Order
from schemas.settings import Settings
from schemas.source import Source
from tasks.base.store.phases import phase
from tasks.base.store.root import Root
from tasks.build.builds.order import chosen_sources
from tasks.build.fetch.blobs import blob_place
from tasks.build.fetch.lock import committed_lock, root_lock, today
from tasks.build.fetch.network import look_for_network
from tasks.build.fetch.outages import Outages
from tasks.build.fetch.source import lock_key
from tasks.build.links import declared
from tasks.build.links.keep import keep, known, link_of, vouched
from tasks.build.links.pace import ask_all

Declared = list[tuple[str, Address]]


def check(
    sources: Iterable[Source],
    root: Root,
    settings: Settings,
    told: Callable[[int, int], None] = lambda _done, _of: None,
) -> list[Link]:
    """Ask all declared addresses of sources and keep what they answer, also when that is interrupted.

    Args:
        sources: whose addresses.
        root: keeps what is known of them.
        settings: how politely.
        told: hears how many addresses of how many have answered.

    Raises:
        NoNetwork: no server can be reached.
    """
    return _checked(list(declared(sources, root, known(root))), root, settings, told)


def _checked(addresses: Declared, root: Root, settings: Settings, told: Callable[[int, int], None]) -> list[Link]:
    before, answers = known(root), dict[str, Answer]()
    asked = {url: address.file for url, address in addresses if address.open}
    look_for_network(host for url in asked if (host := urlsplit(url).hostname))
    try:
        for answer in ask_all(asked, settings):
            answers[answer.url] = answer
            told(len(answers), len(asked))
    finally:
        links = [
            link_of(address, answers.get(address.url), before.get((address.source, address.url)), today())
            for _, address in addresses
            if address.url in answers or not address.open
        ]
        if links:
            keep(root, links)
    return links


@contextmanager
def rechecked(order: Order, settings: Settings) -> Iterator[None]:
    """Before a build, ask once whether the files that the root has are still the same; a file in doubt is fetched.

    One that was fetched and turned out to be the same counts as unchanged from then on, whatever its server says of
    its version.
    """
    if not order.recheck or ORIGIN not in order.mirrors:
        yield
        return
    root = Root(order.root)
    sources = chosen_sources(order)
    with phase("ask"):
        here = _files_here(sources, root)
        addresses = [each for each in declared(sources, root, known(root)) if each[1][:2] in here]
        links = [
            link for link in _checked(addresses, root, settings, lambda _done, _of: None) if link.verdict != "skipped"
        ]
        for source in sources:
            _doubt(root, source, [link for link in links if link.source == source.id])
    try:
        yield
    finally:
        _vouch(root, [link for link in links if link.verdict == "changed"])


def _files_here(sources: Iterable[Source], root: Root) -> set[tuple[str, str]]:
    """The files, by source, whose pinned bytes a root has."""
    lock, blobs = root_lock(root) | committed_lock(), set(root.names("blobs"))
    return {
        (source.id, name)
        for source in sources
        for name in source.files
        if (line := lock.get(lock_key(source, name))) and blob_place(line.sha256).rpartition("/")[2] in blobs
    }


def _doubt(root: Root, source: Source, links: list[Link]) -> None:
    """Note the files of a source that none of their addresses gives as they should be."""
    sound = {link.file for link in links if link.verdict in SOUND}
    outages = Outages(root, source.id)
    for name in dict.fromkeys(link.file for link in links if link.file not in sound):
        found = " ".join(f"`{link.url}`: {link.verdict}, {link.detail}." for link in links if link.file == name)
        outages.add(name, ValueError(found))
    outages.keep_earlier()
    outages.remember()


def _vouch(root: Root, changed: list[Link]) -> None:
    """Believe the versions of files that seemed changed, were fetched and are the same."""
    same = [link for link in changed if not Outages(root, link.source).since(link.file)]
    if same:
        keep(root, (vouched(link, today()) for link in same))
