"""The state of a build: its receipts, from which the catalogue, the report and the release are made."""

from typing import Literal

from schemas.audit import Audit, Indexed
from schemas.base import Model
from schemas.receipts import Batch, Fetched, Kept, Order, Rendered

Outcome = Literal["built", "stale", "partly built", "unreachable", "withheld", "failed"]
"""The state of a source: `stale`: built of older bytes, because its files cannot be fetched now. `unreachable`: not
built, because they cannot be fetched and never were."""


class Built(Model):
    """What a build has of one source.

    Attributes:
        withheld: why the whole source is left out; empty where it is not.
        failed: the step that failed and its message; empty where none did.
    """

    source: str
    fetched: Fetched | None = None
    batches: tuple[Batch, ...] = ()
    rendered: tuple[Rendered, ...] = ()
    kept: tuple[Kept, ...] = ()
    indexed: tuple[Indexed, ...] = ()
    withheld: str = ""
    failed: str = ""

    @property
    def outcome(self) -> Outcome:
        """What became of the source, in a word."""
        if self.failed:
            return "failed"
        lost = bool(self.fetched and self.fetched.unreachable)
        if self.withheld or not self.kept:
            return "unreachable" if lost else "withheld"
        if any(task.withheld or task.missing for task in self.rendered):
            return "partly built"
        return "stale" if self.fetched and self.fetched.stale else "built"

    @property
    def reason(self) -> str:
        """Why the source, or a part of it, is missing or out of date; empty where neither."""
        if self.failed or self.withheld:
            return self.failed or self.withheld
        reasons = [task.withheld for task in self.rendered if task.withheld]
        reasons += [f"{split}: {why}" for task in self.rendered for split, why in task.missing.items()]
        stale = self.fetched.stale if self.fetched else {}
        reasons += [f"`{name}` is stale since {each.since}: {each.error}" for name, each in stale.items()]
        return "; ".join(dict.fromkeys(reasons))


class State(Model):
    """The newest build of a root.

    Attributes:
        order: what was asked for.
        sources: what became of each source that was asked for.
        audit: near duplicates and leaks among their samples; None before they are looked for.
    """

    order: Order
    sources: tuple[Built, ...]
    audit: Audit | None = None
