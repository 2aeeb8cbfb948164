"""The versions of a root, as a table."""

from collections.abc import Sequence

from rich.table import Table

from tasks.base.versions.rollback import Choice


def versions_table(choices: Sequence[Choice]) -> Table:
    """All versions that a pointer may name, and which it names."""
    table = Table(title="Versions", title_justify="left")
    for name in ("folder", "version", "profile"):
        table.add_column(name, no_wrap=True)
    for name in ("tasks", "samples"):
        table.add_column(name, justify="right")
    table.add_column("")
    for versions, found, latest in choices:
        receipt = found.receipt
        marks = [word for word, true in (("latest", latest), ("partial", receipt.partial)) if true]
        numbers = (f"{receipt.tasks:,}", f"{receipt.samples:,}")
        table.add_row(versions.folder, receipt.version, receipt.profile, *numbers, ", ".join(marks))
    return table
