"""medinst lock."""

from rich.console import Console

from flows.commands.checkout import checkout
from schemas.errors import MedinstError
from schemas.settings import Settings
from sources import registry
from tasks.build.builds.order import make_order
from tasks.build.fetch import fetch_source, lock_key
from tasks.build.fetch.lock import COMMITTED, LockLine, merge_into, today


def run(console: Console, sources: list[str], update: bool, mirrors: list[str], root: str | None) -> int:
    """Fetch the files of sources and pin those that are the publishers'.

    Returns:
        exit code: 1 where a file could not be had.
    """
    checkout("medinst lock")
    order = make_order(sources, root=root, mirrors=mirrors)
    failed = False
    for name in order.sources or tuple(registry()):
        source = registry()[name]
        try:
            fetched = fetch_source(source, order, Settings(), update=update)
        except MedinstError as error:
            console.print(f"[red]{name}[/]: ", end="")
            console.print(str(error), markup=False)
            failed = True
            continue
        lines = {
            lock_key(source, blob.name): LockLine(blob.sha256, blob.bytes, today())
            for blob in fetched.blobs
            if blob.original
        }
        merge_into(COMMITTED, lines)
        console.print(f"{name}: {len(lines)} pinned, {len(fetched.withheld)} withheld")
        for reason in fetched.withheld.values():
            console.print(f"  {reason}", markup=False)
    return int(failed)
