"""medinst sql."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.commands.options import ROOT, Json, RootOption
from flows.console.output import out, print_json_list

if TYPE_CHECKING:
    import duckdb

SHOWN = 200
"""Rows that a terminal shows; `--json` gives all."""


def sql(
    query: Annotated[str, typer.Argument(help="A query of the catalogue; see docs/data-model.md.")],
    json: Json = False,
    timeout: Annotated[float, typer.Option(min=0.001, help="Seconds after which the query is given up.")] = 60.0,
    memory: Annotated[str, typer.Option(help="Memory that the query may use; what is more goes to disk.")] = "4GB",
    root: RootOption = ROOT,
) -> None:
    """Ask the newest catalogue a question in SQL: read-only, and nothing outside the root can be reached.

    Example: medinst sql "SELECT category, sum(kept) FROM splits GROUP BY category"
    """
    import duckdb

    from flows.console.base import say_unpublished
    from flows.console.tables import rows_table
    from schemas.errors import QueryError
    from tasks.base.store.root import Root
    from tasks.build.catalogue.query import ask

    say_unpublished(root)
    try:
        with ask(Root(root), query, timeout, memory) as answer:
            names = [column[0] for column in answer.description]
            if json:
                print_json_list(dict(zip(names, row, strict=True)) for row in _rows(answer))
                return
            rows = answer.fetchmany(SHOWN + 1)
    except (duckdb.IOException, duckdb.SerializationException):
        raise  # not the query's fault
    except duckdb.Error as error:
        raise QueryError(
            f'{error}\nTables and views: medinst sql "SHOW TABLES"; examples: docs/data-model.md'
        ) from error
    out().print(rows_table(names, rows[:SHOWN]))
    if len(rows) > SHOWN:
        out().print(f"These are the first {SHOWN} rows. For all: medinst sql --json …")


def _rows(answer: "duckdb.DuckDBPyConnection", batch: int = 1000) -> Iterator[tuple[Any, ...]]:
    while rows := answer.fetchmany(batch):
        yield from rows
