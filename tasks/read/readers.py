"""All readers: importing this module registers them; a new format adds its module here."""

from schemas.formats import Format
from tasks.read import (
    bioc,
    delimited,
    excel,
    interaction_xml,
    iob,
    json_rows,
    parallel_text,
    pubtator,
    read,
    standoff,
    standoff_tables,
    xml_rows,
)

__all__ = [
    "bioc",
    "delimited",
    "excel",
    "interaction_xml",
    "iob",
    "json_rows",
    "modules",
    "parallel_text",
    "pubtator",
    "standoff",
    "standoff_tables",
    "xml_rows",
]


def modules(options: Format) -> tuple[str, ...]:
    """The modules whose code shapes what is read with these options."""
    return ("tasks.read", "tasks.read.text", "tasks.read.xml", read.dispatch(type(options)).__module__)
