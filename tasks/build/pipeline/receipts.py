"""Which work is done already: the receipts of a root, and why there is none for what is planned."""

from typing import TypeVar

from schemas.audit import FILE, Indexed, Ingredients
from schemas.receipts import Batch, Kept, Rendered
from schemas.state import State
from tasks.base.store.listing import Listing
from tasks.base.store.receipts import settled
from tasks.base.store.root import DONE
from tasks.build.builds.reasons import changes, nearest

Planned = TypeVar("Planned", Batch, Rendered, Kept, Indexed)


class Receipts:
    """The receipts of stages that are complete.

    Those of the last build are known at once; others are read where they are asked for.

    Args:
        listing: of the root.
        last: the newest build of the root.
    """

    def __init__(self, listing: Listing, last: State | None) -> None:
        self.listing = listing
        built = last.sources if last else ()
        receipts = [receipt for each in built for receipt in (*each.batches, *each.rendered, *each.kept, *each.indexed)]
        self._by_folder = {receipt.place: receipt for receipt in receipts}
        self._by_subject = {(type(receipt), _subject(receipt)): receipt for receipt in receipts}
        self._failed = {each.source for each in built if each.failed}

    def find(self, planned: Planned) -> Planned | None:
        """The receipt of what is planned; None if that is not done."""
        known = self._by_folder.get(planned.place)
        if known is not None and self.listing.has(f"{planned.place}/{DONE}"):
            return settled(planned, dict(known))
        return settled(planned, self.listing.done(planned.place))

    def why(self, planned: Batch | Rendered | Kept | Indexed) -> str:
        """Why what is planned is not done."""
        last = self._by_subject.get((type(planned), _subject(planned)))
        if last is not None and last.fingerprint == planned.fingerprint:
            return "result missing"
        if self.listing.names(planned.place):
            return "interrupted"
        if planned.source in self._failed:
            return "failed in the last build"
        before = last.made_of if last else nearest(planned.made_of, self._others(planned))
        if before is None:
            return "never built"
        return changes(before, planned.made_of) if before else "built by an older version of the program"

    def _others(self, planned: Batch | Rendered | Kept | Indexed) -> list[Ingredients]:
        """What else is here of the same part or task was made of."""
        folder = planned.place.rsplit("/", 1)[0]
        receipts = (self.listing.done(f"{folder}/{name}") or {} for name in self.listing.names(folder))
        return [
            receipt["made_of"]
            for receipt in receipts
            if _named(receipt.get("made_of", {})) == _named(planned.made_of)
            and receipt.get("part") == getattr(planned, "part", None)
        ]


def _subject(receipt: Batch | Rendered | Kept | Indexed) -> str:
    return f"{receipt.source}/{receipt.part}" if isinstance(receipt, Batch) else receipt.task


def _named(made_of: Ingredients) -> set[str]:
    return {name for name in made_of if not name.startswith(FILE)}
