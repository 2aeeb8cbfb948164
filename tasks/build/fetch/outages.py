"""Outages: files that cannot be fetched now, and since when.

A root remembers them by source, so that an outage of many nights keeps the day on which it began.
"""

from pydantic import TypeAdapter

from schemas.receipts import Outage
from tasks.base.store.root import Root
from tasks.build.fetch.lock import today

FOLDER = "catalogue/outages"
"""Folder of a root with `<source>.json` for each source with files that cannot be fetched now."""

_OUTAGES = TypeAdapter(dict[str, Outage])


class Outages:
    """The outages of one source.

    Args:
        root: the root that remembers them.
        source: the source's id.
    """

    def __init__(self, root: Root, source: str) -> None:
        self._root, self._place = root, f"{FOLDER}/{source}.json"
        self._before = _OUTAGES.validate_json(root.read_bytes(self._place)) if root.exists(self._place) else {}
        self.now: dict[str, Outage] = {}

    def add(self, name: str, error: Exception) -> Outage:
        """Note that a file cannot be fetched now; the root's own address is left out of the error's message."""
        before = self._before.get(name)
        outage = Outage(since=before.since if before else today(), error=self._root.without(str(error)))
        self.now[name] = outage
        return outage

    def since(self, name: str) -> str:
        """The day since when a file could not be fetched, when it was last asked for; empty where it could."""
        return self._before[name].since if name in self._before else ""

    def keep_earlier(self) -> None:
        """Go on with all outages that are known, those of files that are not asked for now."""
        self.now = self._before | self.now

    def remember(self) -> None:
        """Write what was noted into the root; outages that are over are forgotten."""
        if self.now == self._before:
            return
        if self.now:
            self._root.write_bytes(self._place, _OUTAGES.dump_json(self.now, indent=1))
        else:
            self._root.remove(self._place)
