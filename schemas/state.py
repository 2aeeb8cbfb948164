"""The state of a build: its receipts, from which the catalogue, the report and the release are made."""

from schemas.audit import Audit, Indexed
from schemas.base import Model
from schemas.receipts import Batch, Fetched, Kept, Order, Rendered


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
