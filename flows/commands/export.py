"""medinst export."""

from rich.console import Console

from schemas.settings import Settings
from tasks.base.store.root import Root
from tasks.model.export.dataset import find_dataset
from tasks.model.export.write import Wish, export


def run(console: Console, asked: str, wish: Wish, out: str | None, root: str | None) -> int:
    """Write an export and say where it is.

    Returns:
        exit code 0; what goes wrong is raised.
    """
    place = Root(root or Settings().root)
    dataset = find_dataset(asked, place)
    written = export(dataset, wish, Root(out) if out else place)
    rows = ", ".join(f"{number:,} rows of {split}" for split, number in written.rows.items())
    console.print(f"Export [bold]{dataset.label}[/] as {wish.format}: {rows}")
    console.print(f"At:     {written.uri}", highlight=False)
    return 0
