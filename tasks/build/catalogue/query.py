"""Asking the catalogue: read-only, with nothing reachable but the root."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb

from schemas.errors import QueryError
from tasks.base.store.damage import damaged
from tasks.base.store.root import Root
from tasks.build.catalogue.file import PLACE, asked

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

_BATCH = 100_000


@contextmanager
def ask(
    root: Root, query: str, seconds: float | None = None, memory: str | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Run one query on the newest catalogue of a root; the connection holds its answer.

    Files outside the root, extensions, other databases and changes of the configuration are shut out.

    Args:
        root: the root.
        query: one statement that asks.
        seconds: longest time until the block ends; None for any.
        memory: what the query may keep in memory, as `4GB`, before it writes to a temporary folder; None: four fifths
            of the machine's.

    Raises:
        QueryError: there is no catalogue, the query does more than ask, or more than once, or needs too much.
        Damaged: a file of the root cannot be read.
        duckdb.Error: the query is wrong or not allowed.
    """
    with _opened(root, memory) as connection, _within(seconds, connection), _named(root):
        yield connection.execute(_question(connection, query))


@contextmanager
def ask_arrow(
    root: Root, query: str, seconds: float | None = None, memory: str | None = None
) -> Iterator["pa.RecordBatchReader"]:
    """Run one query like `ask`; what is given is its answer in batches of rows, with the types of the columns."""
    with _opened(root, memory) as connection, _within(seconds, connection), _named(root):
        yield connection.sql(_question(connection, query).query).to_arrow_reader(_BATCH)


def rows(root: Root, query: str) -> "pl.DataFrame":
    """The answer of a query like that of `ask` as a table, taken in batches: for answers of millions of rows.

    Raises:
        QueryError: there is no catalogue, or the query does more than ask, or more than once.
        duckdb.Error: the query is wrong or not allowed.
    """
    import polars as pl

    with ask_arrow(root, query) as reader:
        parts = [pl.DataFrame(pl.from_arrow(batch)) for batch in reader]
        return pl.concat(parts) if parts else pl.DataFrame(pl.from_arrow(reader.schema.empty_table()))


@contextmanager
def _within(seconds: float | None, connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """A block in which a query is given up after some seconds."""
    over = threading.Event()

    def end() -> None:
        over.set()
        connection.interrupt()

    timer = threading.Timer(seconds or 0, end)
    if seconds is not None:
        timer.start()
    try:
        yield
    except duckdb.InterruptException as error:
        if not over.is_set():
            raise
        raise QueryError(
            f"The query was given up: expected an answer within {seconds:g} s, found none. Narrow it with WHERE or "
            "LIMIT, or allow it more: medinst sql --timeout 600"
        ) from error
    finally:
        timer.cancel()


@contextmanager
def _named(root: Root) -> Iterator[None]:
    """A block in which an error about a file, of which DuckDB does not say which, names the file."""
    try:
        yield
    except (duckdb.IOException, duckdb.InvalidInputException, duckdb.SerializationException) as error:
        if (fault := damaged(root)) is None:
            raise
        raise fault from error
    except duckdb.OutOfMemoryException as error:
        said = str(error).partition("\n")[0]
        raise QueryError(
            f"The memory did not suffice ({said}). Narrow the query, or allow it more: medinst sql --memory 8GB"
        ) from error


@contextmanager
def _opened(root: Root, memory: str | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    if not root.exists(PLACE):
        raise QueryError(f"There is no catalogue in {root.url}. Build something first: medinst build --mirror demo")
    with asked(root, memory) as connection:
        yield connection


def _question(connection: duckdb.DuckDBPyConnection, query: str) -> duckdb.Statement:
    """The one statement of a query: what may be read may also be written, so only what asks is let through."""
    found = connection.extract_statements(query)
    if len(found) != 1 or found[0].type != duckdb.StatementType.SELECT:
        kinds = ", ".join(statement.type.name for statement in found) or "nothing"
        raise QueryError(f"Expected one SELECT, SHOW, DESCRIBE or SUMMARIZE, found {kinds}.")
    return found[0]
