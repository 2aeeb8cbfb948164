"""CSV tables that belong together: the rows of one, with what the others say about them."""

from collections.abc import Iterator
from typing import Any

import polars as pl

from schemas.errors import FormatError
from schemas.formats import JoinedTables
from schemas.records import Reject
from tasks.build.read import UNLISTED, Files, Table, one, plain, read
from tasks.build.read.adapted import adapted
from tasks.build.read.each import each_file, sound
from tasks.build.read.quoted import empty_rows, scan_table
from tasks.build.read.text import lines
from tasks.build.unpack import Member


@read.register
def _(options: JoinedTables, files: Files) -> Table:
    listed = {
        column: {line.strip() for line in lines(one(files, role), options.encoding)}
        for role, column in options.within.items()
    }
    tables = {role: _by_key(options, one(files, role), key) for role, key in options.index.items()}
    others = {*options.within, *options.index}
    members = plain({role: files[role] for role in files if role not in others})
    rejects: list[Reject] = []
    return adapted(options, _listed(options, members, listed, rejects), tables, rejects)


def _listed(
    options: JoinedTables, members: list[Member], listed: dict[str, set[str]], rejects: list[Reject]
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The rows that belong to the split, each with its file and place; the others are rejects."""

    def numbered(member: Member) -> Iterator[tuple[Member, int, dict[str, Any]]]:
        rejects.extend(empty_rows(member, options.encoding, options.separator))
        return ((member, number, row) for number, row in enumerate(_rows(options, member)))

    for member, number, row in sound(each_file(members, numbered), rejects):
        place = f"{member.name}#{number}"
        others = [f"{column} {row[column]}" for column, values in listed.items() if row[column] not in values]
        if others:
            rejects.append(Reject(place, UNLISTED, f"no list of a split names {', '.join(others)}"))
        else:
            yield member.name, place, row


def _by_key(options: JoinedTables, member: Member, key: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in _rows(options, member, key):
        found.setdefault(row[key], []).append(row)
    return found


def _rows(options: JoinedTables, member: Member, *keys: str) -> Iterator[dict[str, Any]]:
    """The rows of a table; empty cells are empty texts, and lines within a cell end with LF."""
    frame = scan_table(member, options.encoding, options.separator).collect().fill_null("")
    for column in keys or options.within.values():
        if column not in frame.columns:
            raise FormatError(f"`{member.name}` has no column {column!r}; it has {frame.columns[:20]}.")
    cells = pl.all().str.replace_all("\r\n", "\n", literal=True)
    yield from frame.with_columns(cells).iter_rows(named=True)
