"""JSON and JSONL: an object a record, its fields found by key paths or made by the declaration's adapter."""

import json
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from schemas.formats import JsonRows
from schemas.records import Reject
from tasks.build.read import Files, Table, plain, read
from tasks.build.read.adapted import Row, adapted, at, short
from tasks.build.read.each import each_file, sound
from tasks.build.read.json_stream import items
from tasks.build.read.text import as_text, each_line
from tasks.build.unpack import Member

_Places = Iterator[tuple[str, Any]]
"""Values, each with its place or key."""


@read.register
def _(options: JsonRows, files: Files) -> Table:
    rejects: list[Reject] = []
    tables = {
        role: {as_text(row.get(key)): row for _, _, row in _rows(options, files[role], rejects, further=True)}
        for role, key in options.index.items()
    }
    members = plain({role: files[role] for role in files if role not in options.index})
    return adapted(options, _rows(options, members, rejects), tables, rejects)


def _rows(
    options: JsonRows, members: Sequence[Member], rejects: list[Reject], further: bool = False
) -> Iterator[tuple[str, str, Row]]:
    """The rows of files; those of further files belong to all parts."""
    for name, place, row in sound(each_file(members, partial(_values, options, rejects)), rejects):
        if not isinstance(row, dict):
            rejects.append(Reject(place, "malformed row", f"{name}: expected an object, found {short(row)}"))
        elif isinstance(row, _Repeating):
            rejects.append(Reject(place, "malformed row", f"{name}: keys come twice: {row.later}"))
        elif further or _is_here(options, row):
            yield name, place, row


def _values(options: JsonRows, rejects: list[Reject], member: Member) -> Iterator[tuple[str, str, Any]]:
    found = _by_line(options, member, rejects) if options.lines else _by_key(options, member, rejects)
    return ((member.name, place, row) for place, row in found)


def _is_here(options: JsonRows, row: Row) -> bool:
    """Whether a row belongs to the part; one that does not say so does, and is then rejected for what it lacks."""
    try:
        return all(as_text(at(row, path)) == value for path, value in options.where.items())
    except (KeyError, TypeError, IndexError):
        return True


def _by_line(options: JsonRows, member: Member, rejects: list[Reject]) -> _Places:
    for number, line in enumerate(each_line(member, options.encoding), 1):
        if line and not line.isspace():
            place = f"{member.name}:{number}"
            try:
                yield place, _decoder.decode(line)
            except (ValueError, RecursionError) as error:
                rejects.append(Reject(place, "malformed line", f"{error}: {short(line)}"))


def _by_key(options: JsonRows, member: Member, rejects: list[Reject]) -> _Places:
    known: set[str] = set()
    for key, row in items(member, options.encoding, options.rows, _object):
        if isinstance(key, int):
            place = f"{member.name}#{key}"
        else:
            place = key.encode("utf-8", "replace").decode()
            if key in known:
                rejects.append(Reject(place, "repeated record", f"{member.name}: an earlier row has this key"))
                continue
            known.add(key)
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


def _object(pairs: list[tuple[str, Any]]) -> Row:
    found = dict(pairs)
    return found if len(found) == len(pairs) else _Repeating(pairs)


_decoder = json.JSONDecoder(object_pairs_hook=_object)
