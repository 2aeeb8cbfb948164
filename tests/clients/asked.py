"""What each client gets from a catalogue: run by the interpreter of `.venv-clients`, prints JSON.

`python asked.py CLIENT FILE ROOT QUERY`; ROOT is empty where the client is not to be told.
"""

import json
import sys


def duckdb(file: str, before: str, query: str) -> list[list[object]]:
    import duckdb as client

    with client.connect(file, read_only=True) as connection:
        connection.execute(before)
        return [list(row) for row in connection.execute(query).fetchall()]


def attached(file: str, before: str, query: str) -> list[list[object]]:
    import duckdb as client

    with client.connect() as connection:
        connection.execute(f"ATTACH '{file}' AS other (READ_ONLY)")
        connection.execute(before)
        connection.execute("USE other")
        return [list(row) for row in connection.execute(query).fetchall()]


def adbc(file: str, before: str, query: str) -> list[list[object]]:
    import adbc_driver_duckdb
    import adbc_driver_manager.dbapi as client

    given = {"path": file, "access_mode": "READ_ONLY"}
    driver = adbc_driver_duckdb.driver_path()
    with client.connect(driver=driver, entrypoint="duckdb_adbc_init", db_kwargs=given) as connection:
        with connection.cursor() as cursor:
            cursor.execute(before)
        with connection.cursor() as cursor:
            cursor.execute(query)
            table = cursor.fetch_arrow_table()
    return [list(row.values()) for row in table.to_pylist()]


def harlequin(file: str, before: str, query: str) -> list[list[object]]:
    from harlequin_duckdb import DuckDbAdapter

    connection = DuckDbAdapter([file], read_only=True, no_init=True).connect()
    try:
        connection.execute(before)
        cursor = connection.execute(query)
        assert cursor is not None
        return [list(row.values()) for row in cursor.fetchall().to_pylist()]
    finally:
        connection.close()


if __name__ == "__main__":
    name, file, root, query = sys.argv[1:]
    before = f"SET VARIABLE medinst_root = '{root}'" if root else "SELECT 1"
    sys.stdout.write(json.dumps(globals()[name](file, before, query)))
