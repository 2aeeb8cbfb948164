"""From what was found of a record to the whole record."""

from schemas import formats
from schemas.formats import Format
from tasks.tools.why.data import Data

BORDERS: dict[type[Format], bytes] = {
    **dict.fromkeys((formats.Delimited, formats.JoinedTables, formats.StandoffTables, formats.TokenSpans), b"\n"),
    **dict.fromkeys((formats.Iob, formats.Tagged, formats.PubTator), b"\n\n"),
}
"""What separates two records of a format: the end of a line, or an empty line."""


def whole_record(options: Format, data: Data, start: int, end: int) -> tuple[int, int]:
    """From where to where the whole record stands; the span itself, if the format does not mark the ends of records."""
    border = BORDERS.get(type(options), b"\n" if isinstance(options, formats.JsonRows) and options.lines else b"")
    if border:
        windows = border.replace(b"\n", b"\r\n")
        return _to(windows if data.find(windows) >= 0 else border, data, start, end)
    name = _element(options)
    if name is None:
        return start, end
    opening = max(data.rfind(f"<{name}{sign}".encode(), 0, start + 1) for sign in (" ", ">", "\n", "\r", "\t"))
    closing = data.find(f"</{name}>".encode(), end)
    return (opening, closing + len(name) + 3) if min(opening, closing) >= 0 else (start, end)


def _to(border: bytes, data: Data, start: int, end: int) -> tuple[int, int]:
    first, last = data.rfind(border, 0, start), data.find(border, end)
    return first + len(border) if first >= 0 else 0, last if last >= 0 else len(data)


def _element(options: Format) -> str | None:
    """The name of the XML element that is a record, in formats that have one."""
    match options:
        case formats.XmlRows() | formats.XmlClaims():
            return options.row
        case formats.InlineXml() | formats.MarkedXml():
            return options.document
        case formats.InteractionXml():
            return options.per
        case formats.BioC() | formats.BioCTable():
            return "document"
        case _:
            return None
