"""The file of the catalogue, and what may be read through it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from tasks.base.store.root import Root

NAME = "catalogue.duckdb"
PLACE = f"catalogue/{NAME}"


@contextmanager
def opened(path: Path, root: Root, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a catalogue whose views look into a root; nothing is downloaded: no extension comes by itself."""
    with _plain(path.parent) as folder, duckdb.connect(f"{folder}/{path.name}", read_only=read_only) as connection:
        connection.execute("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false")
        connection.execute("SET TimeZone = 'UTC'")
        if not root.is_local:
            connection.register_filesystem(root.fs)
        connection.execute(f"SET VARIABLE medinst_root = {quoted(root.url)}")
        yield connection


def quoted(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


@contextmanager
def _plain(folder: Path) -> Iterator[Path]:
    """A folder under a name that is only a name: in that of a database, DuckDB takes what follows `?` for options."""
    if "?" not in str(folder):
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="medinst-") as place:
        link = Path(place, "catalogue")
        link.symlink_to(folder)
        yield link
