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
    """Pin the sha256 and size of the sources' files in sources/sources.lock, with the origin of each pin.

    Example: medinst lock bc5cdr --update
    """
    from flows.console.checkout import checkout
    from sources import registry
    from tasks.base.store.access import refuse_unwritable
    from tasks.base.store.root import Root
    from tasks.build.builds.order import make_order
    from tasks.build.builds.runs import locked

    checkout("medinst lock")
    order = make_order(sources, root=root, mirrors=mirror, strict=True)
    place = Root(order.root)
    refuse_unwritable(place)
    keeps("Files and pins of the sources that are done are kept.")
    failed = False
    with locked(place):
        for name in order.sources or tuple(registry()):
            try:
                _pin(registry()[name], order, update)
            except MedinstError as error:
                out().print(f"[red]{name}[/]: ", end="")
                out().print(str(error), markup=False)
                failed = True
    return int(failed)


def _pin(source: "Source", order: "Order", update: bool) -> None:
    """Pin the files of a source that can be read; those that were never downloaded for the lock are fetched anew."""
    from schemas.settings import Settings
    from tasks.build.fetch.lock import lock_of, merge_into, read_lock
    from tasks.build.fetch.pins import pins
    from tasks.build.fetch.source import fetch_source, lock_key
    from tasks.build.pipeline.work import read

    known = read_lock(lock_of(source.id))
    settled = all(key in known and not known[key].note for key in (lock_key(source, name) for name in source.own_files))
    fetched = fetch_source(source, order.model_copy(update={"fresh": not settled}), Settings(), update=update)
    read(source.id, fetched, order)
    lines = pins(source, fetched)
    merge_into(lock_of(source.id), lines)
    mirrored = sum(line.note == "mirror" for line in lines.values())
    found = f"{len(lines)} pinned" + (f" ({mirrored} as a mirror has them)" if mirrored else "")
    out().print(f"{source.id}: {found}, {len(fetched.withheld)} withheld")
    for reason in fetched.withheld.values():
        out().print(f"  {reason}", markup=False)
