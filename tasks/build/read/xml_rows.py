"""XML with one element a record, its fields found by name or made by the declaration's adapter."""

import re
from collections.abc import Iterable, Iterator
from functools import partial

import polars as pl
from lxml import etree

from schemas.formats import XmlRows
from schemas.records import Reject
from tasks.build.read import Files, Table, plain, read
from tasks.build.read.adapted import adapted
from tasks.build.read.each import each_file, sound
from tasks.build.read.xml import parse, text_of
from tasks.build.unpack import Member


@read.register
def _(options: XmlRows, files: Files) -> Table:
    members = plain({role: files[role] for role in files if role not in options.index})
    rejects: list[Reject] = []
    rows = sound(each_file(members, partial(_rows, options)), rejects)
    if options.adapt is not None:
        tables = {
            role: {
                _at(element, key) or "": element
                for member in files[role]
                for _, _, element in _evened(_rows(options, member))
            }
            for role, key in options.index.items()
        }
        return adapted(options, _evened(rows), tables, rejects, clean=str.strip)
    elements = [element for _, _, element in rows]
    columns = {field: [_at(element, place) for element in elements] for field, place in options.fields.items()}
    return Table(pl.LazyFrame(columns, schema=dict.fromkeys(options.fields, pl.String)), rejects)


def _rows(options: XmlRows, member: Member) -> Iterator[tuple[str, str, etree._Element]]:
    for number, element in enumerate(parse(member).iter(options.row)):
        yield member.name, f"{member.name}#{number}", element


def _evened(rows: Iterable[tuple[str, str, etree._Element]]) -> Iterator[tuple[str, str, etree._Element]]:
    """The rows with one space for each run of white space in their texts."""
    for row in rows:
        for each in row[2].iter():
            each.text = each.text and _UNEVEN.sub(" ", each.text)
            each.tail = each.tail and _UNEVEN.sub(" ", each.tail)
        yield row


_UNEVEN = re.compile(r"\s(?:\s+|(?<! ))")
"""White space other than a single space."""


def _at(element: etree._Element, place: str) -> str | None:
    return element.get(place[1:]) if place.startswith("@") else text_of(element.find(place))
