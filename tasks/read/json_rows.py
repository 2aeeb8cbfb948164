"""JSON and JSONL: an object a record, its fields found by key paths or made by the declaration's adapter."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import polars as pl

from schemas.errors import FormatError
from schemas.formats import JsonRows
from schemas.records import Reject
from tasks.read import Files, Table, plain, read
from tasks.read.text import decode, lines
from tasks.records import columns_of
from tasks.unpack import Member

_Row = dict[str, Any]
_MALFORMED = (KeyError, TypeError, IndexError, ValueError, AttributeError, ArithmeticError)
"""What the mapping or an adapter raises for a row that is not as the declaration says."""


@read.register
def _(options: JsonRows, files: Files) -> Table:
    rejects: list[Reject] = []
    tables = {
        role: {str(row.get(key)): row for member in files[role] for _, row in _rows(options, member, rejects)}
        for role, key in options.index.items()
    }
    members = plain({role: files[role] for role in files if role not in options.index})
    columns = columns_of(options.kind)
    records = list(_records(options, members, tables, rejects))
    present = [name for name in columns if any(name in record for record in records)]
    frame = pl.DataFrame(
        [[record.get(name) for name in present] for record in records],
        schema={name: columns[name] for name in present},
        orient="row",
    )
    return Table(frame.lazy(), rejects)


def _records(
    options: JsonRows, members: Iterable[Member], tables: dict[str, dict[str, _Row]], rejects: list[Reject]
) -> Iterator[_Row]:
    many = {name: dtype != pl.String for name, dtype in columns_of(options.kind).items()}
    for member in members:
        for place, row in _rows(options, member, rejects):
            try:
                if options.adapt is None:
                    made = [{field: _at(row, path) for field, path in options.fields.items()}]
                else:
                    made = list(options.adapt(row, tables))
                yield from [{field: _value(value, many[field]) for field, value in new.items()} for new in made]
            except _MALFORMED as error:
                fault = f"no {error}" if isinstance(error, KeyError) else str(error)
                rejects.append(Reject(place, "malformed row", f"{member.name}: {fault} in {_short(row)}"))


def _rows(options: JsonRows, member: Member, rejects: list[Reject]) -> Iterator[tuple[str, _Row]]:
    """The rows of a file, each with its place or key."""
    found = _by_line if options.lines else _by_key
    for place, row in found(options, member, rejects):
        if not isinstance(row, dict):
            rejects.append(Reject(place, "malformed row", f"{member.name}: expected an object, found {_short(row)}"))
        elif isinstance(row, _Repeating):
            rejects.append(Reject(place, "malformed row", f"{member.name}: keys come twice: {row.later}"))
        else:
            yield place, row


def _by_line(options: JsonRows, member: Member, rejects: list[Reject]) -> Iterator[tuple[str, Any]]:
    for number, line in enumerate(lines(member, options.encoding), 1):
        if line and not line.isspace():
            place = f"{member.name}:{number}"
            try:
                yield place, json.loads(line, object_pairs_hook=_object)
            except (ValueError, RecursionError) as error:
                rejects.append(Reject(place, "malformed line", f"{error}: {_short(line)}"))


def _by_key(options: JsonRows, member: Member, rejects: list[Reject]) -> Iterator[tuple[str, Any]]:
    try:
        value = json.loads(decode(member, options.encoding), object_pairs_hook=_object)
        if not isinstance(value, dict | list):
            raise ValueError("it is neither an object nor a list")
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        raise FormatError(f"`{member.name}` is not JSON of rows: {error}.", file=member.name, line=line) from error
    if isinstance(value, _Repeating):
        detail = f"{member.name}: an earlier row has this key"
        rejects += [Reject(_printable(key), "repeated record", detail) for key in value.later]
    for key, row in value.items() if isinstance(value, dict) else enumerate(value):
        place = _printable(key) if isinstance(key, str) else f"{member.name}#{key}"
        yield place, {"": str(key), **row} if type(row) is dict else row


class _Repeating(dict[str, Any]):
    """An object in which keys come twice: their first values, and those keys as `later`."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__()
        self.later: list[str] = []
        for key, value in pairs:
            if key in self:
                self.later.append(key)
            else:
                self[key] = value


def _object(pairs: list[tuple[str, Any]]) -> _Row:
    found = dict(pairs)
    return found if len(found) == len(pairs) else _Repeating(pairs)


def _at(row: Any, path: str) -> Any:
    for key in path.split(".") if path else [""]:
        row = row[key]
    return row


def _value(value: Any, many: bool) -> Any:
    """A value as its column wants it: a text, or a list of texts.

    Raises:
        TypeError: it is an object, or a list of other than plain values.
        ValueError: it holds half of a surrogate pair.
    """
    items = value if isinstance(value, list) else [] if value is None else [value]
    if any(item is None or isinstance(item, dict | list) for item in items):
        raise TypeError(f"expected text, found {_short(value)}")
    texts = [str(item) for item in items]
    for text in texts:
        if not text.isascii():
            text.encode()
    if many:
        return texts
    return None if value is None else " ".join(texts)


def _printable(key: str) -> str:
    return key.encode("utf-8", "replace").decode()


def _short(value: Any) -> str:
    return repr(value)[:80]
