"""Asking the catalogue: read-only, with nothing reachable but the root."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import polars as pl

from schemas.errors import QueryError
from tasks.base.store.root import Root
from tasks.build.catalogue.file import PLACE, asked

_BATCH = 100_000


@contextmanager
def ask(root: Root, query: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """Run one query on the newest catalogue of a root; the connection holds its answer.

    Files outside the root, extensions, other databases and changes of the configuration are shut out.

    Raises:
        QueryError: there is no catalogue, or the query does more than ask, or more than once.
        duckdb.Error: the query is wrong or not allowed.
    """
    with _opened(root) as connection:
        yield connection.execute(_question(connection, query))


def rows(root: Root, query: str) -> pl.DataFrame:
    """The answer of a query like that of `ask` as a table, taken in batches: for answers of millions of rows.

    Raises:
        QueryError: there is no catalogue, or the query does more than ask, or more than once.
        duckdb.Error: the query is wrong or not allowed.
    """
    with _opened(root) as connection:
        reader = connection.sql(_question(connection, query).query).to_arrow_reader(_BATCH)
        parts = [pl.DataFrame(pl.from_arrow(batch)) for batch in reader]
        return pl.concat(parts) if parts else pl.DataFrame(pl.from_arrow(reader.schema.empty_table()))


@contextmanager
def _opened(root: Root) -> Iterator[duckdb.DuckDBPyConnection]:
    if not root.exists(PLACE):
        raise QueryError(f"There is no catalogue in {root.url}. Build something first: medinst build --mirror demo")
    with asked(root) as connection:
        yield connection


def _question(connection: duckdb.DuckDBPyConnection, query: str) -> duckdb.Statement:
    """The one statement of a query: what may be read may also be written, so only what asks is let through."""
    found = connection.extract_statements(query)
    if len(found) != 1 or found[0].type != duckdb.StatementType.SELECT:
        kinds = ", ".join(statement.type.name for statement in found) or "nothing"
        raise QueryError(f"Expected one SELECT, SHOW, DESCRIBE or SUMMARIZE, found {kinds}.")
    return found[0]
