"""What nothing in a root needs, as a table."""

from collections.abc import Iterable, Sequence

from rich.filesize import decimal
from rich.table import Table

from tasks.build.garbage.collect import Collection, Unit


def garbage_table(found: Sequence[Collection], keep_days: float) -> Table:
    """What there is of each kind, with its size."""
    table = Table(title="What no build needs", title_justify="left")
    table.add_column("kind")
    for name in ("to remove", "size", f"newer than {keep_days:g} days, kept", "in use"):
        table.add_column(name, justify="right")
    for each in found:
        table.add_row(each.kind, f"{len(each.garbage):,}", _sum(each.garbage), _sum(each.young), size(each.used))
    table.add_section()
    garbage = [unit for each in found for unit in each.garbage]
    young = [unit for each in found for unit in each.young]
    table.add_row("all", f"{len(garbage):,}", _sum(garbage), _sum(young), size(sum(each.used for each in found)))
    return table


def size(number: int) -> str:
    """A number of bytes, as people read it."""
    return decimal(number) if number else "–"


def _sum(units: Iterable[Unit]) -> str:
    return size(sum(unit.bytes for unit in units))
