"""medinst lock."""

from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.options import ROOT, Mirrors, RootOption, Sources
from flows.console.output import keeps, out
from schemas.errors import MedinstError

if TYPE_CHECKING:
    from schemas.receipts import Order
    from schemas.source import Source


def lock(
    sources: Sources = None,
    update: Annotated[bool, typer.Option("--update", help="Accept bytes that differ from the lock.")] = False,
    mirror: Mirrors = None,
    root: RootOption = ROOT,
) -> int:
    """Pin sha256 and size of the sources' files in sources/sources.lock.

    Example: medinst lock bc5cdr --update
    """
    from flows.console.checkout import checkout
    from sources import registry
    from tasks.base.store.root import Root
    from tasks.build.builds.order import make_order
    from tasks.build.builds.runs import refuse_unusable

    checkout("medinst lock")
    order = make_order(sources or (), root=root, mirrors=mirror or (), strict=True)
    refuse_unusable(Root(order.root))
    keeps("Files and pins of the sources that are done are kept.")
    failed = False
    for name in order.sources or tuple(registry()):
        try:
            _pin(registry()[name], order, update)
        except MedinstError as error:
            out().print(f"[red]{name}[/]: ", end="")
            out().print(str(error), markup=False)
            failed = True
    return int(failed)


def _pin(source: "Source", order: "Order", update: bool) -> None:
    """Pin the files of a source that can be read."""
    from schemas.settings import Settings
    from tasks.build.fetch import fetch_source, lock_key
    from tasks.build.fetch.lock import LockLine, lock_of, merge_into, today
    from tasks.build.pipeline.work import read

    fetched = fetch_source(source, order, Settings(), update=update)
    read(source.id, fetched, order)
    lines = {
        lock_key(source, blob.name): LockLine(blob.sha256, blob.bytes, today())
        for blob in fetched.blobs
        if blob.original and blob.trust != "copy"
    }
    merge_into(lock_of(source.id), lines)
    out().print(f"{source.id}: {len(lines)} pinned, {len(fetched.withheld)} withheld")
    for reason in fetched.withheld.values():
        out().print(f"  {reason}", markup=False)
