"""The file of the catalogue, and what may be read through it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from tasks.base.store.root import Root
from tasks.base.store.scratch import scratch

NAME = "catalogue.duckdb"
PLACE = f"catalogue/{NAME}"

TABLES = "catalogue/tables"
"""Where its tables are as Parquet."""

FORMAT = "v1.0.0"
"""The storage version of the file, so that every DuckDB since 1.0 opens it."""

SPILL = "16GB"
"""What a query may write to its temporary folder when its memory is used up."""

_PATTERNS = set("?*[\\")
"""What DuckDB reads in a path as more than a character: `?` begins the options of a database, a backslash separates
folders, and the others belong to patterns of files."""


@contextmanager
def written(path: Path, root: Root) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a new file that becomes the catalogue of a root."""
    with scratch("catalogue") as folder, _plain(root) as url:
        file = Path(folder, NAME) if _PATTERNS & set(str(path)) else path
        try:
            with _opened(file, root, url) as connection:
                yield connection
        finally:
            Path(f"{file}.wal").unlink(missing_ok=True)  # DuckDB leaves its log where it could not end it
        if file != path:
            shutil.copyfile(file, path)


@contextmanager
def asked(root: Root, memory: str | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the catalogue of a root read-only, with nothing reachable but the root.

    Args:
        root: the root.
        memory: DuckDB's `memory_limit`; None for its own.
    """
    with scratch("spill") as spill, _plain(root) as url:
        file = Path(url, PLACE) if root.is_local else root.local(PLACE)
        with _opened(file, root, url, read_only=True) as connection:
            connection.execute(f"SET temp_directory = {quoted(str(spill))}")  # else it stands beside the catalogue
            connection.execute(f"SET max_temp_directory_size = {quoted(SPILL)}")
            if memory is not None:
                connection.execute(f"SET memory_limit = {quoted(memory)}")
            connection.execute(f"SET allowed_directories = [{quoted(f'{url}/')}]")
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
            yield connection


def quoted(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


@contextmanager
def _opened(file: Path, root: Root, url: str, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a file, tell its views where the root is, and download nothing: no extension comes by itself."""
    with duckdb.connect(file, read_only=read_only, config={"storage_compatibility_version": FORMAT}) as connection:
        connection.execute("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false")
        connection.execute("SET TimeZone = 'UTC'")
        if not root.is_local:
            connection.register_filesystem(root.fs)
        connection.execute(f"SET VARIABLE medinst_root = {quoted(url)}")
        yield connection


@contextmanager
def _plain(root: Root) -> Iterator[str]:
    """The address of a root in which every character is only that: its own, or that of a link to it."""
    if not root.is_local or not _PATTERNS & set(root.url):
        yield root.url
        return
    with scratch("link") as folder:
        link = folder / "root"
        link.symlink_to(root.url)
        yield str(link)
