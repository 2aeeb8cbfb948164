"""The tables that the explorer asks: samples with what was found about them, in a DuckDB file of this process."""

import re
from collections.abc import Sequence
from pathlib import Path

import duckdb

from schemas.errors import VersionError
from schemas.manifest import BenchmarkManifest, ReleaseManifest
from schemas.shards import grouped
from tasks.base.versions.find import Found

Version = Found[ReleaseManifest] | Found[BenchmarkManifest]

NEEDED = ("id", "instruction", "input", "output", "task", "category", "source")
OPTIONAL = {**dict.fromkeys(("record_id", "licence", "document", "language"), "''"), "history": "NULL"}
"""Columns of samples; those that not all versions have, with what stands there instead."""

BESIDE = {
    "leaks": ("audit/leaks.parquet", "test_task, test_id, train_task, train_id, kind, evidence"),
    "near": (
        "audit/near.parquet",
        "task, split, id, cluster::VARCHAR, twin_task, twin_split, twin, similarity::VARCHAR",
    ),
    "conflicts": ("catalogue/conflicts.parquet", "task, samples::VARCHAR, answers::VARCHAR, splits, policy, done, id"),
    "rejects": ("catalogue/rejects.parquet", "stage, source, part, task, split, id, record_id, reason, detail, twin"),
    "labels": ("catalogue/labels.parquet", "task, split, label, answers::VARCHAR"),
    "instructions": ("catalogue/instructions.parquet", "task, wording, instruction"),
    "sources": ("catalogue/sources.parquet", "source, title, homepage, licence_title"),
    "verdicts": ("catalogue/verdicts.parquet", "task, severity, success::VARCHAR, expectation, found"),
}
"""Table -> the file of a version and its columns; a version without the file has none of its rows."""


def there(version: Version) -> frozenset[str]:
    """The tables of which a version has the file: a benchmark lacks most of them."""
    return frozenset(table for table, (name, _) in BESIDE.items() if name in version.manifest.files)


_SAMPLES = """
CREATE TABLE samples AS
WITH listed AS (
    SELECT row_number() OVER () AS nr, regexp_extract(parse_filename(filename, true), '^[a-z]+') AS split, id,
           instruction, input, output, task, category, source, {optional}, length(input) AS chars
    FROM read_parquet($files, filename = true, hive_partitioning = false, union_by_name = true)
),
leaking AS (
    SELECT task, id, string_agg(DISTINCT side, ',' ORDER BY side) AS sides,
           string_agg(DISTINCT kind, ',' ORDER BY kind) AS kinds
    FROM (SELECT test_task AS task, test_id AS id, 'test' AS side, kind FROM leaks WHERE kind <> 'test'
          UNION ALL SELECT train_task, train_id, 'train', kind FROM leaks)
    GROUP BY ALL
),
twins AS (SELECT task, id FROM near UNION SELECT twin_task, twin FROM near),
contested AS (SELECT task, id, any_value(done) AS done FROM conflicts GROUP BY ALL)
SELECT listed.*, coalesce(leaking.sides, '') AS leak, coalesce(leaking.kinds, '') AS kinds,
       twins.id IS NOT NULL AS near, coalesce(contested.done, '') AS conflict
FROM listed
LEFT JOIN leaking USING (task, id) LEFT JOIN twins USING (task, id) LEFT JOIN contested USING (task, id)
ORDER BY nr
"""

_ANSWERS = """
CREATE TABLE answers (evaluation VARCHAR, task VARCHAR, id VARCHAR, prediction VARCHAR, read BOOLEAN,
                      worth DOUBLE)
"""


def opened(version: Version, folder: Path) -> duckdb.DuckDBPyConnection:
    """Load a version into a new DuckDB file, after which nothing but that file can be reached.

    Args:
        version: the release or benchmark.
        folder: where the file and what does not fit into memory go.

    Raises:
        VersionError: it has no samples, or lacks columns.
    """
    files = _sample_files(version)
    connection = duckdb.connect(folder / "explore.duckdb")
    connection.execute("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false")
    connection.execute("SET memory_limit = '4GB'; SET preserve_insertion_order = true")
    for table, (name, columns) in BESIDE.items():
        _load_beside(connection, version, table, name, columns)
    paths = [_plain(version.local(name)) for name in files]
    optional = _optional(connection, paths, version)
    connection.execute(_SAMPLES.format(optional=optional), {"files": paths})
    connection.execute(_ANSWERS)
    connection.execute("SET enable_external_access = false; SET lock_configuration = true")
    return connection


def _sample_files(version: Version) -> list[str]:
    """The files of samples: all of a release, the tests of a benchmark; tasks by category, splits as they are used."""
    tasks = version.manifest.tasks
    order = {task: (facts.category, task) for task, facts in tasks.items()}
    splits = {"train": 0, "dev": 1, "test": 2}
    tables = grouped(version.manifest.files)
    places = [re.fullmatch(r"data/([^/]+)/(train|dev|test)\.parquet", name) for name in tables]
    chosen = [place for place in places if place and place[1] in tasks]
    if not chosen:
        raise VersionError(
            f"{version.uri} has no samples: expected data/<task>/<split>.parquet, found none. Explore another version, "
            "or build more sources: medinst build"
        )
    ordered = sorted(chosen, key=lambda place: (*order[place[1]], splits[place[2]]))
    return [name for place in ordered for name in tables[place[0]]]


def _optional(connection: duckdb.DuckDBPyConnection, paths: Sequence[str], version: Version) -> str:
    rows = connection.execute("DESCRIBE SELECT * FROM read_parquet($file)", {"file": paths[0]}).fetchall()
    there = {row[0] for row in rows}
    if missing := [name for name in NEEDED if name not in there]:
        raise VersionError(
            f"{version.uri} was made by another version of this program: its samples have no column "
            f"{', '.join(missing)}. Build a release with this version: medinst build"
        )
    return ", ".join(name if name in there else f"{empty} AS {name}" for name, empty in OPTIONAL.items())


def _load_beside(connection: duckdb.DuckDBPyConnection, version: Version, table: str, name: str, columns: str) -> None:
    listed = [column.strip() for column in columns.split(",")]
    names = [column.removesuffix("::VARCHAR") for column in listed]
    connection.execute(f"CREATE TABLE {table} ({', '.join(f'{each} VARCHAR' for each in names)})")
    if name not in version.manifest.files:
        return
    query = f"INSERT INTO {table} SELECT {', '.join(listed)} FROM read_parquet($file)"  # noqa: S608
    try:
        connection.execute(query, {"file": _plain(version.local(name))})
    except duckdb.BinderException as error:
        raise VersionError(
            f"{version.uri}/{name} was made by another version of this program ({str(error).splitlines()[0]}). Build a "
            "release with this version: medinst build"
        ) from error


def _plain(path: Path) -> str:
    """A path in which DuckDB reads every character as itself, not as a pattern."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(path))
