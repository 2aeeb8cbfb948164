"""The pairs through one DuckDB statement: read, format, make distinct, write Parquet; started with the folder."""

import tempfile
from pathlib import Path

import duckdb

from tests.benchmarks.measure import Meter, answer

QUERY = """
COPY (
    SELECT DISTINCT 'Translate the text into English.' AS instruction, source.line AS input, target.line AS output
    FROM (SELECT line, row_number() OVER () AS row FROM read_csv(?, {options})) AS source
    POSITIONAL JOIN (SELECT line FROM read_csv(?, {options})) AS target
) TO '{out}' (FORMAT parquet, COMPRESSION zstd)
"""
OPTIONS = "columns = {'line': 'VARCHAR'}, delim = '\\0', quote = '', escape = '', header = false, auto_detect = false"


def work(meter: Meter, arguments: list[str]) -> None:
    """Run the statement."""
    folder = Path(arguments[0])
    with tempfile.TemporaryDirectory(prefix="medinst-bench-", dir=folder) as out, meter.measured("data path"):
        query = QUERY.format(options=OPTIONS.replace("\\0", chr(1)), out=Path(out) / "pairs.parquet")
        duckdb.connect().execute(query, [str(folder / "text.es"), str(folder / "text.en")])


if __name__ == "__main__":
    answer(work)
