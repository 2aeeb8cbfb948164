"""JSON and JSONL: an object a record, its fields found by key paths or made by the declaration's adapter."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import polars as pl

from schemas.errors import FormatError
from schemas.formats import JsonRows
from schemas.records import Reject
from tasks.read import Files, Table, plain, read
from tasks.read.text import decode
from tasks.records import columns_of
from tasks.unpack import Member

_Row = dict[str, Any]


@read.register
def _(options: JsonRows, files: Files) -> Table:
    rejects: list[Reject] = []
    tables = {
        role: {str(row.get(key)): row for member in files[role] for _, row in _rows(options, member, rejects)}
        for role, key in options.index.items()
    }
    members = plain({role: files[role] for role in files if role not in options.index})
    records = list(_records(options, members, tables, rejects))
    columns = columns_of(options.kind)
    present = [name for name in columns if any(name in record for record in records)]
    frame = pl.DataFrame(
        [[_value(record.get(name), columns[name] != pl.String) for name in present] for record in records],
        schema={name: columns[name] for name in present},
        orient="row",
    )
    return Table(frame.lazy(), rejects)


def _records(
    options: JsonRows, members: Iterable[Member], tables: dict[str, dict[str, _Row]], rejects: list[Reject]
) -> Iterator[_Row]:
    for member in members:
        for place, row in _rows(options, member, rejects):
            try:
                if options.adapt is not None:
                    yield from options.adapt(row, tables)
                    continue
                record = {field: _at(row, path) for field, path in options.fields.items()}
            except (KeyError, TypeError, IndexError) as error:
                rejects.append(Reject(place, "missing key", f"{member.name}: no {error} in {_short(row)}"))
                continue
            yield record


def _rows(options: JsonRows, member: Member, rejects: list[Reject]) -> Iterator[tuple[str, _Row]]:
    text = decode(member, options.encoding)
    if options.lines:
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip():
                yield from _line(member, number, line, rejects)
        return
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise FormatError(f"`{member.name}` is not JSON: {error}.", file=member.name, line=error.lineno) from error
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, row in pairs:
        if isinstance(row, dict):
            yield str(key), {"": str(key), **row}
        else:
            rejects.append(Reject(f"{member.name}#{key}", "not an object", _short(row)))


def _line(member: Member, number: int, line: str, rejects: list[Reject]) -> Iterator[tuple[str, _Row]]:
    place = f"{member.name}:{number}"
    try:
        row = json.loads(line)
        if not isinstance(row, dict):
            raise ValueError("the line is not an object")
        yield place, row
    except ValueError as error:
        rejects.append(Reject(place, "malformed line", f"{error}: {_short(line)}"))


def _at(row: Any, path: str) -> Any:
    for key in path.split(".") if path else [""]:
        row = row[key]
    return row


def _value(value: Any, many: bool) -> Any:
    if many:
        return [str(item) for item in value] if isinstance(value, list) else [] if value is None else [str(value)]
    if isinstance(value, list):
        return " ".join(str(item) for item in value)
    return None if value is None else str(value)


def _short(value: Any) -> str:
    return repr(value)[:80]
