"""XML with one element a record."""

import polars as pl
from lxml import etree

from schemas.formats import XmlRows
from tasks.read import Files, Table, plain, read
from tasks.read.xml import parse, text_of


@read.register
def _(options: XmlRows, files: Files) -> Table:
    elements = [element for member in plain(files) for element in parse(member).iter(options.row)]
    columns = {field: [_at(element, place) for element in elements] for field, place in options.fields.items()}
    return Table(pl.LazyFrame(columns, schema=dict.fromkeys(options.fields, pl.String)))


def _at(element: etree._Element, place: str) -> str | None:
    return element.get(place[1:]) if place.startswith("@") else text_of(element.find(place))
