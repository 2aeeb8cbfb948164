"""The file of the catalogue, and what may be read through it."""

import duckdb

from tasks.base.store.root import Root

NAME = "catalogue.duckdb"


def connect_root(connection: duckdb.DuckDBPyConnection, root: Root) -> None:
    """Let a connection read the root, and nothing be downloaded: no extension comes by itself."""
    connection.execute("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false")
    connection.execute("SET TimeZone = 'UTC'")
    if not root.is_local:
        connection.register_filesystem(root.fs)
