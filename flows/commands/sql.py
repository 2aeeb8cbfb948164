"""medinst sql."""

from typing import Annotated

import typer

from flows.commands.options import ROOT, Json, RootOption
from flows.console.output import out, print_json

SHOWN = 200
"""Rows that a terminal shows; `--json` gives all."""


def sql(
    query: Annotated[str, typer.Argument(help="A query of the catalogue; see docs/data-model.md.")],
    json: Json = False,
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
        with ask(Root(root), query) as answer:
            names = [column[0] for column in answer.description]
            if json:
                print_json([dict(zip(names, row, strict=True)) for row in answer.fetchall()])
                return
            rows = answer.fetchmany(SHOWN + 1)
    except duckdb.Error as error:
        raise QueryError(
            f'{error}\nTables and views: medinst sql "SHOW TABLES"; examples: docs/data-model.md'
        ) from error
    out().print(rows_table(names, rows[:SHOWN]))
    if len(rows) > SHOWN:
        out().print(f"These are the first {SHOWN} rows. For all: medinst sql --json …")
