"""Builds for tests without a Prefect server: the same work, one source after the other."""

from collections.abc import Sequence
from pathlib import Path

from schemas.receipts import Order
from schemas.state import Built, State
from tasks.base.store.root import Root
from tasks.build.builds.admission import admit
from tasks.build.builds.order import chosen_sources, make_order, refused
from tasks.build.builds.state import save_published
from tasks.build.pipeline import work


def gather(root: Path | str, mirror: Path | str, sources: Sequence[str] = (), **options: object) -> State:
    """Take sources through all stages.

    Args:
        root: the root.
        mirror: where the files are.
        sources: ids; none for all.
        options: further arguments of `make_order`.
    """
    order: Order = make_order(sources, root=str(root), mirrors=[str(mirror)], workers=1, **options)
    left_out = refused(order)
    state = State(
        order=order,
        sources=tuple(
            Built(source=source.id, withheld=left_out[source.id]) if source.id in left_out else _built(source.id, order)
            for source in chosen_sources(order)
        ),
    )
    return work.audit(state)


def _built(source: str, order: Order) -> Built:
    fetched = work.fetch(source, order)
    batches = work.read(source, fetched, order)
    rendered = work.render(source, batches, order)
    kept = work.deduplicate(source, rendered, order)
    indexed = work.index(source, rendered, kept, order)
    built = Built(source=source, fetched=fetched, batches=batches, rendered=rendered, kept=kept, indexed=indexed)
    return admit(built, order.profile)


def as_published(state: State, version: str = "2026.11.0-local-00000000") -> None:
    """Have a build be the base of what is drawn from its root, as if a release had been made of it."""
    save_published(state, version)
    Root(state.order.root).write_json("releases/latest.json", {"version": version})
