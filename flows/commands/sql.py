"""medinst sql."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.options import ROOT, Json, RootOption
from flows.console.output import out, print_json_list

if TYPE_CHECKING:
    import duckdb

SHOWN = 200
"""Rows that a table shows; `--json` and `--out` give all."""


def sql(
    query: Annotated[
        str, typer.Argument(help="A query of the catalogue; - reads it from standard input, @FILE from a file.")
    ],
    json: Json = False,
    to: Annotated[
        Path | None,
        typer.Option("--out", help="Write all rows to this file: .csv, .parquet, .json or .jsonl.", show_default=False),
    ] = None,
    timeout: Annotated[float, typer.Option(min=0.001, help="Seconds after which the query is given up.")] = 60.0,
    memory: Annotated[
        str, typer.Option(help="Memory that the query may use; beyond it, temporary disk is used.")
    ] = "4GB",
    root: RootOption = ROOT,
) -> None:
    """Ask the newest catalogue a question in SQL: read-only, and nothing outside the root can be reached.

    Example: medinst sql "SELECT category, sum(kept) FROM splits GROUP BY category"
    """
    import duckdb

    from flows.console.answers import PARQUET, query_text, to_write, write_answer
    from flows.console.base import say_unpublished
    from flows.console.words import count
    from schemas.errors import QueryError
    from tasks.base.store.root import Root
    from tasks.build.catalogue.query import ask, ask_arrow

    file, text = to and to_write(to), query_text(query)
    say_unpublished(root)
    how = (Root(root), text, timeout, memory)
    try:
        if file:
            with ask_arrow(*how) if file.suffix.lower() == PARQUET else ask(*how) as found:
                rows = write_answer(found, file)
            out().print(f"Wrote {count(rows, 'row')} to {file}.", markup=False, highlight=False)
            return
        with ask(*how) as answer:
            _print(answer, json)
    except (duckdb.IOException, duckdb.SerializationException):
        raise  # not the query's fault
    except duckdb.Error as error:
        raise QueryError(
            f'{error}\nTables and views: medinst sql "SHOW TABLES"; examples: docs/data-model.md'
        ) from error


def _print(answer: "duckdb.DuckDBPyConnection", json: bool) -> None:
    """Print the answer: all as JSON, or the first rows as a table."""
    from flows.console.answers import batches, names
    from flows.console.tables import rows_table

    columns = names(answer)
    if json:
        print_json_list(dict(zip(columns, row, strict=True)) for batch in batches(answer, 1000) for row in batch)
        return
    rows = answer.fetchmany(SHOWN + 1)
    out().print(rows_table(columns, rows[:SHOWN]))
    if len(rows) > SHOWN:
        out().print(f"These are the first {SHOWN} rows. For all: medinst sql --json …, or --out FILE")
