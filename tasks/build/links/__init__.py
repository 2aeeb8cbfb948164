"""Links: whether the declared addresses still give what they should; asked politely, judged, kept with a history."""

from collections.abc import Iterable, Iterator, Mapping

from schemas.links import Address, Link
from schemas.source import Source
from tasks.base.store.root import Root
from tasks.build.fetch.address import redact
from tasks.build.fetch.lock import committed_lock, root_lock
from tasks.build.fetch.source import lock_key


def declared(
    sources: Iterable[Source], root: Root, known: Mapping[tuple[str, str], Link]
) -> Iterator[tuple[str, Address]]:
    """The declared addresses, each as it is asked and as it is judged.

    Args:
        sources: whose addresses.
        root: its own lock pins what the committed one does not.
        known: what is known of the addresses, by source and address.
    """
    lock = root_lock(root) | committed_lock()
    for source in sources:
        for name in source.files:
            for url in source.urls(name):
                shown = redact(url)
                pinned = lock.get(shown) or lock.get(lock_key(source, name))
                before = known.get((source.id, shown))
                yield (
                    url,
                    Address(
                        source=source.id,
                        file=name,
                        url=shown,
                        open=source.access == "open",
                        size=pinned.bytes if pinned else None,
                        stamps=frozenset({before.stamp} if before and before.stamp else ()),
                    ),
                )
