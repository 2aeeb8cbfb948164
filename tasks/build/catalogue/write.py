"""The catalogue: a DuckDB file with the facts of the newest build and views into its Parquet files.

DuckDB allows no readers while a process writes. So each build writes a new file and renames it to `catalogue.duckdb`
when it is complete: whoever has the old file open keeps it, and the next to open the catalogue gets the new one. Its
tables are also Parquet files, for programs without DuckDB.
"""

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from schemas.receipts import Release, Verdict
from tasks.base.store.root import Root
from tasks.build.builds.build import Build
from tasks.build.builds.runs import Run
from tasks.build.catalogue.comments import statements
from tasks.build.catalogue.file import PLACE, TABLES, written
from tasks.build.catalogue.tables import rows
from tasks.build.catalogue.views import ddl
from tasks.build.judge.measure import Profiles


def write_catalogue(
    build: Build,
    profiles: Profiles,
    verdicts: list[Verdict],
    runs: list[Run],
    releases: list[tuple[Release, bool]],
) -> str:
    """Write the catalogue of a build, in place of the last one.

    Returns:
        its place in the root.
    """
    root = build.root
    with root.writing(PLACE) as path:
        path.unlink(missing_ok=True)
        with written(path, root) as connection:
            connection.execute(ddl(build))
            for statement in statements():
                connection.execute(statement)
            for table, found in rows(build, profiles, verdicts, runs, releases).items():
                _insert(connection, table, found)
            connection.execute("CHECKPOINT")
            _beside(connection, root)
    return PLACE


def _beside(connection: duckdb.DuckDBPyConnection, root: Root) -> None:
    """Write each table as a file of `TABLES`, and remove those of other tables."""
    query = "SELECT table_name FROM duckdb_tables() WHERE NOT internal AND NOT temporary ORDER BY table_name"
    files = {f"{name}.parquet": name for (name,) in connection.execute(query).fetchall()}
    for file, name in files.items():
        with root.writing(f"{TABLES}/{file}") as path:
            pq.write_table(connection.table(name).to_arrow_table(), path, compression="zstd")
    for file in set(root.names(TABLES)) - files.keys():
        root.remove(f"{TABLES}/{file}")


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: list[tuple[object, ...]]) -> None:
    """Insert all rows at once: one by one, the 15,000 rows of a full build take 15 seconds."""
    if rows:
        columns = [pa.array(column) for column in zip(*rows, strict=True)]
        connection.register(
            "rows", pa.Table.from_arrays(columns, [f"column{number}" for number in range(len(columns))])
        )
        connection.execute(f"INSERT INTO {table} SELECT * FROM rows")  # noqa: S608  our own table names
        connection.unregister("rows")
