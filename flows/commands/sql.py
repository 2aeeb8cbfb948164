"""medinst sql: a question to the catalogue that can change nothing and reach nothing outside the root."""

from collections.abc import Callable
from typing import Any

import duckdb
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from schemas.errors import QueryError
from schemas.settings import Settings
from tasks.base.store.root import Root
from tasks.build.catalogue.query import ask

SHOWN = 200
"""Rows that a terminal shows; `--json` gives all."""


def run(console: Console, query: str, root: str | None, print_json: Callable[[Any], None] | None) -> None:
    """Print the answer.

    Raises:
        QueryError: there is no catalogue, or the query is wrong or not allowed.
    """
    try:
        with ask(Root(root or Settings().root), query) as answer:
            names = [column[0] for column in answer.description]
            if print_json is not None:
                print_json([dict(zip(names, row, strict=True)) for row in answer.fetchall()])
                return
            rows = answer.fetchmany(SHOWN + 1)
    except duckdb.Error as error:
        raise QueryError(
            f'{error}\nTables and views: medinst sql "SHOW TABLES"; examples: docs/data-model.md'
        ) from error
    table = Table(*names)
    for row in rows[:SHOWN]:
        table.add_row(*("" if value is None else escape(str(value)) for value in row))
    console.print(table)
    if len(rows) > SHOWN:
        console.print(f"The first {SHOWN} rows. For all: medinst sql --json …")
